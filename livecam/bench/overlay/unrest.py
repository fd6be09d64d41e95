"""How restless boxes are against the faces they are on: what the eye sees as jitter. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.overlay.matches import Match, MatchedFrame

LEFT_OUT = 0.02
"""Share of the greatest values that is left out: a jump onto a face that was lost is no unrest."""


def jitter(frames: Sequence[MatchedFrame]) -> float | None:
    """Return the rms of the second difference of the boxes' error, in percent of the face per frame squared.

    The error is that of the four edges, each in widths or heights of the face, so that a box that breathes
    is as restless as one that trembles. None where no face has a box on three frames in a row.
    """
    squares = []
    for before, now, after in zip(frames, frames[1:], frames[2:], strict=False):
        for match in now.matches:
            person = match.true.person
            earlier, later = before.of(person), after.of(person)
            if match.true.counts and earlier is not None and later is not None:
                squares.append(_unrest(earlier, match, later))
    if not squares:
        return None
    kept = sorted(squares)[: math.ceil(len(squares) * (1 - LEFT_OUT))]
    return 100 * math.sqrt(sum(kept) / len(kept))


def _unrest(before: Match, now: Match, after: Match) -> float:
    """Return the mean square of the second differences of the four edges' errors."""
    edges = zip(_errors(before), _errors(now), _errors(after), strict=True)
    return sum((earlier - 2 * present + later) ** 2 for earlier, present, later in edges) / 4


def _errors(match: Match) -> tuple[float, float, float, float]:
    """Return how far each edge is off, in widths or heights of the face."""
    true, shown = match.true.box, match.shown.box
    return (
        (shown.left - true.left) / true.width,
        (shown.right - true.right) / true.width,
        (shown.top - true.top) / true.height,
        (shown.bottom - true.bottom) / true.height,
    )
