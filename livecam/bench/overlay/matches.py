"""Which shown box is on which face of the reference: frame by frame, the best pairing as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.tracking.matching import assign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.overlay.results import ShownFace, TrueFace

ON_FACE_FROM = 0.1
"""Overlap below which a box is on no face: a ghost."""


@dataclass(frozen=True, slots=True)
class Match:
    """A shown face and the face of the reference that it is on."""

    true: TrueFace
    shown: ShownFace
    iou: float
    """Overlap of the two boxes, 0..1."""


@dataclass(frozen=True, slots=True)
class MatchedFrame:
    """What is where on one frame."""

    true: tuple[TrueFace, ...]
    matches: tuple[Match, ...]
    """Pairs that overlap at all; each face is in one at most."""
    ghosts: int
    """Boxes on no face, be it one that counts or not."""
    shown: int
    """Boxes."""

    def of(self, person: int) -> Match | None:
        """Return what is shown on a person; None for nothing."""
        return next((match for match in self.matches if match.true.person == person), None)


def matched(true: Sequence[TrueFace], shown: Sequence[ShownFace]) -> MatchedFrame:
    """Return the pairing of one frame with the greatest sum of overlaps."""
    overlaps = [[face.box.iou(seen.box) for seen in shown] for face in true]
    pairs = assign(overlaps)
    ghosts = sum(
        max((row[column] for row in overlaps), default=0.0) < ON_FACE_FROM for column in range(len(shown))
    )
    return MatchedFrame(
        true=tuple(true),
        matches=tuple(Match(true[row], shown[column], overlaps[row][column]) for row, column in pairs),
        ghosts=ghosts,
        shown=len(shown),
    )
