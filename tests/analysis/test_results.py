from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from livecam.analysis.results import LONGEST_LINE, SCHEMA, ResultsWriter, read_results, results_file
from livecam.errors import OutputError
from livecam.faces import BoundingBox, Emotion
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from pathlib import Path

BOX = {"Left": -0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}
FACE: dict[str, Any] = {
    "Timestamp": 500,
    "Face": {
        "BoundingBox": BOX,
        "Confidence": 99.5,
        "Emotions": [{"Type": "CALM", "Confidence": 3.0}, {"Type": "SAD", "Confidence": 96.0}],
        "FaceOccluded": None,
    },
}


def written(folder: Path, *lines: bytes) -> Path:
    path = folder / "clip.results.jsonl"
    header = json.dumps({"schema": SCHEMA, "video": "clip"}).encode()
    path.write_bytes(b"\n".join([header, *lines]) + b"\n")
    return path


def test_what_is_written_is_read_back_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "clip.results.jsonl"
    with ResultsWriter(path, {"video": "clip", "metadata": {"DurationMillis": 10766}}) as writer:
        writer.write(FACE)
        writer.finish()
    assert json.loads(path.read_text("utf-8").splitlines()[1]) == FACE
    results = read_results(path)
    assert (results.text("video"), results.duration, writer.faces) == ("clip", 10.766, 1)
    (face,) = results.faces()
    assert face.time == 0.5
    assert face.face.emotions is not None
    assert [score.emotion for score in face.face.emotions] == [Emotion.SAD, Emotion.CALM]


def test_the_box_of_a_face_at_the_edge_is_not_clamped(tmp_path: Path) -> None:
    (face,) = read_results(written(tmp_path, json.dumps(FACE).encode())).faces()
    assert face.face.box == BoundingBox(-0.1, 0.2, 0.3, 0.4)


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "clip.results.jsonl"
    writer = ResultsWriter(path, {})
    writer.write(FACE)
    assert not path.exists()
    writer.finish()
    assert [file.name for file in tmp_path.iterdir()] == ["clip.results.jsonl"]


def test_an_unfinished_file_leaves_the_one_before_it_as_it_was(tmp_path: Path) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), ResultsWriter(path, {}) as writer:  # noqa: PT012  it breaks off
        writer.write(FACE)
        _ = 1 / 0
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_livecam_left_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "clip.results.jsonl"
    (tmp_path / "clip.results.jsonl.part").write_text("torn")
    with ResultsWriter(path, {"video": "x"}) as writer:
        writer.finish()
    assert read_results(path).text("video") == "x"


def test_a_link_in_the_place_of_the_part_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("precious")
    (tmp_path / "clip.results.jsonl.part").symlink_to(other)
    with ResultsWriter(tmp_path / "clip.results.jsonl", {}) as writer:
        writer.finish()
    assert other.read_text() == "precious"


def test_results_are_for_their_owner_alone(tmp_path: Path) -> None:
    skip_unless(os.name == "posix", "modes are of POSIX")
    with ResultsWriter(tmp_path / "r", {}) as writer:
        path = writer.finish()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot be written: No such file.*; see that"):
        ResultsWriter(tmp_path / "nowhere" / "r", {})


def test_what_is_finished_takes_no_more(tmp_path: Path) -> None:
    writer = ResultsWriter(tmp_path / "r", {})
    writer.finish()
    with pytest.raises(OutputError, match="it was closed"):
        writer.write(FACE)
    with pytest.raises(OutputError, match="it was closed"):
        writer.finish()


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"Timestamp": 0}',
        b'{"Timestamp": 0, "Face": []}',
        b'{"Timestamp": 0, "Face": {"BoundingBox": null}}',
        b'{"Timestamp": true, "Face": {}}',
        json.dumps(FACE | {"Timestamp": -1}).encode(),
        json.dumps(FACE | {"Timestamp": float("nan")}).encode(),
        json.dumps(FACE | {"Timestamp": "500"}).encode(),
        json.dumps(FACE | {"Face": {"BoundingBox": BOX | {"Width": 0}}}).encode(),
        json.dumps(FACE | {"Face": {"BoundingBox": BOX | {"Left": 1e9}}}).encode(),
        json.dumps(FACE | {"Face": {"BoundingBox": BOX, "Confidence": "high"}}).encode(),
        json.dumps(FACE | {"Pad": "x" * LONGEST_LINE}).encode(),
    ],
    ids=range(16),
)
def test_a_line_that_cannot_be_used_is_skipped_and_counted(tmp_path: Path, line: bytes) -> None:
    good = json.dumps(FACE).encode()
    results = read_results(written(tmp_path, good, line, b"", good))
    assert len(list(results.faces())) == 2
    assert results.damaged == 1


def test_the_faces_can_be_read_twice(tmp_path: Path) -> None:
    results = read_results(written(tmp_path, json.dumps(FACE).encode(), b"{"))
    assert list(results.faces()) == list(results.faces())
    assert results.damaged == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": "other/1"}', b"[" * 100_000])
def test_a_file_of_another_kind_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r"
    path.write_bytes(content)
    with pytest.raises(OutputError, match="cannot be read: its first line is no livecam"):
        read_results(path)


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be read: No such file"):
        read_results(tmp_path / "r")


@pytest.mark.parametrize("metadata", [None, [], {}, {"DurationMillis": "1"}, {"DurationMillis": True}])
def test_a_length_that_the_header_does_not_say_is_none(tmp_path: Path, metadata: object) -> None:
    path = tmp_path / "r"
    path.write_text(json.dumps({"schema": SCHEMA, "metadata": metadata, "tag": 3}))
    results = read_results(path)
    assert results.duration is None
    assert results.text("tag") is None


def test_results_lie_beside_their_video(tmp_path: Path) -> None:
    assert results_file(tmp_path / "my.clip.mov") == tmp_path / "my.clip.mov.results.jsonl"
