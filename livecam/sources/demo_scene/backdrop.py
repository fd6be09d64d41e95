"""What is behind the person: bookshelves, out of focus. Drawn from a fixed seed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image

MARGIN = 0.06
"""How much larger than the frame it is on each side, as a fraction of it: room to pan."""

_SEED = 1906
_SHELVES = 4
_WOOD = (46, 66, 92)
_SHADOW = (24, 30, 38)
_CLOTHS = (
    *((58, 62, 128), (72, 96, 70), (120, 92, 58), (60, 108, 150), (98, 104, 112), (84, 60, 84)),
    *((128, 138, 148), (44, 52, 70), (96, 120, 136), (110, 84, 70)),
)
"""Muted colours of book spines, BGR."""

_DEFOCUS = 0.006
"""Standard deviation of the blur, as a fraction of the height."""


class Backdrop:
    """A wall of books, a little larger than the frame.

    Args:
        width: of the frame, pixels.
        height: of the frame, pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._spare_x, self._spare_y = round(width * MARGIN), round(height * MARGIN)
        self._wall = _wall(width + 2 * self._spare_x, height + 2 * self._spare_y)

    def crop(self, pan_x: float, pan_y: float) -> Image:
        """Return a copy of what the frame shows when everything has moved by a pan, in fractions.

        Moves in whole pixels: out of focus, the half that is lost cannot be seen.
        """
        left = self._spare_x - round(np.clip(pan_x, -MARGIN, MARGIN) * self._width)
        top = self._spare_y - round(np.clip(pan_y, -MARGIN, MARGIN) * self._height)
        left, top = min(max(left, 0), 2 * self._spare_x), min(max(top, 0), 2 * self._spare_y)
        return self._wall[top : top + self._height, left : left + self._width].copy()


def _wall(width: int, height: int) -> Image:
    """Return the whole wall, BGR."""
    random = np.random.default_rng(_SEED)
    wall = np.full((height, width, 3), _SHADOW, np.uint8)
    shelf = height / _SHELVES
    for row in range(_SHELVES):
        _stand_books(wall, random, round((row + 0.93) * shelf), shelf)
        board = round((row + 0.93) * shelf), round((row + 1.0) * shelf)
        wall[board[0] : board[1]] = _WOOD
    blurred = cv2.GaussianBlur(wall, (0, 0), max(_DEFOCUS * height, 0.5))
    light = np.linspace(1.12, 0.78, width, dtype=np.float32)[np.newaxis, :, np.newaxis]
    return np.asarray(np.clip(blurred * light, 0, 255), np.uint8)


def _stand_books(wall: Image, random: np.random.Generator, foot: int, shelf: float) -> None:
    """Draw a row of book spines that stand on the line `foot`."""
    x = 0
    while x < wall.shape[1]:
        thick = max(2, round(shelf * random.uniform(0.09, 0.24)))
        top = foot - round(shelf * random.uniform(0.55, 0.86))
        cloth = np.array(_CLOTHS[random.integers(len(_CLOTHS))]) * random.uniform(0.75, 1.1)
        colour = [int(channel) for channel in cloth]
        cv2.rectangle(wall, (x, top), (x + thick - 2, foot), colour, -1)
        band = top + round((foot - top) * random.uniform(0.12, 0.3))
        cv2.rectangle(
            wall, (x, band), (x + thick - 2, band + max(2, round(shelf * 0.03))), (96, 140, 164), -1
        )
        x += thick + (round(shelf * 0.2) if random.random() < 0.06 else 0)  # noqa: PLR2004  a gap, rarely
