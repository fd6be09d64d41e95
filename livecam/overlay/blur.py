"""Faces made unrecognisable: nothing of them is left but a few soft blocks of colour.

A blur alone can be undone in part; so the pixels are thrown away first. Rectangles, not ellipses: hair,
ears and the outline of a head tell who it is, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from livecam.faces import BoundingBox
from livecam.native import cv2

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livecam.frames import Image

MARGIN = 0.3
"""Of a box's width and height, by which what is blurred is larger on every side: hair, ears, and a box that
lags behind its face."""
BLOCKS = 6
"""Along the longer side of what is blurred, so at most four across the face itself. People still know
acquaintances by some sixteen."""

SAMPLES = 32
"""Pixels along a block's side that its colour is taken from: as many as say it, however large the picture."""
LEAST_BLOCK = 3
"""Pixels: the smallest faces have fewer blocks."""


def blurred(image: Image, boxes: Iterable[BoundingBox], *, margin: float = MARGIN) -> Image:
    """Return a copy of an image with everything in and around the boxes made unrecognisable.

    Args:
        image: shape (height, width, 3), BGR; stays as it is.
        boxes: fractions of the image; what lies outside it is left out.
        margin: share of a box that is added on every side.
    """
    result = image.copy()
    height, width = image.shape[:2]
    for box in boxes:
        left, top, right, bottom = _grown(box, margin).edges_in_pixels(width, height)
        if left < right and top < bottom:
            part = result[top:bottom, left:right]
            part[:] = wholly_blurred(part)
    return result


def wholly_blurred(image: Image) -> Image:
    """Return an image of the same size of which nothing can be recognised."""
    height, width = image.shape[:2]
    block = max(max(width, height) / BLOCKS, LEAST_BLOCK)
    blocks = (max(round(width / block), 1), max(round(height / block), 1))
    step = max(int(block) // SAMPLES, 1)
    few = cv2.resize(image[::step, ::step], blocks, interpolation=cv2.INTER_AREA)
    large = cv2.resize(few, (-(-width // step), -(-height // step)), interpolation=cv2.INTER_NEAREST)
    # Without their edges, blocks look like nothing a face finder, or an eye, could take for features.
    side = round(block / step / 2) | 1
    soft = cv2.blur(large, (side, side))
    return cast("Image", soft if step == 1 else cv2.resize(soft, (width, height)))


def _grown(box: BoundingBox, margin: float) -> BoundingBox:
    across, down = box.width * margin, box.height * margin
    return BoundingBox(box.left - across, box.top - down, box.width + 2 * across, box.height + 2 * down)
