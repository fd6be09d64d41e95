"""Where a plate goes on a picture that already holds faces and other plates: pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from livecam.overlay.geometry import Area

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OTHERS_WEIGHT = 3
"""Hiding a pixel of somebody else's face is this much worse than one of the label's own."""

MOST_EDGES = 12
"""Columns and rows at which a place is looked for: 144 places, a quarter of a millisecond."""


class Corner(StrEnum):
    """A corner of the picture."""

    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"


class Side(StrEnum):
    """A side of a face's box."""

    ABOVE = "above"
    BELOW = "below"
    RIGHT = "right"
    LEFT = "left"


def in_corner(size: tuple[int, int], corner: Corner, bounds: Area) -> Area:
    """Return the place of a plate of that width and height in a corner of `bounds`."""
    width, height = size
    is_left = corner in {Corner.TOP_LEFT, Corner.BOTTOM_LEFT}
    is_top = corner in {Corner.TOP_LEFT, Corner.TOP_RIGHT}
    left = bounds.left if is_left else bounds.right - width
    return Area(left, bounds.top if is_top else bounds.bottom - height, width, height)


def choose_corner(
    size: tuple[int, int],
    bounds: Area,
    faces: Sequence[Area],
    *,
    corners: Sequence[Corner],
    preferred: Corner,
) -> Corner:
    """Return the corner where a plate of that size hides least of the faces.

    The preferred one is kept unless another hides less than half as much: a panel that jumps is worse
    than one that covers a little.
    """
    hidden = {
        corner: sum(in_corner(size, corner, bounds).shared(face) for face in faces) for corner in corners
    }
    best = min(corners, key=lambda corner: hidden[corner])
    if preferred not in hidden:
        return best
    return best if 2 * hidden[best] < hidden[preferred] else preferred


class Board:
    """The room on one picture: what is taken, and what is free.

    Args:
        bounds: where plates may be.
        faces: boxes that should not be covered.
        gap: pixels to leave between any two things.
    """

    def __init__(self, bounds: Area, faces: Sequence[Area], gap: int) -> None:
        self._bounds = bounds
        self._faces = tuple(faces)
        self._kept_clear = [face.grown(gap) for face in faces]
        self._plates: list[Area] = []
        self._gap = gap

    @property
    def extent(self) -> tuple[int, int]:
        """Width and height in pixels of the room as a whole."""
        return self._bounds.width, self._bounds.height

    def take(self, area: Area) -> None:
        """Note that a plate lies there."""
        self._plates.append(area.grown(self._gap))

    def is_clear(self, area: Area) -> bool:
        """Tell whether a plate could lie there without touching another one."""
        return self._bounds.contains(area) and not any(area.overlaps(plate) for plate in self._plates)

    def is_free(self, area: Area) -> bool:
        """Tell whether a plate could lie there without touching another one or a face."""
        return self.is_clear(area) and not any(area.overlaps(face) for face in self._kept_clear)

    def beside(self, face: Area, size: tuple[int, int], sides: Sequence[Side]) -> tuple[Side, Area] | None:
        """Return the first free place along a face's sides, in that order; None if there is none."""
        for side in sides:
            for area in self._along(face, size, side):
                if self.is_free(area):
                    return side, area
        return None

    def nearby(self, face: Area, size: tuple[int, int], reach: int) -> Area | None:
        """Return the free place nearest to a face, at most `reach` pixels off; None if there is none.

        Misses none where up to four things are on the picture (a free rectangle can always be pushed left
        and up until it touches something); with more it looks at the nearest edges only.
        """
        obstacles = [*self._kept_clear, *self._plates]
        places = sorted(self._grid(face, size, reach, obstacles), key=face.distance)
        return next((area for area in places if self.is_free(area)), None)

    def least_bad(self, face: Area, size: tuple[int, int], reach: int) -> Area | None:
        """Return the place that hides least of the faces and no plate, low rather than high."""

        def harm(area: Area) -> tuple[int, int]:
            own = area.shared(face)
            everyone = sum(area.shared(other) for other in self._faces)
            return own + OTHERS_WEIGHT * max(everyone - own, 0), -area.top

        clear = [area for area in self._grid(face, size, reach, self._plates) if self.is_clear(area)]
        return min(clear, key=harm, default=None)

    def _along(self, face: Area, size: tuple[int, int], side: Side) -> Iterator[Area]:
        """Yield places along one side, slid along it into the picture."""
        width, height = size
        bounds, gap = self._bounds, self._gap
        if side in {Side.ABOVE, Side.BELOW}:
            top = face.top - gap - height if side is Side.ABOVE else face.bottom + gap
            for left in (face.left, face.right - width):
                yield Area(_slid(left, bounds.left, bounds.right - width), top, width, height)
        else:
            left = face.left - gap - width if side is Side.LEFT else face.right + gap
            for top in (face.top, face.bottom - height):
                yield Area(left, _slid(top, bounds.top, bounds.bottom - height), width, height)

    def _grid(
        self, face: Area, size: tuple[int, int], reach: int, obstacles: Sequence[Area]
    ) -> Iterator[Area]:
        """Yield the places within reach of a face that touch the picture's edges or obstacles."""
        width, height = size
        near, bounds = face.grown(reach), self._bounds
        lefts = {bounds.left, bounds.right - width, face.left, face.left + (face.width - width) // 2}
        tops = {bounds.top, bounds.bottom - height, face.top, face.bottom - height}
        for obstacle in obstacles:
            lefts |= {obstacle.right, obstacle.left - width}
            tops |= {obstacle.bottom, obstacle.top - height}
        lefts = {left for left in lefts if near.left - width <= left <= near.right}
        tops = {top for top in tops if near.top - height <= top <= near.bottom}
        for top in _nearest(tops, face.top + (face.height - height) // 2):
            for left in _nearest(lefts, face.left + (face.width - width) // 2):
                yield Area(left, top, width, height)


def _nearest(values: set[int], to: int) -> list[int]:
    """Return the few values that are nearest to one, in order."""
    return sorted(values, key=lambda value: (abs(value - to), value))[:MOST_EDGES]


def _slid(value: int, low: int, high: int) -> int:
    """Return the value moved into low..high (to low when there is no such room)."""
    return max(min(value, high), low)
