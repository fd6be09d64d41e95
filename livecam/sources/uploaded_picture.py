"""A JPEG from elsewhere as a picture: what it would become is known before any memory is given for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.errors import SourceFailed
from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image

MOST_BYTES = 2_000_000
MOST_PIXELS = 1920 * 1080
LONGEST_SIDE = 1920
"""Pixels, so that a picture may stand upright too."""
LEAST_SIDE = 16
_START, _START_OF_SCAN, _END = 0xD8, 0xDA, 0xD9
_WHOLE_AT_ONCE = (0xC0, 0xC1)
"""Frames whose rows come one after the other. Browsers make no other; a progressive one may hold thousands of
scans of the same rows, each of which takes time."""
_OTHER_FRAMES = (0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_COMPONENTS = (1, 3)


def decoded(jpeg: bytes) -> Image:
    """Return the picture in a JPEG: shape (height, width, 3), BGR; blocks for some milliseconds.

    Raises:
        SourceFailed: it is no JPEG, not whole, or too large; the message is one sentence.
    """
    if len(jpeg) > MOST_BYTES:
        raise SourceFailed(f"a picture has {len(jpeg)} bytes, and {MOST_BYTES} are the most")
    width, height = size_of(jpeg)
    is_fitting = width * height <= MOST_PIXELS and max(width, height) <= LONGEST_SIDE
    if not is_fitting or min(width, height) < LEAST_SIDE:
        raise SourceFailed(
            f"a picture has {width}x{height} pixels: {LEAST_SIDE}x{LEAST_SIDE} to 1920x1080 fit"
        )
    # As it lies there: an Exif tag would turn it against the size that was just looked at.
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flags)
    except cv2.error as error:
        raise SourceFailed("a picture could not be decoded") from error
    if image is None or image.shape != (height, width, 3):
        raise SourceFailed("a picture could not be decoded")
    return image.astype(np.uint8, copy=False)


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Return width and height in pixels as a JPEG's head has them.

    Raises:
        SourceFailed: it has no such head, or its rows do not come one after the other.
    """
    at = 2
    if jpeg[:at] != bytes((0xFF, _START)):
        raise SourceFailed("a picture is no JPEG")
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:  # noqa: PLR2004
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        if marker in _WHOLE_AT_ONCE:
            height, width = int.from_bytes(jpeg[at + 5 : at + 7]), int.from_bytes(jpeg[at + 7 : at + 9])
            return _checked(jpeg[at : at + 10], width, height)
        if marker in _OTHER_FRAMES:
            raise SourceFailed(
                "a picture is a JPEG of a kind that browsers do not make, such as a progressive one"
            )
        if marker in (_START_OF_SCAN, _END) or length < 2:  # noqa: PLR2004
            break
        at += 2 + length
    raise SourceFailed("a picture is a JPEG without a size")


def _checked(head: bytes, width: int, height: int) -> tuple[int, int]:
    if len(head) < 10 or head[4] != 8 or head[9] not in _COMPONENTS:  # noqa: PLR2004
        raise SourceFailed("a picture is a JPEG of other than 8 bits, or of other than grey or colours")
    return width, height
