"""Where one person was from frame to frame: noise taken out, and gaps of the reference filled. Pure."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from livecam.faces import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.overlay.truth import ReferenceFace

SMOOTHING = (-3 / 35, 12 / 35, 17 / 35, 12 / 35, -3 / 35)
"""Savitzky-Golay, 5 frames, order 2: takes noise out and leaves movement."""
UNSEEN = 0.0
"""Score of a face that the reference missed: it is there, but need not be shown."""


def smoothed(path: Mapping[int, ReferenceFace]) -> dict[int, ReferenceFace]:
    """Return a person's faces by frame, smoothed where there are two frames on both sides."""
    reach = len(SMOOTHING) // 2
    result = {}
    for frame, face in path.items():
        near = [path[each] for each in range(frame - reach, frame + reach + 1) if each in path]
        is_inside = len(near) == len(SMOOTHING)
        box = _weighted([each.box for each in near], SMOOTHING) if is_inside else face.box
        result[frame] = dataclasses.replace(face, box=box)
    return result


def filled(path: Mapping[int, ReferenceFace]) -> dict[int, ReferenceFace]:
    """Return a person's faces by frame with those between them, on the straight line from one to the next.

    A box on somebody whom the reference misses for a moment is no ghost.
    """
    result = dict(path)
    for before, after in itertools.pairwise(sorted(path)):
        for frame in range(before + 1, after):
            share = (frame - before) / (after - before)
            box = _weighted([path[before].box, path[after].box], (1 - share, share))
            result[frame] = dataclasses.replace(path[before], box=box, score=UNSEEN)
    return result


def _weighted(boxes: Sequence[BoundingBox], weights: Sequence[float]) -> BoundingBox:
    sides = zip(*((box.left, box.top, box.width, box.height) for box in boxes), strict=True)
    left, top, width, height = (
        sum(weight * value for weight, value in zip(weights, side, strict=True)) for side in sides
    )
    return BoundingBox(left, top, width, height)
