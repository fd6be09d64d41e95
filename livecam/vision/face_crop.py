"""Cuts a face out of an image, upright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livecam.frames import Image
    from livecam.vision.found_face import FoundFace

LARGEST_REDUCTION = 8
"""Beyond this the warp itself samples sparsely; faces above 512 pixels only."""


def eye_line_angle(points: NDArray[np.float32]) -> float:
    """Return the angle of the line through both eyes, radians, clockwise in the image."""
    across, down = (points[1] - points[0]).tolist()
    return float(np.arctan2(down, across))


def upright_crop(image: Image, face: FoundFace, *, size: int, margin: float) -> NDArray[np.uint8]:
    """Return a grey square around the face with its eyes level.

    Args:
        image: the whole picture, BGR.
        face: where the face is.
        size: side of the result in pixels.
        margin: side of the square in units of the box's longer side.
    """
    side = max(face.width, face.height, 1.0) * margin
    # A warp takes single points; a large face is warped larger and then averaged down.
    reduction = int(np.clip(side // size, 1, LARGEST_REDUCTION))
    target = size * reduction
    turn, scale = eye_line_angle(face.points), target / side
    cos, sin = float(np.cos(turn)) * scale, float(np.sin(turn)) * scale
    x, y = (face.left + face.right) / 2, (face.top + face.bottom) / 2
    to_crop = np.array(
        [[cos, sin, target / 2 - cos * x - sin * y], [-sin, cos, target / 2 + sin * x - cos * y]],
        dtype=np.float64,
    )
    patch = cv2.warpAffine(image, to_crop, (target, target), borderMode=cv2.BORDER_REPLICATE)
    if reduction > 1:
        patch = cv2.resize(patch, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(patch, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
