"""Reads a reference: one JSON object per frame of a clip, `NAME.faces.jsonl` beside it or any file.

    {"frame": 0, "t": 0.0, "faces": [[left, top, width, height, score], ...],
     "ids": ["Ann", ...], "emotions": ["HAPPY", ...], "cut": true}

Boxes are fractions of the frame. A score (0..1) that is left out means that it is certain, 0 that the
face is there but need not be shown. What stands in the second line of the example is optional. `t` is
for people: the clip's own times count.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livecam.errors import UsageError
from livecam.faces import BoundingBox, Emotion

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".faces.jsonl"
"""Of the reference beside a clip, in the place of the clip's own suffix."""
_SIDES, _SIDES_AND_SCORE = 4, 5
_FARTHEST = 10.0
"""A side that is farther out of the frame than this is in pixels, not in fractions."""


@dataclass(frozen=True, slots=True)
class ReferenceFace:
    """A face as a reference has it."""

    box: BoundingBox
    """Fractions of the clip's frame."""
    score: float = 1.0
    """How sure the reference is, 0..1."""
    identity: str | None = None
    """Who it is; None where the reference does not say."""
    emotion: Emotion | None = None
    """What the scripted detector is to say of it; None where the reference does not say."""


@dataclass(frozen=True, slots=True)
class ReferenceFrame:
    """All faces of one frame."""

    faces: tuple[ReferenceFace, ...] = ()
    is_cut: bool = False
    """Whether another scene begins with it."""


def truth_beside(clip: Path) -> Path | None:
    """Return the reference that stands beside a clip; None when there is none."""
    path = clip.with_name(clip.stem + SUFFIX)
    return path if path.is_file() else None


def read_truth(path: Path) -> tuple[ReferenceFrame, ...]:
    """Return a reference, frame by frame.

    Raises:
        UsageError: it cannot be read or is not a reference; the message names file, line and what is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"the truth file {path} cannot be read: {reason}") from error
    frames: list[ReferenceFrame] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            frames.append(_frame(line, len(frames)))
        except _Wrong as error:
            raise UsageError(f"{path}, line {number}: {error}") from error
    if not frames:
        raise UsageError(f"the truth file {path} is empty; it needs one JSON object per frame")
    return tuple(frames)


class _Wrong(Exception):
    """Why a line is not a frame of a reference."""


def _frame(line: str, expected: int) -> ReferenceFrame:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _Wrong("this is not JSON") from error
    if not isinstance(record, dict):
        raise _Wrong("this is not a JSON object")
    if record.get("frame", expected) != expected:
        raise _Wrong(
            f'"frame" is {record["frame"]!r}, but {expected} must come here: no frame may be left out'
        )
    faces = record.get("faces")
    if not isinstance(faces, list):
        raise _Wrong('"faces" must be a list of [left, top, width, height, score]')
    is_cut = record.get("cut", False)
    if not isinstance(is_cut, bool):
        raise _Wrong(f'"cut" is {is_cut!r}, but must be true or false')
    identities = [None if each is None else str(each) for each in _beside(record, "ids", len(faces))]
    emotions = [_emotion(each) for each in _beside(record, "emotions", len(faces))]
    return ReferenceFrame(
        tuple(
            _face(values, identity, emotion)
            for values, identity, emotion in zip(faces, identities, emotions, strict=True)
        ),
        is_cut,
    )


def _beside(record: dict[str, Any], name: str, count: int) -> list[Any]:
    """Return what is said of each face beside its box; None of each when nothing is."""
    values = record.get(name)
    if values is None:
        return [None] * count
    if not isinstance(values, list) or len(values) != count:
        raise _Wrong(f'"{name}" must be a list of {count}, one for each face')
    return values


def _emotion(name: object) -> Emotion | None:
    if name is None:
        return None
    try:
        return Emotion(str(name).upper())
    except ValueError as error:
        raise _Wrong(f"emotion {name!r} is not one of {', '.join(Emotion)}") from error


def _face(values: object, identity: str | None, emotion: Emotion | None) -> ReferenceFace:
    is_list = isinstance(values, list) and len(values) in {_SIDES, _SIDES_AND_SCORE}
    if not isinstance(values, list) or not is_list or not all(_is_number(value) for value in values):
        raise _Wrong(f"face {values!r} must be four or five numbers: left, top, width, height, score")
    left, top, width, height, *rest = (float(value) for value in values)
    score = rest[0] if rest else 1.0
    if max(abs(left), abs(top), width, height) > _FARTHEST:
        raise _Wrong(f"face {values!r} must be in fractions of the frame, not in pixels")
    if width <= 0 or height <= 0:
        raise _Wrong(f"face {values!r} has no area")
    if not 0.0 <= score <= 1.0:
        raise _Wrong(f"score {score:g} must be 0 to 1")
    return ReferenceFace(BoundingBox(left, top, width, height), score, identity, emotion)


def _is_number(value: object) -> bool:
    # Compared, since an int may be too large to become a float; NaN is within nothing.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max
