"""A virtual camera that is held in the hand: a window that pans and shakes over the pictures. Pure."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from livecam.faces import BoundingBox

ZOOM = 0.9
"""Width and height of the window, as a share of the picture's."""
WAVES = ((0.25, 0.45), (0.7, 0.35), (2.0, 0.14), (5.7, 0.06))
"""Hertz and share of the room around the window, for slow pans to quick tremor; the shares sum to 1. They
take the overlap of the last answer's boxes from 0.66 to 0.53 on five clips of people before a desk or in a
street, whatever the seed."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a picture in whole pixels."""

    left: int
    top: int
    width: int
    height: int

    def of(self, width: int, height: int) -> BoundingBox:
        """Return it in fractions of a picture of that size."""
        return BoundingBox(self.left / width, self.top / height, self.width / width, self.height / height)


class ShakingCamera:
    """Says where the window is.

    Args:
        width: of the pictures, pixels.
        height: of the pictures, pixels.
        seed: two cameras of one seed shake alike.
    """

    def __init__(self, width: int, height: int, *, seed: int) -> None:
        self._size = width, height
        self._inner = max(round(width * ZOOM), 1), max(round(height * ZOOM), 1)
        chance = random.Random(f"shake {seed}")  # noqa: S311  a simulation, not a secret
        self._phases = [[chance.uniform(0.0, 2 * math.pi) for _ in WAVES] for _ in range(2)]

    def window(self, t: float) -> Window:
        """Return the window at `t` seconds; it lies wholly in the picture."""
        left, top = (
            round((size - inner) / 2 * (1 + _sway(t, phases)))
            for size, inner, phases in zip(self._size, self._inner, self._phases, strict=True)
        )
        return Window(left, top, *self._inner)


def _sway(t: float, phases: list[float]) -> float:
    """Return a sum of sines, -1..1."""
    waves = zip(WAVES, phases, strict=True)
    return sum(share * math.sin(2 * math.pi * hertz * t + phase) for (hertz, share), phase in waves)
