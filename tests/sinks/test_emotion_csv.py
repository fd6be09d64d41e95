from __future__ import annotations

import csv
import os
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pytest

from livecam.detections import DetectorInfo
from livecam.errors import OutputError
from livecam.faces import BoundingBox, Emotion, EmotionScore
from livecam.frames import SourceInfo
from livecam.pipeline.picture import PicturePath
from livecam.sinks import emotion_csv
from livecam.sinks.emotion_csv import COLUMNS, EmotionCsvSink
from livecam.testing.clock import FakeClock
from livecam.testing.still_follower import StillFollower
from livecam.tracking.tracks import Tracks
from tests.builders import a_face, a_frame, a_label, a_picture, a_status, an_answer
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.pictures import FaceLabel, Picture

FULL_DISK = Path("/dev/full")
PATIENCE = 10.0
MANY = 1_000
"""Rows that are more than a pipe holds, which is 64 KiB."""
INFO = SourceInfo("test", "a test", 64, 48, 30.0)
SCORES = (EmotionScore(Emotion.HAPPY, 91.234), EmotionScore(Emotion.SAD, 3.0))


def a_sink(path: Path, *, clock: FakeClock | None = None) -> EmotionCsvSink:
    def fail(error: Exception) -> None:
        raise AssertionError(error)

    return EmotionCsvSink(path, clock=clock or FakeClock(), on_failure=fail)


def written(path: Path, *pictures: Picture) -> list[dict[str, str]]:
    sink = a_sink(path)
    sink.open(replace(INFO, is_live=False))
    for picture in pictures:
        sink.write(picture)
    sink.close()
    assert sink.dropped == 0
    return rows(path)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def shown(sequence: int, *labels: FaceLabel, late: float = 0.01) -> Picture:
    """A picture at 30 pictures a second from instant 1000 on, displayed `late` seconds after."""
    at = 1000.0 + sequence / 30
    frame = replace(a_frame(sequence, at=at), media_time=sequence / 30)
    faces = [
        replace(label, answered_at=None if label.age is None else round(at - label.age, 2))
        for label in labels
    ]
    return replace(a_picture(frame, *faces), displayed_at=at + late)


def test_a_row_says_what_was_shown_when_and_where(tmp_path: Path) -> None:
    label = replace(a_label(3, age=0.31236), box=BoundingBox(1 / 3, 0.25, 0.125, 0.5), scores=SCORES)
    frame = replace(a_frame(7), media_time=2.34567, name="müller.jpg")
    (row,) = written(tmp_path / "out.csv", a_picture(frame, label))
    assert row == {
        "time_s": "2.346",
        "wall_time": "2026-01-01T00:00:00.000+00:00",
        "source": "test",
        "frame": "7",
        "name": "müller.jpg",
        "track_id": "3",
        "emotion": "HAPPY",
        "confidence": "91.23",
        "unclear": "false",
        "age_s": "0.312",
        "left": "0.33333",
        "top": "0.25000",
        "width": "0.12500",
        "height": "0.50000",
        "HAPPY": "91.23",
        "SAD": "3.00",
        **dict.fromkeys(["ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR"], ""),
    }
    assert tuple(row) == COLUMNS


def test_the_file_is_as_rfc_4180_wants_it(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    frame = replace(a_frame(), name='a "b", c\nd.jpg')
    (row,) = written(path, a_picture(frame, a_label()))
    assert row["name"] == 'a "b", c\nd.jpg'
    raw = path.read_bytes()
    assert raw.startswith(b"time_s,wall_time,source,")
    assert raw.count(b"\r\n") == 2
    assert b'"a ""b"", c\nd.jpg"' in raw


def test_a_file_has_its_header_although_nobody_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert written(path, a_picture()) == []
    assert path.read_text(encoding="utf-8").splitlines() == [",".join(COLUMNS)]


def test_the_wall_time_is_when_it_was_shown_with_its_zone(tmp_path: Path) -> None:
    clock = FakeClock()
    sink = a_sink(tmp_path / "out.csv", clock=clock)
    sink.open(INFO)
    clock.advance(90.5)
    sink.write(a_picture(None, a_label()))
    sink.close()
    told = datetime.fromisoformat(rows(tmp_path / "out.csv")[0]["wall_time"])
    assert told.utcoffset() == timedelta(0)
    assert told.isoformat() == "2026-01-01T00:01:30.500000+00:00"


def test_an_unclear_face_has_no_emotion_but_its_scores(tmp_path: Path) -> None:
    (row,) = written(tmp_path / "out.csv", a_picture(None, replace(a_label(emotion=None), scores=SCORES)))
    assert [row[name] for name in ("emotion", "unclear", "confidence", "HAPPY")] == [
        "",
        "true",
        "91.23",
        "91.23",
    ]


def test_a_face_without_emotions_leaves_their_columns_empty(tmp_path: Path) -> None:
    label = replace(a_label(), emotion=None, confidence=None, emotion_source=None)
    (row,) = written(tmp_path / "out.csv", a_picture(None, label))
    assert [row[name] for name in ("emotion", "unclear", "confidence", "CALM")] == ["", "false", "", ""]


def test_a_face_that_was_not_answered_yet_has_no_row(tmp_path: Path) -> None:
    assert (
        written(tmp_path / "out.csv", a_picture(None, replace(a_label(), age=None, answered_at=None))) == []
    )


def test_an_answer_has_one_row_on_however_many_pictures_it_is_shown(tmp_path: Path) -> None:
    pictures = [shown(n, a_label(age=0.3 + n / 30), late=0.01 + 0.013 * (n % 3)) for n in range(60)]
    (row,) = written(tmp_path / "out.csv", *pictures)
    assert row["frame"] == "0"


def test_each_answer_has_a_row_although_the_face_looks_the_same(tmp_path: Path) -> None:
    ages = [0.3 + n / 30 for n in range(3)] + [0.2 + n / 30 for n in range(4)] + [0.2]
    pictures = [shown(n, a_label(age=age)) for n, age in enumerate(ages)]
    assert [row["frame"] for row in written(tmp_path / "out.csv", *pictures)] == ["0", "3", "7"]


def test_answers_at_the_same_age_are_told_apart(tmp_path: Path) -> None:
    pictures = [shown(3 * n, a_label(age=0.2)) for n in range(5)]
    assert len(written(tmp_path / "out.csv", *pictures)) == 5


def test_faces_are_told_apart(tmp_path: Path) -> None:
    pictures = [
        shown(0, a_label(1, age=0.3), a_label(2, age=0.3)),
        shown(1, a_label(1, age=0.3 + 1 / 30), a_label(2, age=0.1)),
        shown(2, a_label(2, age=0.1 + 1 / 30), a_label(3, age=0.1)),
    ]
    told = [(row["frame"], row["track_id"]) for row in written(tmp_path / "out.csv", *pictures)]
    assert told == [("0", "1"), ("0", "2"), ("1", "2"), ("2", "3")]


def test_what_is_remembered_of_faces_that_are_gone_does_not_grow(tmp_path: Path) -> None:
    sink = a_sink(tmp_path / "out.csv")
    sink.open(INFO)
    for number in range(50):
        sink.write(shown(number, a_label(number + 1)))
    assert list(sink._last) == [50]
    sink.close()


def test_a_tracked_face_has_as_many_rows_as_answers(tmp_path: Path) -> None:
    path, pictures = PicturePath(tracks=Tracks(keep=5.0), follower=StillFollower()), []
    detector = DetectorInfo("scripted", is_approximate=False, unclear_below=50.0)
    for number in range(90):
        now = 1e6 + number / 30
        frame = a_frame(number, at=now)
        path.follow(frame)
        if number % 3 == 0 and number >= 6:
            path.apply(an_answer(a_face(), at=now - 0.2, sequence=number - 6, detector=detector))
        late = 0.002 * (number % 7)  # painting takes its time
        pictures.append(replace(path.finish(frame, now, a_status()), displayed_at=now + late))
    told = written(tmp_path / "out.csv", *pictures)
    assert [int(row["frame"]) for row in told] == list(range(6, 90, 3))
    assert {row["age_s"] for row in told} == {"0.200"}


@pytest.mark.parametrize("name", ["=1+1.jpg", "+1.jpg", "-1.jpg", "@a.jpg", "\ta.jpg", "\ra.jpg"])
def test_no_name_is_a_formula_for_a_spreadsheet(tmp_path: Path, name: str) -> None:
    frame = replace(a_frame(), name=name, source=name)
    (row,) = written(tmp_path / "out.csv", a_picture(frame, a_label()))
    assert row["name"] == row["source"] == f"'{name}"


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no-folder/out\.csv cannot be written"):
        a_sink(tmp_path / "no-folder" / "out.csv").open(INFO)


def test_a_full_disk_is_told_once_and_pictures_go_on() -> None:
    skip_unless(FULL_DISK.exists(), "there is no /dev/full")
    failures: list[Exception] = []
    sink = EmotionCsvSink(FULL_DISK, clock=FakeClock(), on_failure=failures.append)
    sink.open(replace(INFO, is_live=False))
    for number in range(50):
        sink.write(shown(number, a_label(number + 1)))
    sink.close()
    assert [type(failure) for failure in failures] == [OutputError]
    assert "/dev/full" in str(failures[0])


@pytest.fixture
def unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, TextIO]]:
    """A pipe that holds some hundred rows and is not read yet, and what reads it."""
    monkeypatch.setattr(emotion_csv, "CAPACITY", 2)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, encoding="utf-8") as reader:
        yield path, reader


def written_beside(sink: EmotionCsvSink) -> threading.Thread:
    """Return a thread that writes more rows than the unread pipe can hold."""

    def write() -> None:
        for number in range(MANY):
            sink.write(shown(number, a_label(number + 1)))

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def test_a_camera_is_not_held_up_by_a_disk_that_is_and_lost_rows_are_counted(
    unread: tuple[Path, TextIO], caplog: pytest.LogCaptureFixture
) -> None:
    path, reader = unread
    sink = a_sink(path)
    sink.open(INFO)
    thread = written_beside(sink)
    thread.join(PATIENCE)
    was_held_up = thread.is_alive()
    threading.Thread(target=sink.close, daemon=True).start()
    told = list(csv.DictReader(reader))
    assert not was_held_up
    assert 0 < len(told) < MANY
    assert sink.dropped == MANY - len(told)
    assert [record.message for record in caplog.records] == [
        f"{path} lacks rows: its disk is slower than the answers come"
    ]


def test_a_source_that_can_wait_gets_every_row(unread: tuple[Path, TextIO]) -> None:
    path, reader = unread
    sink = a_sink(path)
    sink.open(replace(INFO, is_live=False))
    thread = written_beside(sink)
    lines = [reader.readline() for _ in range(MANY + 1)]
    thread.join(PATIENCE)
    sink.close()
    assert [row["track_id"] for row in csv.DictReader(lines)] == [str(number + 1) for number in range(MANY)]
    assert sink.dropped == 0


def test_nothing_is_written_or_counted_after_closing(tmp_path: Path) -> None:
    sink = a_sink(tmp_path / "out.csv")
    sink.open(INFO)
    sink.close()
    sink.write(a_picture(None, a_label()))
    assert rows(tmp_path / "out.csv") == []
    assert sink.dropped == 0
