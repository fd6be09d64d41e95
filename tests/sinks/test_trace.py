from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pytest

from livecam.errors import OutputError
from livecam.faces import BoundingBox
from livecam.frames import SourceInfo
from livecam.sinks import json_lines
from livecam.sinks.trace import TraceSink, as_trace
from tests.builders import a_frame, a_label, a_picture
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL_DISK = Path("/dev/full")
PATIENCE = 10.0
MANY = 2_000
"""Lines that are more than a pipe holds, which is 64 KiB."""
INFO = SourceInfo("test", "a test", 64, 48, 30.0)


def test_a_picture_is_traced_as_the_contract_says() -> None:
    label = replace(a_label(3), answered_at=1234.19764, box=BoundingBox(1 / 3, 0.25, 0.125, 0.5))
    picture = replace(a_picture(a_frame(7, at=1234.5), label), answered_at=1234.2)
    assert as_trace(picture) == {
        "source": "test",
        "frame": 7,
        "captured_at": 1234.5,
        "displayed_at": 1234.51,
        "answer_age": 0.31,
        "faces": [
            {
                "track_id": 3,
                "box": [0.33333, 0.25, 0.125, 0.5],
                "box_source": "scripted",
                "emotion": "HAPPY",
                "confidence": 91.23,
                "unclear": False,
                "emotion_source": "scripted",
                "age": 0.3124,
            }
        ],
        "clip": None,
    }


def test_a_picture_that_was_recorded_names_its_clip_last() -> None:
    trace = as_trace(replace(a_picture(), clip="20261123-073012-k3f9qa"))
    assert list(trace.items())[-1] == ("clip", "20261123-073012-k3f9qa")


def test_before_any_answer_no_faces_says_nothing() -> None:
    assert as_trace(a_picture(a_frame(7, at=1234.5)))["answer_age"] is None


def test_an_unclear_face_has_no_emotion_and_says_that_it_is_unclear() -> None:
    face = as_trace(a_picture(None, a_label(emotion=None)))["faces"][0]
    assert face["emotion"] is None
    assert face["unclear"] is True


def test_a_labels_age_is_that_of_its_answer_when_the_picture_is_displayed() -> None:
    held_back = replace(a_picture(a_frame(0, at=100.0), a_label(age=0.0)), displayed_at=100.42)
    assert as_trace(held_back)["faces"][0]["age"] == 0.42


def test_a_face_that_was_not_answered_yet_has_nulls_and_is_not_unclear() -> None:
    label = replace(a_label(), emotion=None, confidence=None, emotion_source=None, age=None, answered_at=None)
    face = as_trace(a_picture(None, label))["faces"][0]
    assert face["unclear"] is False
    assert [face[key] for key in ("emotion", "confidence", "emotion_source", "age")] == [None] * 4


def test_each_picture_is_one_line_also_without_faces(tmp_path: Path) -> None:
    path, failures = tmp_path / "trace.jsonl", list[Exception]()
    sink = TraceSink(path, on_failure=failures.append)
    sink.open(INFO)
    pictures = [
        a_picture(a_frame(0)),
        a_picture(a_frame(2), a_label(1), a_label(2, emotion=None)),
        replace(a_picture(a_frame(3)), image=None),
    ]
    for picture in pictures:
        sink.write(picture)
    sink.close()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [as_trace(picture) for picture in pictures]
    assert failures == []


def test_a_source_of_any_language_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    sink = TraceSink(path, on_failure=lambda _: None)
    sink.open(INFO)
    sink.write(a_picture(replace(a_frame(), source="Küche 台所")))
    sink.close()
    assert json.loads(path.read_bytes().decode("utf-8"))["source"] == "Küche 台所"


def test_a_file_that_cannot_be_created_is_named_when_the_sink_is_opened(tmp_path: Path) -> None:
    sink = TraceSink(tmp_path / "no-folder" / "trace.jsonl", on_failure=lambda _: None)
    with pytest.raises(OutputError, match=r"no-folder/trace\.jsonl"):
        sink.open(INFO)
    sink.close()


def test_a_full_disk_is_told_once_and_pictures_go_on() -> None:
    skip_unless(FULL_DISK.exists(), "there is no /dev/full")
    failures: list[Exception] = []
    sink = TraceSink(FULL_DISK, on_failure=failures.append)
    sink.open(replace(INFO, is_live=False))
    for number in range(50):
        sink.write(a_picture(a_frame(number)))
    sink.close()
    assert [type(failure) for failure in failures] == [OutputError]
    assert "/dev/full" in str(failures[0])


@pytest.fixture
def unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, TextIO]]:
    """A pipe that holds some hundred lines and is not read yet, and what reads it."""
    monkeypatch.setattr(json_lines, "CAPACITY", 1)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, encoding="utf-8") as reader:
        yield path, reader


def written_beside(sink: TraceSink) -> threading.Thread:
    """Return a thread that writes more pictures than the unread pipe can hold."""

    def write() -> None:
        for number in range(MANY):
            sink.write(a_picture(a_frame(number)))

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def test_a_camera_is_not_held_up_by_a_disk_that_is(unread: tuple[Path, TextIO]) -> None:
    path, reader = unread
    sink = TraceSink(path, on_failure=lambda _: None)
    sink.open(INFO)
    thread = written_beside(sink)
    thread.join(PATIENCE)
    was_held_up = thread.is_alive()
    threading.Thread(target=sink.close, daemon=True).start()
    frames = [json.loads(line)["frame"] for line in reader]
    assert not was_held_up
    assert frames == sorted(frames)
    assert 0 < len(frames) < MANY


def test_a_source_that_can_wait_gets_every_picture_traced(unread: tuple[Path, TextIO]) -> None:
    path, reader = unread
    sink = TraceSink(path, on_failure=lambda _: None)
    sink.open(replace(INFO, is_live=False))
    thread = written_beside(sink)
    frames = [json.loads(reader.readline())["frame"] for _ in range(MANY)]
    thread.join(PATIENCE)
    sink.close()
    assert frames == list(range(MANY))
