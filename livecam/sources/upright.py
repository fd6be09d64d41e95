"""Decoded pictures as people see them: turned the right way up, with square pixels.

Phones store portrait video lying on its side with a note on how to turn it, and some films have
pixels that are wider than high. Decoders leave both to the player; a face that lies on its side is
not found.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import numpy as np

from livecam.native import av, cv2

if TYPE_CHECKING:
    from livecam.frames import Image

SQUARE = Fraction(1)
"""Width of a pixel over its height, when nothing is known about it."""
WIDEST_PIXEL = 4
"""Ratios beyond this, or below its inverse, are damage: the widest in use is 2 (anamorphic film)."""
STRAIGHT = (1, 0, 0, 1)
"""The display matrix of a picture that is shown as it is stored."""
_BGR = "bgr24"
_FLIPS = {(True, False): 1, (False, True): 0, (True, True): -1}
"""OpenCV's flip code by (left and right swapped, top and bottom swapped)."""


class Upright:
    """Turns the decoded pictures of one stream into those that are to be shown.

    Args:
        pixel_aspect: width of a stored pixel over its height; see `pixel_aspect_of`.
    """

    def __init__(self, pixel_aspect: Fraction = SQUARE) -> None:
        self._pixel_aspect = pixel_aspect
        self._rotation: int | None = None
        self._matrix = STRAIGHT

    def __call__(self, frame: av.VideoFrame) -> Image:
        """Return a picture upright.

        Returns:
            BGR, shape (height, width, 3), contiguous, in memory of its own. Oblong pixels are made square
            by stretching, never by shrinking, so that no detail is lost.

        Raises:
            av.FFmpegError, ValueError: the pixel format cannot be converted.
        """
        # One thread: a scaler with several keeps them until the frame is gone, and gains nothing.
        decoded = cast("Image", frame.to_ndarray(format=_BGR, threads=1))
        if frame.format.name == _BGR or not decoded.flags.c_contiguous:
            decoded = decoded.copy(order="C")  # not converted: the decoder's own memory; or with padded rows
        if frame.rotation != self._rotation:
            # Only when it changes: to look at a frame's side data ties it into a cycle, and its pixels
            # stay until the garbage collector comes by (4K: 1.2 GB instead of 0.13).
            self._rotation, self._matrix = frame.rotation, _display_matrix(frame)
        return _turned(_squared(decoded, self._pixel_aspect), self._matrix)


def pixel_aspect_of(stream: av.VideoStream) -> Fraction:
    """Return the width of a stream's pixels over their height: 1 when it says none or an absurd one."""
    aspect = stream.sample_aspect_ratio
    if not aspect or not Fraction(1, WIDEST_PIXEL) <= aspect <= WIDEST_PIXEL:
        return SQUARE
    return aspect


def _squared(image: Image, pixel_aspect: Fraction) -> Image:
    height, width = image.shape[:2]
    if pixel_aspect >= 1:
        size = (round(width * pixel_aspect), height)
    else:
        size = (width, round(height / pixel_aspect))
    if size == (width, height):
        return image
    return cast("Image", cv2.resize(image, size, interpolation=cv2.INTER_LINEAR))


def _display_matrix(frame: av.VideoFrame) -> tuple[int, int, int, int]:
    """Return where a picture's axes point when shown: (x right, x down, y right, y down), 16.16 fixed."""
    stored = cast("bytes | None", frame.side_data.get("DISPLAYMATRIX"))
    if stored is None:
        return STRAIGHT
    matrix = np.frombuffer(stored, np.int32)  # a buffer, like bytes
    return (int(matrix[0]), int(matrix[1]), int(matrix[3]), int(matrix[4]))


def _turned(image: Image, matrix: tuple[int, int, int, int]) -> Image:
    """Turn and mirror by the right angle that is nearest to a display matrix."""
    across, across_down, down_across, down = matrix
    if abs(across_down) + abs(down_across) > abs(across) + abs(down):
        image = cast("Image", cv2.transpose(image))
        across, down = down_across, across_down
    flip = _FLIPS.get((across < 0, down < 0))
    return image if flip is None else cast("Image", cv2.flip(image, flip))
