"""Which box is whom: faces of one look after another by their places. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.tracking.matching import match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.faces import BoundingBox

KEPT = 1.0
"""Seconds for which somebody who is not seen is still known."""
SAME_FROM = 0.3
"""Overlap from which a box that was found is that of a true face."""


class Links:
    """Numbers boxes: the same number for the same face while it is seen.

    Args:
        kept: seconds for which somebody who is not seen is still known.
    """

    def __init__(self, kept: float = KEPT) -> None:
        self._kept = kept
        self._known: dict[int, tuple[float, BoundingBox]] = {}
        self._begun = 0

    def cut(self) -> None:
        """Forget everybody: another scene begins."""
        self._known.clear()

    def take(self, at: float, boxes: Sequence[BoundingBox]) -> tuple[int, ...]:
        """Return the number of each box that was seen at `at` seconds."""
        self._known = {key: seen for key, seen in self._known.items() if at - seen[0] <= self._kept}
        keys = list(self._known)
        pairs = match([self._known[key][1] for key in keys], boxes)
        numbers = {place: keys[index] for index, place in pairs.items()}
        for place, box in enumerate(boxes):
            if place not in numbers:
                self._begun += 1
                numbers[place] = self._begun
            self._known[numbers[place]] = at, box
        return tuple(numbers[place] for place in range(len(boxes)))


def owners(boxes: Sequence[BoundingBox], true: Sequence[tuple[int, BoundingBox]]) -> tuple[int | None, ...]:
    """Return whose each box is: the person, or None where nobody is."""
    pairs = match([box for _, box in true], boxes)
    found = {
        place: true[index][0]
        for index, place in pairs.items()
        if true[index][1].iou(boxes[place]) > SAME_FROM
    }
    return tuple(found.get(place) for place in range(len(boxes)))
