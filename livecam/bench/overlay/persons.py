"""Which faces of a reference are the same person in one unbroken appearance: pure, frame after frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.tracking.matching import assign

if TYPE_CHECKING:
    from livecam.bench.overlay.truth import ReferenceFace, ReferenceFrame
    from livecam.faces import BoundingBox

SAME_FROM = 0.3
"""Overlap from which a face is the one of the frame before."""
LONGEST_GAP = 8
"""Frames that a reference may miss a face (a hand, a blur) without a new appearance beginning."""


@dataclass(slots=True)
class _Appearance:
    person: int
    identity: str | None
    box: BoundingBox
    seen: int
    """The newest frame with it."""


class PersonLinker:
    """Numbers persons in the order in which they appear; who comes back later is a new one."""

    def __init__(self) -> None:
        self._appearances: list[_Appearance] = []
        self._frame = -1
        self._persons = 0

    def link(self, frame: ReferenceFrame, *, is_cut: bool) -> tuple[int, ...]:
        """Return the person of each face of the next frame; `is_cut`: another scene begins with it."""
        self._frame += 1
        oldest = self._frame - LONGEST_GAP - 1
        self._appearances = [each for each in self._appearances if not is_cut and each.seen >= oldest]
        scores = [[_sameness(known, face) for face in frame.faces] for known in self._appearances]
        found = {column: self._appearances[row] for row, column in assign(scores)}
        persons = []
        for index, face in enumerate(frame.faces):
            appearance = found.get(index) or self._begin(face)
            appearance.box, appearance.seen = face.box, self._frame
            persons.append(appearance.person)
        return tuple(persons)

    def _begin(self, face: ReferenceFace) -> _Appearance:
        appearance = _Appearance(self._persons, face.identity, face.box, self._frame)
        self._persons += 1
        self._appearances.append(appearance)
        return appearance


def _sameness(known: _Appearance, face: ReferenceFace) -> float:
    """Return how well a face goes on an appearance; 0 for not at all. A name says more than overlap."""
    if known.identity is not None and face.identity is not None:
        return 2.0 if known.identity == face.identity else 0.0
    overlap = known.box.iou(face.box)
    return overlap if overlap >= SAME_FROM else 0.0
