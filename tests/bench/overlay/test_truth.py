from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay.truth import read_truth, truth_beside
from livecam.errors import UsageError
from livecam.faces import BoundingBox, Emotion

if TYPE_CHECKING:
    from pathlib import Path


def a_file(folder: Path, *lines: str) -> Path:
    path = folder / "clip.faces.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_file_is_read_frame_by_frame(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        '{"frame": 0, "t": 0.0, "faces": [[0.1, 0.2, 0.3, 0.4, 0.9]]}',
        '{"frame": 1, "t": 0.04, "faces": []}',
    )

    first, second = read_truth(path)

    assert first.faces[0].box == BoundingBox(0.1, 0.2, 0.3, 0.4)
    assert first.faces[0].score == 0.9
    assert (first.faces[0].identity, first.faces[0].emotion, first.is_cut) == (None, None, False)
    assert second.faces == ()


def test_names_emotions_and_cuts_may_be_given(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        '{"faces": [[0.1, 0.2, 0.3, 0.4], [0.5, 0.2, 0.3, 0.4]], "ids": ["Ann", 2],'
        ' "emotions": ["happy", null], "cut": true}',
    )

    (frame,) = read_truth(path)

    assert frame.is_cut
    assert [face.identity for face in frame.faces] == ["Ann", "2"]
    assert [face.emotion for face in frame.faces] == [Emotion.HAPPY, None]
    assert frame.faces[0].score == 1.0


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "this is not JSON"),
        ("[" * 50_000, "this is not JSON"),
        ("[]", "this is not a JSON object"),
        ("{}", '"faces" must be a list'),
        ('{"frame": 5, "faces": []}', '"frame" is 5, but 1 must come here'),
        ('{"faces": [[0.1, 0.2, 0.3]]}', "must be four or five numbers"),
        ('{"faces": [7]}', "face 7 must be four or five numbers"),
        ('{"faces": [[0.1, 0.2, "wide", 0.4]]}', "must be four or five numbers"),
        ('{"faces": [[0.1, 0.2, NaN, 0.4]]}', "must be four or five numbers"),
        (f'{{"faces": [[0.1, 0.2, {10**400}, 0.4]]}}', "must be four or five numbers"),
        ('{"faces": [[10, 20, 300, 400]]}', "in fractions of the frame, not in pixels"),
        ('{"faces": [[0.1, 0.2, 0.0, 0.4]]}', "has no area"),
        ('{"faces": [[0.1, 0.2, 0.3, 0.4, 90]]}', "score 90 must be 0 to 1"),
        ('{"faces": [[0.1, 0.2, 0.3, 0.4]], "ids": []}', '"ids" must be a list of 1'),
        ('{"faces": [[0.1, 0.2, 0.3, 0.4]], "emotions": ["BORED"]}', "emotion 'BORED' is not one of HAPPY"),
        ('{"faces": [], "cut": 1}', '"cut" is 1, but must be true or false'),
    ],
)
def test_a_bad_line_is_refused_with_its_file_its_number_and_what_is_wrong(
    tmp_path: Path, line: str, what: str
) -> None:
    path = a_file(tmp_path, '{"faces": []}', "", line)

    with pytest.raises(UsageError) as refusal:
        read_truth(path)

    assert f"{path}, line 3: " in str(refusal.value)
    assert what in str(refusal.value)


def test_a_file_that_is_missing_empty_or_not_text_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_truth(tmp_path / "missing")
    with pytest.raises(UsageError, match="it is not UTF-8 text"):
        read_truth(binary)
    with pytest.raises(UsageError, match="is empty"):
        read_truth(a_file(tmp_path, ""))


def test_the_reference_beside_a_clip_has_its_name(tmp_path: Path) -> None:
    path = a_file(tmp_path, '{"faces": []}')

    assert truth_beside(tmp_path / "clip.mp4") == path
    assert truth_beside(tmp_path / "other.mp4") is None


def test_the_shared_references_are_read(media: Path) -> None:
    assert len(read_truth(media / "multi_children.faces.jsonl")) == 323
