"""A follower that says what it was told, whatever the pixels show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.faces import Movement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from livecam.faces import BoundingBox
    from livecam.frames import Frame


def standing_still(_earlier: int, _later: int, _box: BoundingBox) -> Movement | None:
    """Say that a face did not move at all."""
    return Movement(0.0, 0.0)


class StillFollower:
    """Fits `FaceFollower`; every frame is remembered until `clear`.

    Args:
        movement: what it says of a face in the box given, from one frame to another.
        cuts: indices of the frames that show another scene than the one before.
        effort: what it says of its effort; at "every second frame" it rests on odd frames.
    """

    def __init__(
        self,
        movement: Callable[[int, int, BoundingBox], Movement | None] = standing_still,
        *,
        cuts: Collection[int] = (),
        effort: str = "full",
    ) -> None:
        self._movement = movement
        self._cuts = cuts
        self.effort = effort
        """May be set at any time."""
        self.sequences: list[int] = []
        """Of the frames it remembers, in the order in which they came."""
        self.asked: list[tuple[int, int, int]] = []
        """Of each `between`: the two frames and how many boxes."""

    @property
    def is_resting(self) -> bool:
        """Whether the newest frame is to be passed over."""
        return self.effort == "every second frame" and bool(self.sequences) and self.sequences[-1] % 2 == 1

    def add(self, frame: Frame) -> bool:
        """Remember a frame; return whether it was said to be a cut."""
        is_cut = bool(self.sequences) and frame.sequence in self._cuts
        self.sequences.append(frame.sequence)
        return is_cut

    def between(self, earlier: int, later: int, boxes: Sequence[BoundingBox]) -> list[Movement | None]:
        """Return what it was told; None for all if a frame is not remembered or a cut lies between."""
        self.asked.append((earlier, later, len(boxes)))
        is_remembered = earlier in self.sequences and later in self.sequences
        if not is_remembered or any(earlier < cut <= later for cut in self._cuts):
            return [None] * len(boxes)
        return [self._movement(earlier, later, box) for box in boxes]

    def clear(self) -> None:
        """Forget every frame."""
        self.sequences.clear()
