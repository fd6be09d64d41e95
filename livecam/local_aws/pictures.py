"""From the bytes of a picture to its pixels, with the service's conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.local_aws.service_errors import ServiceError
from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image

LARGEST_BYTES = 5_242_880
"""Of a picture in the request (5 MB)."""
LARGEST_OBJECT = 15 * 1024 * 1024
"""Bytes of a picture in S3 (limits page)."""
SMALLEST_SIDE = 80
"""Pixels, both ways (limits page)."""
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def decode(content: bytes, *, largest: int = LARGEST_BYTES) -> Image:
    """Return a picture's pixels, BGR; a JPEG's Exif orientation is applied, a PNG's never.

    Args:
        content: a JPEG or PNG file.
        largest: bytes.

    Raises:
        ServiceError: it is too large (`ImageTooLargeException`), not a JPEG or PNG
            (`InvalidImageFormatException`) or too small a picture (`InvalidParameterException`).
    """
    if len(content) > largest:
        raise ServiceError("ImageTooLargeException")
    flags = cv2.IMREAD_COLOR
    if content.startswith(PNG):
        flags |= cv2.IMREAD_IGNORE_ORIENTATION
    elif not content.startswith(JPEG):
        raise ServiceError("InvalidImageFormatException")
    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    except cv2.error:  # a picture of more pixels than are decoded
        image = None
    if image is None:
        raise ServiceError("InvalidImageFormatException")
    height, width = image.shape[:2]
    if min(height, width) < SMALLEST_SIDE:
        raise ServiceError(
            "InvalidParameterException",
            f"Request has invalid parameters: the image is {width}x{height} pixels, the minimum is"
            f" {SMALLEST_SIDE}x{SMALLEST_SIDE}",
        )
    return np.asarray(image, np.uint8)
