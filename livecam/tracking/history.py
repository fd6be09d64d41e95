"""Where one face was on each of the newest frames, so that what is found about an old one can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livecam.faces import BoundingBox
    from livecam.tracking.relation import Relation


class History:
    """Boxes by frame, oldest first."""

    def __init__(self) -> None:
        self._boxes: dict[int, BoundingBox] = {}

    @property
    def newest(self) -> BoundingBox:
        """The box on the newest frame."""
        return self._boxes[next(reversed(self._boxes))]

    def at(self, sequence: int) -> BoundingBox | None:
        """Return the box on a frame; None where the face was not known, or no more."""
        return self._boxes.get(sequence)

    def put(self, sequence: int, box: BoundingBox) -> None:
        """Say where the face is on a frame, the newest or one that is known already."""
        self._boxes[sequence] = box

    def begin_earlier(self, boxes: Iterable[tuple[int, BoundingBox]]) -> None:
        """Say where the face was on frames before the first that is known; later ones stay as they are."""
        first = next(iter(self._boxes))
        self._boxes = {each: box for each, box in boxes if each < first} | self._boxes

    def forget_before(self, sequence: int) -> None:
        """Forget the frames before this one."""
        for old in [each for each in self._boxes if each < sequence]:
            del self._boxes[old]

    def replace(self, boxes: Iterable[tuple[int, BoundingBox]]) -> None:
        """Put other boxes in the place of all from the first of these frames on."""
        new = dict(boxes)
        first = next(iter(new))
        self._boxes = {each: box for each, box in self._boxes.items() if each < first} | new

    def correct(self, since: int, correction: Relation, *, ramp_from: int | None = None) -> None:
        """Correct the boxes of frame `since` and later, and the share due to those since `ramp_from`.

        The error grew little by little since it was last set right: the frames between are corrected by
        a rising share. An answer about one of them is then compared with a past that is right.
        """
        for sequence, box in self._boxes.items():
            if sequence >= since:
                self._boxes[sequence] = correction.applied_to(box)
            elif ramp_from is not None and sequence > ramp_from:
                share = (sequence - ramp_from) / (since - ramp_from)
                self._boxes[sequence] = correction.scaled(share).applied_to(box)
