"""Sidecars: damage costs the lines that it touched, and a copy is made of whatever is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from livecam.archive.copying import make_copy
from livecam.archive.sidecar import SidecarWriter, read_sidecar
from livecam.errors import OutputError
from tests.archive.samples import pictures
from tests.archive.test_copying import HEADER
from tests.encoding.clips import a_part, decoded
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import CHANGES, DAMAGE, Changes, Damage, Whole

if TYPE_CHECKING:
    from livecam.archive.sidecar import SidecarFrame

FRAMES = 6
MARKS = {2: ["the door"], 4: ["again", "and again"]}


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Return a sidecar's bytes."""
    path = tmp_path_factory.mktemp("sidecar") / "clip.jsonl"
    writer = SidecarWriter(path, HEADER)
    for number, picture in enumerate(pictures(FRAMES)):
        writer.write(number / 30, picture, MARKS.get(number, ()))
    writer.close()
    return Whole(path.read_bytes())


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_part(tmp_path_factory.mktemp("clip") / "clip.mp4", [number / 30 for number in range(FRAMES)])


def read(content: bytes) -> tuple[list[SidecarFrame], int] | None:
    """Return the frames and the count of damaged lines; None where the file is refused by its name."""
    path = Path("clip.jsonl")
    path.write_bytes(content)
    try:
        found = read_sidecar(path)
    except OutputError as error:
        assert_told(error, str(path))
        return None
    frames = list(found.frames())
    assert all(time >= 0 and isinstance(text, str) for time, text in found.marks())
    assert [frame.time for frame in frames] == sorted({frame.time for frame in frames})
    assert all(face.box.is_proper and 0 <= face.opacity <= 1 for frame in frames for face in frame.faces)
    assert all(
        0 <= score.confidence <= 100 for frame in frames for face in frame.faces for score in face.scores
    )
    return frames, found.damaged


@fuzzed(80, damage=DAMAGE)
def test_a_damaged_sidecar_keeps_the_lines_that_were_not_touched(sidecar: Whole, damage: Damage) -> None:
    content = damage.of(sidecar.content)
    before, found = read(sidecar.content), read(content)
    assert before is not None
    if found is None:
        assert content.split(b"\n")[0] != sidecar.content.split(b"\n")[0]
        return
    assert len(found[0]) + found[1] == sum(bool(line.strip()) for line in content.split(b"\n")[1:])
    lines = set(content.split(b"\n")[1:])
    written = zip(before[0], sidecar.content.split(b"\n")[1:], strict=False)
    # A line that claims a later time than it had makes those after it go back in time, which are left out.
    latest = max((frame.time for frame in found[0] if frame not in before[0]), default=-1.0)
    missing = [frame.time for frame, line in written if line in lines and frame not in found[0]]
    assert all(time <= latest for time in missing)


@fuzzed(80, changes=CHANGES)
def test_a_line_of_any_values_is_skipped_or_is_what_it_says(sidecar: Whole, changes: Changes) -> None:
    records = [json.loads(line) for line in sidecar.content.splitlines()]
    changed: Any = changes.of(records)
    lines = changed if isinstance(changed, list) else [changed]
    found = read("".join(json.dumps(each) + "\n" for each in lines).encode())
    if found is None:
        return
    assert len(found[0]) + found[1] == len(lines) - 1
    said = {
        each["time"]
        for each in lines[1:]
        if isinstance(each, dict) and isinstance(each.get("time"), int | float)
    }
    assert {frame.time for frame in found[0]} <= said


@fuzzed(12, damage=DAMAGE, changes=CHANGES, kind=st.sampled_from(["annotated", "blurred"]))
def test_a_copy_by_a_damaged_sidecar_has_every_frame_or_is_refused(
    sidecar: Whole, clip: Path, damage: Damage, changes: Changes, kind: str
) -> None:
    path, target = Path("clip.jsonl"), Path("copy.mp4")
    target.unlink(missing_ok=True)
    lines = [json.loads(line) for line in sidecar.content.splitlines()]
    changed: Any = [lines[0], *(changes.of(line) for line in lines[1:])]
    path.write_bytes(damage.of("".join(json.dumps(each) + "\n" for each in changed).encode()))
    try:
        result = make_copy(clip, path, target, kind=kind)
    except OutputError as error:
        assert_told(error)
        assert not target.exists()
        return
    assert result.frames == len(decoded(target)) == FRAMES
    assert 0 <= result.frames_without_faces_known <= FRAMES
