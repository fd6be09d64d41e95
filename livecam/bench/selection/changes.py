"""When somebody's expression changed, from what it was on each frame. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.selection.results import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from livecam.bench.selection.results import ObservedFrame
    from livecam.faces import Emotion


def changes_in(frames: Iterable[ObservedFrame]) -> Iterator[Change]:
    """Yield each change of a person who was there before it; somebody new is none."""
    held: dict[int, Emotion] = {}
    for frame in frames:
        for face in frame.truth:
            if held.get(face.person, face.emotion) is not face.emotion:
                yield Change(face.person, frame.at, face.emotion)
            held[face.person] = face.emotion
