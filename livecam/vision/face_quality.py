"""How bright and how sharp a face is, on livecam's own scales (not Rekognition's)."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import Quality
from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.vision.found_face import FoundFace

SIDE = 112
"""Pixels: every face is compared at this size, so that a small one does not count as blurred."""
SOFTNESS = 400.0
"""Variance of the Laplacian at which sharpness reads 63."""


def face_quality(image: Image, face: FoundFace) -> Quality | None:
    """Return the quality of a face's pixels, or None when no pixel of it lies in the image."""
    height, width = image.shape[:2]
    left, right = (int(np.clip(round(x), 0, width)) for x in (face.left, face.right))
    top, bottom = (int(np.clip(round(y), 0, height)) for y in (face.top, face.bottom))
    if right <= left or bottom <= top:
        return None
    patch = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_BGR2GRAY)
    is_smaller = patch.shape[0] > SIDE and patch.shape[1] > SIDE
    method = cv2.INTER_AREA if is_smaller else cv2.INTER_LINEAR
    patch = cv2.resize(patch, (SIDE, SIDE), interpolation=method)
    detail = float(cv2.Laplacian(patch, cv2.CV_64F).var())
    return Quality(
        brightness=float(np.mean(patch)) / 255 * 100, sharpness=100 * (1 - exp(-detail / SOFTNESS))
    )
