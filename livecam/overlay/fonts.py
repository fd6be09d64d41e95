"""The font: OpenCV 5's own (Rubik, with a fallback for other scripts), one instance a thread.

A `cv2.FontFace` that two threads share draws garbage (6,001 of 9,000 strings wrong, OpenCV 5.0.0);
one of its own for each thread draws every string right, and costs a millisecond to make.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.overlay.theme import Colour

FAMILY = "sans"
REGULAR = 430
STRONG = 600
"""Weights, 100..1000; a little over the usual 400, since thin strokes drown in a moving picture."""

_of_thread = threading.local()


class Typeface:
    """Measures and draws text; belongs to the thread that made it."""

    def __init__(self) -> None:
        self._face = cv2.FontFace(FAMILY)

    def measure(self, text: str, size: int) -> tuple[int, int]:
        """Return the width and height in pixels that a text takes at most, in either weight."""
        _, _, width, height = cv2.getTextSize((0, 0), drawable(text), (0, 0), self._face, size, STRONG)
        return int(width), int(height)

    def write(
        self,
        image: Image,
        text: str,
        at: tuple[int, int],
        *,
        size: int,
        colour: Colour,
        is_strong: bool = False,
    ) -> None:
        """Draw a text into the image, its baseline starting at `at` (x, y)."""
        cv2.putText(
            image, drawable(text), at, colour, self._face, size, weight=STRONG if is_strong else REGULAR
        )


def drawable(text: str) -> str:
    """Return what of a text OpenCV can take: a file name's undecodable bytes would end the process."""
    return text.encode("utf-8", "replace").decode()


def typeface() -> Typeface:
    """Return the calling thread's typeface."""
    existing: Typeface | None = getattr(_of_thread, "typeface", None)
    if existing is None:
        existing = _of_thread.typeface = Typeface()
    return existing
