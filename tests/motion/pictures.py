"""Synthetic pictures with a texture, moved and scaled exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.frames import Frame
from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.motion.small_frames import Grey


def texture(width: int = 320, height: int = 180, *, seed: int = 1) -> Grey:
    """Return a grey picture with patterns of every size, as cloth and faces have them."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for cell in (3, 8, 24, 64):
        coarse = rng.uniform(-1, 1, (height // cell + 2, width // cell + 2)).astype(np.float32)
        total += cell**0.5 * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(128 + 45 * total / total.std(), 0, 255), dtype=np.uint8)


def moved(picture: Grey, dx: float, dy: float, scale: float = 1.0) -> Grey:
    """Return a picture after a movement by pixels, scaled about its middle."""
    middle = (picture.shape[1] - 1) / 2, (picture.shape[0] - 1) / 2
    matrix = np.array(
        [[scale, 0, (1 - scale) * middle[0] + dx], [0, scale, (1 - scale) * middle[1] + dy]], np.float32
    )
    size = picture.shape[1], picture.shape[0]
    after = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(after, dtype=np.uint8)


def coloured(grey: Grey) -> Image:
    """Return a grey picture as BGR."""
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def a_picture_frame(sequence: int, picture: Grey, *, at: float | None = None) -> Frame:
    """Return a frame of a grey picture, by default at 30 fps from 100 s on."""
    at = 100 + sequence / 30 if at is None else at
    return Frame("test", sequence, at, at - 100, coloured(picture))
