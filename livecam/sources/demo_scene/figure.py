"""The person as pixels with transparency, with any expression. Pure; remembers what it has made."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2
from livecam.sources.demo_scene.expressions import EXPRESSIONS, blend
from livecam.sources.demo_scene.portrait import figure_alpha, figure_pixels
from livecam.sources.demo_scene.warp import PATCH, FaceWarp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livecam.faces import Emotion
    from livecam.frames import Image
    from livecam.sources.demo_scene.script import Look

STEPS = 12
"""Faces between two expressions: one per picture of a 0.4 s blend at 30 a second."""

REMEMBERED = 128
"""Faces kept, 240 kB each: more than one loop of the script has."""


class Figure:
    """Head and shoulders of the person in the portrait.

    Args:
        portrait: BGR, shape (600, 512, 3).
    """

    def __init__(self, portrait: Image) -> None:
        self._alpha = figure_alpha()
        self._at_rest = _premultiplied(figure_pixels(portrait), self._alpha)
        self._warp = FaceWarp(portrait)
        self._face = lru_cache(REMEMBERED)(self._make_face)

    def pixels(self, look: Look) -> NDArray[np.uint8]:
        """Return the figure, BGRA, colours premultiplied, shape (FIGURE_HEIGHT, WIDTH, 4)."""
        pixels = self._at_rest.copy()
        pixels[PATCH] = self._face(look.previous, look.current, round(look.share * STEPS))
        return pixels

    def _make_face(self, previous: Emotion, current: Emotion, step: int) -> NDArray[np.uint8]:
        expression = blend(EXPRESSIONS[previous], EXPRESSIONS[current], step / STEPS)
        return _premultiplied(self._warp.apply(expression), self._alpha[PATCH])


def _premultiplied(pixels: Image, alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return BGRA pixels whose colours are scaled by their opacity: these may be interpolated."""
    colours = cv2.multiply(pixels, cv2.merge([alpha, alpha, alpha]), scale=1 / 255)
    return np.dstack([colours, alpha]).astype(np.uint8)
