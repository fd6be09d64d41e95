"""How sharp a face is, at one size: a number that is compared only with that of the same face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.faces import BoundingBox
    from livecam.frames import Image

SIDE = 112
"""Pixels: every face is looked at in this size, so that one that comes nearer does not count as sharper."""
LOOKED_AT = 2
"""Times that size of which pixels are looked at, at most: a face that fills a 4K picture costs no more."""


def sharpness_of(image: Image, box: BoundingBox) -> float | None:
    """Return the variance of the Laplacian of what lies in a box, in squared grey levels.

    Args:
        image: the whole picture, BGR.
        box: of the face, in fractions of it.

    Returns:
        0 for what is flat or blurred beyond recognition, hundreds for a sharp face; None when no pixel
        of the box lies in the picture.
    """
    height, width = image.shape[:2]
    left, top, right, bottom = box.edges_in_pixels(width, height)
    if right <= left or bottom <= top:
        return None
    across, down = (max(1, side // (LOOKED_AT * SIDE)) for side in (right - left, bottom - top))
    grey = cv2.cvtColor(image[top:bottom:down, left:right:across], cv2.COLOR_BGR2GRAY)
    method = cv2.INTER_AREA if min(grey.shape) > SIDE else cv2.INTER_LINEAR
    patch = cv2.resize(grey, (SIDE, SIDE), interpolation=method)
    _, deviation = cv2.meanStdDev(cv2.Laplacian(patch, cv2.CV_16S))
    return float(np.asarray(deviation)[0, 0]) ** 2
