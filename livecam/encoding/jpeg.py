"""Pictures as small JPEGs within the limits of Amazon Rekognition; no Exif in them.

OpenCV writes none, and the service would turn a picture as its Exif says before it measures boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.errors import DetectorError
from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image

LEAST_SIDE = 80
"""Pixels; the service refuses less."""
MOST_BYTES = 5_242_880
"""Of `Image.Bytes`; botocore does not check it."""
LEAST_QUALITY = 30
"""Under this, blocks hide what a face expresses."""
_QUALITY_STEP = 10


@dataclass(frozen=True, slots=True)
class EncodedJpeg:
    """A picture as it is sent."""

    data: bytes
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    quality: int
    """0..100, as used: less than asked when the picture would have been too large."""


def encode_jpeg(image: Image, *, width: int = 640, quality: int = 80) -> EncodedJpeg:
    """Return an image as JPEG (4:2:0), made smaller to `width` pixels but never enlarged.

    It stays wider than that where its height would fall under 80 pixels. A picture of more than
    5,242,880 bytes is encoded again with less quality, down to 30, rather than not sent.

    Args:
        image: BGR, shape (height, width, 3); only looked at.
        width: pixels.
        quality: 1..100, as libjpeg has it.

    Raises:
        DetectorError: a side is under 80 pixels, or it is too large even at quality 30.
    """
    height, full_width = image.shape[:2]
    if min(height, full_width) < LEAST_SIDE:
        raise DetectorError(
            f"the picture has {full_width}x{height} pixels, Amazon Rekognition takes none under "
            f"{LEAST_SIDE}x{LEAST_SIDE}: use a larger picture or region; it was not sent"
        )
    small = _shrunk(image, width)
    tried = quality
    data = _encoded(small, tried)
    while len(data) > MOST_BYTES and tried > LEAST_QUALITY:
        tried = max(tried - _QUALITY_STEP, LEAST_QUALITY)
        data = _encoded(small, tried)
    if len(data) > MOST_BYTES:
        raise DetectorError(
            f"the picture has {len(data):,} bytes as JPEG, Amazon Rekognition takes {MOST_BYTES:,} at most: "
            f"lower --width ({width}); it was not sent"
        )
    return EncodedJpeg(data, small.shape[1], small.shape[0], tried)


def _shrunk(image: Image, width: int) -> Image:
    """Return the image at most `width` wide, unless a side would be under `LEAST_SIDE` then.

    Exact halves first, then one bilinear step of less than 2: from 1080p to 640 that takes a third
    of the time of one INTER_AREA step, and is nearer to a prefiltered picture (0.7 ms for 2.0,
    27.8 dB for 26.0; from 4K 2.9 for 6.9 and 26.2 for 24.7).
    """
    height, full_width = image.shape[:2]
    scale = max(width / full_width, LEAST_SIDE / height, LEAST_SIDE / full_width)
    if scale >= 1:
        return image
    wanted = (round(full_width * scale), round(height * scale))
    while _can_be_halved(image, wanted):
        halves = (image.shape[1] // 2, image.shape[0] // 2)
        image = cv2.resize(image, halves, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    if (image.shape[1], image.shape[0]) == wanted:
        return image
    # Odd sides cannot be halved exactly: bilinear would skip pixels from a factor of 2 on.
    is_little = image.shape[1] < 2 * wanted[0] and image.shape[0] < 2 * wanted[1]
    method = cv2.INTER_LINEAR if is_little else cv2.INTER_AREA
    return cv2.resize(image, wanted, interpolation=method)  # type: ignore[return-value]


def _can_be_halved(image: Image, wanted: tuple[int, int]) -> bool:
    height, width = image.shape[:2]
    is_even = width % 2 == 0 and height % 2 == 0
    return bool(is_even and width >= 2 * wanted[0] and height >= 2 * wanted[1])


def _encoded(image: Image, quality: int) -> bytes:
    settings = [
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    ]
    is_encoded, data = cv2.imencode(".jpg", image, settings)
    if not is_encoded:
        raise DetectorError("OpenCV could not encode the picture as JPEG; it was not sent")
    return data.tobytes()
