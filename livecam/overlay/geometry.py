"""Rectangles in whole pixels: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.faces import BoundingBox


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels; its right and bottom edges are the first pixels outside it."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column outside."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row outside."""
        return self.top + self.height

    def shared(self, other: Area) -> int:
        """Return how many pixels both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0

    def overlaps(self, other: Area) -> bool:
        """Tell whether both cover a pixel."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def contains(self, other: Area) -> bool:
        """Tell whether the other lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def grown(self, by: int) -> Area:
        """Return the rectangle with `by` more pixels on every side (fewer when negative)."""
        return Area(self.left - by, self.top - by, max(self.width + 2 * by, 0), max(self.height + 2 * by, 0))

    def distance(self, other: Area) -> int:
        """Return the pixels between the two, along the axis where they are further apart."""
        across = max(self.left - other.right, other.left - self.right, 0)
        down = max(self.top - other.bottom, other.top - self.bottom, 0)
        return max(across, down)


def in_pixels(box: BoundingBox, width: int, height: int) -> Area:
    """Return a box, given in fractions of the frame, in pixels of a frame of that size, clamped to it."""
    inside = box.clamped()
    left, top = round(inside.left * width), round(inside.top * height)
    return Area(left, top, round(inside.right * width) - left, round(inside.bottom * height) - top)
