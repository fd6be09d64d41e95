"""A face found on an old frame must be followed through the frames since: what to ask for, in what steps."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.faces import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.faces import Face
    from livecam.tracking.look import Look
    from livecam.tracking.track import Track

MOST_STEPS = 6
"""Steps by which a face is followed: what an answer about it costs on top of a usual frame."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CatchUp:
    """A request: follow this face from that frame to the newest."""

    look: Look
    """Who found it, on which frame."""
    face: Face
    """As it was found."""
    box: BoundingBox
    """Where, in the finder's convention."""
    track: Track
    """The face that it is: one that is known, or a new one."""
    is_new: bool
    others: set[Track]
    """The faces that others on that frame are: this one is none of them."""


def stops(frames: Sequence[int], since: int) -> list[int]:
    """Return the frames by which a face is followed from `since` to the newest, both included.

    Every second frame is enough, and fewer where it is far: the flow between two frames costs the same
    however far apart they are.
    """
    later = [frame for frame in frames if frame > since]
    stride = max(2, -(-len(later) // MOST_STEPS))
    between = later[stride - 1 :: stride]
    return [since, *between, *(later[-1:] if not between or between[-1] != later[-1] else [])]


def filled(frames: Sequence[int], path: Sequence[tuple[int, BoundingBox]]) -> list[tuple[int, BoundingBox]]:
    """Return the boxes of all frames of a path, those between its stops by interpolation."""
    boxes: list[tuple[int, BoundingBox]] = [path[0]]
    for (start, box), (stop, next_box) in itertools.pairwise(path):
        between = [frame for frame in frames if start < frame < stop]
        boxes += [
            (frame, _between(box, next_box, index / (len(between) + 1)))
            for index, frame in enumerate(between, start=1)
        ]
        boxes.append((stop, next_box))
    return boxes


def _between(one: BoundingBox, other: BoundingBox, share: float) -> BoundingBox:
    return BoundingBox(
        one.left + (other.left - one.left) * share,
        one.top + (other.top - one.top) * share,
        one.width + (other.width - one.width) * share,
        one.height + (other.height - one.height) * share,
    )
