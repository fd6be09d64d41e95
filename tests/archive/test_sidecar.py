from __future__ import annotations

import json
import os
import stat
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from livecam.archive.sidecar import LONGEST_LINE, SCHEMA, SidecarWriter, read_sidecar
from livecam.errors import OutputError
from livecam.faces import BoundingBox, Emotion, EmotionScore
from tests.builders import a_frame, a_label, a_picture
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.pictures import FaceLabel, Picture

HEADER = {
    "clip": "20261123-073012-k3f9qa",
    "source": "camera-0",
    "reason": "all",
    "started_at": "2026-11-23T07:30:12.345+00:00",
    "width": 64,
    "height": 48,
}
FACE = {
    "track_id": 3,
    "box": [0.33333, 0.25, 0.125, 0.5],
    "box_source": "scripted",
    "emotion": "HAPPY",
    "confidence": 91.23,
    "unclear": False,
    "emotion_source": "scripted",
    "age": 0.3124,
    "opacity": 0.987,
    "box_opacity": 0.5,
    "is_outdated": False,
    "is_approximate": True,
    "scores": {"HAPPY": 91.2, "CALM": 4.0},
}
FRAME = {"time": 0.04, "frame": 8, "answer_age": 0.3, "finder_rate": 5.0, "faces": [FACE]}


def a_shown_face() -> FaceLabel:
    return replace(
        a_label(3),
        box=BoundingBox(1 / 3, 0.25, 0.125, 0.5),
        answered_at=1234.19764,
        opacity=0.98712,
        box_opacity=0.5,
        is_approximate=True,
        scores=(EmotionScore(Emotion.HAPPY, 91.234), EmotionScore(Emotion.CALM, 4.0)),
    )


def a_shown_picture(number: int = 7) -> Picture:
    picture = a_picture(a_frame(number, at=1234.5), a_shown_face())
    return replace(
        picture, answered_at=1234.2, displayed_at=1234.51, status=replace(picture.status, finder_rate=5.0)
    )


def written(path: Path, *lines: object) -> Path:
    """A sidecar with a header and these lines; texts and bytes as they are, anything else as JSON."""
    with path.open("wb") as file:
        for line in ({"schema": SCHEMA, **HEADER, "mirrored": False}, *lines):
            if isinstance(line, bytes):
                file.write(line)
            else:
                text = line if isinstance(line, str) else json.dumps(line)
                file.write(f"{text}\n".encode())
    return path


def test_a_sidecar_is_written_as_the_contract_says(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    writer = SidecarWriter(path, HEADER)
    writer.write(0.0, a_picture(a_frame(7)))
    writer.write(1 / 30, a_shown_picture(8))
    writer.close()
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines == [
        {"schema": SCHEMA, **HEADER, "mirrored": False},
        {"time": 0.0, "frame": 7, "answer_age": None, "finder_rate": None, "faces": []},
        {"time": 0.033333, "frame": 8, "answer_age": 0.31, "finder_rate": 5.0, "faces": [FACE]},
    ]
    assert [next(iter(line)) for line in lines] == ["schema", "time", "time"]


def test_what_the_user_marked_stands_on_the_line_and_is_passed_over_by_readers(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    writer = SidecarWriter(path, HEADER)
    writer.write(0.0, a_picture(a_frame(7)), ["the door", "again"])
    writer.close()
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[1])["marks"] == ["the door", "again"]
    assert [line.frame for line in read_sidecar(path).frames()] == [7]


def test_marks_are_read_with_their_moments_and_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    writer = SidecarWriter(path, HEADER)
    writer.write(0.0, a_picture(a_frame(7)))
    writer.write(0.5, a_picture(a_frame(8)), ["the door", "again"])
    writer.write(1.5, a_picture(a_frame(9)), ['"marks"'])
    writer.close()
    with path.open("a", encoding="utf-8") as file:
        file.write(
            '{"time": 1, "marks": 7}\n{"time": "x", "marks": ["a"]}\n["marks"]\n{"time": 2, "marks": ['
        )
    assert list(read_sidecar(path).marks()) == [(0.5, "the door"), (0.5, "again"), (1.5, '"marks"')]


def test_marks_of_a_sidecar_that_is_gone_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    SidecarWriter(path, HEADER).close()
    sidecar = read_sidecar(path)
    path.unlink()
    with pytest.raises(OutputError, match="cannot be read"):
        list(sidecar.marks())


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    writer = SidecarWriter(path, HEADER)
    writer.write(2.0, a_shown_picture(60))
    writer.close()
    sidecar = read_sidecar(path)
    (frame,) = sidecar.frames()
    assert (frame.time, frame.frame, frame.answer_age, frame.finder_rate) == (2.0, 60, 0.31, 5.0)
    assert sidecar.header == {"schema": SCHEMA, **HEADER, "mirrored": False}
    assert frame.faces == (
        replace(
            a_shown_face(),
            box=BoundingBox(0.33333, 0.25, 0.125, 0.5),
            confidence=91.23,
            age=0.3124,
            answered_at=2.0 - 0.3124,
            opacity=0.987,
            scores=(EmotionScore(Emotion.HAPPY, 91.2), EmotionScore(Emotion.CALM, 4.0)),
        ),
    )


def test_a_face_that_nobody_answered_about_is_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    label = replace(a_label(), emotion=None, confidence=None, emotion_source=None, age=None, answered_at=None)
    writer = SidecarWriter(path, HEADER)
    writer.write(0.0, a_picture(None, label))
    writer.close()
    (frame,) = read_sidecar(path).frames()
    assert frame.faces == (label,)


def test_a_line_is_on_disk_before_the_next_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    writer = SidecarWriter(path, HEADER)
    assert path.read_bytes().count(b"\n") == 1
    writer.write(0.0, a_picture())
    assert path.read_bytes().count(b"\n") == 2
    writer.close()


def test_a_sidecar_is_for_its_owner_only(tmp_path: Path) -> None:
    skip_unless(os.name == "posix", "there are no modes")
    SidecarWriter(tmp_path / "a.jsonl", HEADER).close()
    assert stat.S_IMODE((tmp_path / "a.jsonl").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("of value")
    with pytest.raises(OutputError, match=r"a\.jsonl cannot be written: File exists"):
        SidecarWriter(path, HEADER)
    assert path.read_text() == "of value"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no-folder/a\.jsonl cannot be written: No such file"):
        SidecarWriter(tmp_path / "no-folder" / "a.jsonl", HEADER)


def test_a_source_of_any_language_and_spelling_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    SidecarWriter(path, HEADER | {"source": "Küche 台所 \udc80"}).close()
    assert read_sidecar(path).header["source"] == "Küche 台所 \udc80"


def test_closing_twice_does_no_harm_and_nothing_is_written_afterwards(tmp_path: Path) -> None:
    writer = SidecarWriter(tmp_path / "a.jsonl", HEADER)
    writer.close()
    writer.close()
    with pytest.raises(OutputError, match="it was closed"):
        writer.write(0.0, a_picture())


class FullNowAndThen:
    """A file on a disk that takes part of a line, then is full, then has room again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._takes = [10, None]

    def write(self, data: memoryview) -> int:
        take = self._takes.pop(0) if self._takes else len(data)
        if take is None:
            raise OSError(28, "No space left on device")
        with self._path.open("ab") as file:
            return file.write(data[:take])

    def close(self) -> None:
        pass


def test_after_a_full_disk_only_the_line_that_had_no_room_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    writer = SidecarWriter(path, HEADER)
    writer.write(0.0, a_picture(a_frame(0)))
    real, writer._file = writer._file, FullNowAndThen(path)  # type: ignore[assignment]
    with pytest.raises(OutputError, match=r"a\.jsonl cannot be written: No space left"):
        writer.write(0.1, a_picture(a_frame(1)))
    writer.write(0.2, a_picture(a_frame(2)))
    writer.close()
    assert real is not None
    real.close()
    sidecar = read_sidecar(path)
    assert [frame.frame for frame in sidecar.frames()] == [0, 2]
    assert sidecar.damaged == 1


def test_a_disk_that_takes_little_at_a_time_gets_the_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    writer = SidecarWriter(path, HEADER)
    real, few = writer._file, FullNowAndThen(path)
    few._takes = [5, 7, 1]
    writer._file = few  # type: ignore[assignment]
    writer.write(0.0, a_picture())
    assert real is not None
    real.close()
    assert len(list(read_sidecar(path).frames())) == 1


def test_a_disk_that_is_full_from_the_start_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"

    def full(self: SidecarWriter, record: dict[str, Any]) -> None:
        raise OutputError("no room")

    monkeypatch.setattr(SidecarWriter, "_put", full)
    with pytest.raises(OutputError, match="no room"):
        SidecarWriter(path, HEADER)
    assert not path.exists()


def test_a_torn_last_line_is_skipped_and_counted(tmp_path: Path) -> None:
    torn = json.dumps(FRAME | {"time": 0.08})[:-20].encode()
    sidecar = read_sidecar(written(tmp_path / "a.jsonl", FRAME, torn))
    assert [frame.time for frame in sidecar.frames()] == [0.04]
    assert sidecar.damaged == 1


def test_frames_can_be_read_again_and_are_counted_again(tmp_path: Path) -> None:
    sidecar = read_sidecar(written(tmp_path / "a.jsonl", FRAME, "rubbish", FRAME | {"time": 0.08}))
    for _ in range(2):
        assert [frame.time for frame in sidecar.frames()] == [0.04, 0.08]
        assert sidecar.damaged == 1


def test_empty_lines_are_no_damage(tmp_path: Path) -> None:
    sidecar = read_sidecar(written(tmp_path / "a.jsonl", "", FRAME, "", "  "))
    assert len(list(sidecar.frames())) == 1
    assert sidecar.damaged == 0


def with_face(**changes: object) -> dict[str, object]:
    return FRAME | {"faces": [FACE | changes]}


@pytest.mark.parametrize(
    "line",
    [
        "rubbish",
        b"\xff\xfe\x00\x00\n",
        b"\x00" * 4096 + b"\n",
        "[" * 200_000,
        '{"time": ' + "9" * 10_000 + "}",
        "null",
        "[1, 2]",
        "3.5",
        {},
        FRAME | {"time": None},
        FRAME | {"time": "0.1"},
        FRAME | {"time": True},
        FRAME | {"time": -0.1},
        FRAME | {"time": float("nan")},
        FRAME | {"time": float("inf")},
        FRAME | {"time": 10**400},
        FRAME | {"time": 1e12},
        FRAME | {"frame": 1.5},
        FRAME | {"frame": -1},
        FRAME | {"answer_age": "old"},
        FRAME | {"finder_rate": []},
        FRAME | {"faces": None},
        FRAME | {"faces": {"0": FACE}},
        FRAME | {"faces": [None]},
        FRAME | {"faces": [[]]},
        with_face(track_id="3"),
        with_face(track_id=0),
        with_face(box=[0.1, 0.1, 0.1]),
        with_face(box=[0.1] * 5),
        with_face(box=[0.1, 0.1, 0.0, 0.1]),
        with_face(box=[0.1, 0.1, 99.0, 0.1]),
        with_face(box=[0.1, 0.1, float("nan"), 0.1]),
        with_face(box=["a", 0.1, 0.1, 0.1]),
        with_face(box="0123"),
        with_face(box_source=None),
        with_face(emotion="BORED"),
        with_face(emotion=[]),
        with_face(confidence=101),
        with_face(confidence=-1),
        with_face(unclear=0),
        with_face(emotion_source=7),
        with_face(age="young"),
        with_face(opacity=1.5),
        with_face(box_opacity=None),
        with_face(is_outdated="yes"),
        with_face(is_approximate=None),
        with_face(scores=[["HAPPY", 3]]),
        with_face(scores={"BORED": 3}),
        with_face(scores={"HAPPY": float("inf")}),
        with_face(scores={"HAPPY": None}),
    ],
)
def test_a_line_that_cannot_be_used_is_skipped_and_counted(tmp_path: Path, line: object) -> None:
    after = FRAME | {"time": 0.08}
    sidecar = read_sidecar(written(tmp_path / "a.jsonl", FRAME, line, after))
    assert [frame.time for frame in sidecar.frames()] == [0.04, 0.08]
    assert sidecar.damaged == 1


def test_a_field_that_is_missing_makes_a_line_unusable_and_one_that_is_unknown_does_not(
    tmp_path: Path,
) -> None:
    for key in FACE:
        without = {name: value for name, value in FACE.items() if name != key}
        sidecar = read_sidecar(written(tmp_path / f"{key}.jsonl", FRAME | {"faces": [without]}))
        assert list(sidecar.frames()) == []
    sidecar = read_sidecar(
        written(tmp_path / "more.jsonl", FRAME | {"mood": "blue", "faces": [FACE | {"x": 1}]})
    )
    assert len(list(sidecar.frames())) == 1


@pytest.mark.parametrize("time", [0.04, 0.01])
def test_a_line_that_goes_back_in_time_is_skipped_and_counted(tmp_path: Path, time: float) -> None:
    sidecar = read_sidecar(written(tmp_path / "a.jsonl", FRAME, FRAME | {"time": time}))
    assert [frame.time for frame in sidecar.frames()] == [0.04]
    assert sidecar.damaged == 1


def test_a_line_of_any_length_is_one_line_and_takes_little_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", FRAME)
    with path.open("ab") as file:
        for _ in range(40):
            file.write(b" " * LONGEST_LINE)
        file.write(b"\n" + json.dumps(FRAME | {"time": 0.08}).encode() + b"\n")
        file.write(b"x" * LONGEST_LINE + b"\n" + json.dumps(FRAME | {"time": 0.12}).encode())
    sidecar = read_sidecar(path)
    tracemalloc.start()
    times = [frame.time for frame in sidecar.frames()]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert times == [0.04, 0.08, 0.12]
    assert sidecar.damaged == 1
    assert most < 6 * LONGEST_LINE


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"\n",
        b"rubbish\n",
        b"[]\n",
        b'{"schema": "livecam.clip/2"}\n',
        json.dumps({"schema": SCHEMA}).encode(),
        json.dumps({"schema": SCHEMA, **HEADER, "width": "64"}).encode(),
        json.dumps({"schema": SCHEMA, **HEADER, "source": None}).encode(),
        json.dumps({"schema": SCHEMA, **HEADER})[:40].encode(),
    ],
)
def test_a_file_without_a_header_is_refused_in_a_sentence(tmp_path: Path, first: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(first)
    with pytest.raises(OutputError, match=r"a\.jsonl cannot be read: its first line is no livecam\.clip/1"):
        read_sidecar(path)


def test_a_sidecar_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"none\.jsonl cannot be read: No such file"):
        read_sidecar(tmp_path / "none.jsonl")
    path = written(tmp_path / "a.jsonl", FRAME)
    sidecar = read_sidecar(path)
    path.unlink()
    with pytest.raises(OutputError, match=r"a\.jsonl cannot be read: No such file"):
        list(sidecar.frames())


@pytest.mark.skipif(os.name != "posix", reason="it takes a pipe")
def test_a_pipe_in_a_sidecars_place_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "clip.jsonl"
    os.mkfifo(path)
    with pytest.raises(OutputError, match="it is no regular file"):
        read_sidecar(path)
