"""Noise of a camera's sensor, cheap: one tile, laid differently onto every picture. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image

SPREAD = 1.8
"""Standard deviation in grey levels: that of an ordinary webcam in ordinary light."""

MEAN = 5.0
"""Added to every pixel, so that the noise needs no sign: an unsigned sum is four times as fast."""

_SEED = 720
_TILE = 256
_STEP_X, _STEP_Y = 97, 61
"""How far the tile moves from picture to picture; coprime to its size, so all places are reached."""


class SensorNoise:
    """Noise for pictures of one size, in pixels."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        random = np.random.default_rng(_SEED)
        tile = random.standard_normal((_TILE, _TILE, 3), np.float32) * SPREAD + MEAN
        tile = np.clip(np.rint(tile), 0, 2 * MEAN).astype(np.uint8)
        across, down = -(-width // _TILE) + 1, -(-height // _TILE) + 1
        self._sheet = np.tile(tile, (down, across, 1))

    def add_to(self, image: Image, index: int) -> None:
        """Add the noise of picture `index` to `image`, in place."""
        left, top = index * _STEP_X % _TILE, index * _STEP_Y % _TILE
        part = self._sheet[top : top + self._height, left : left + self._width]
        cv2.add(image, part, dst=image)
