"""Colours of the overlay: pure values.

Emotions take the palette of Okabe and Ito (2008), which people with any common colour blindness can
tell apart; it has seven usable colours, the eighth is olive from Paul Tol's "muted" set. Colour never
stands alone: the word is always beside it. Some are lightened, so that every one keeps a contrast of
3:1 (WCAG 2.1, 1.4.11) against a plate over a mid-grey picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.faces import Emotion

if TYPE_CHECKING:
    from typing import TypeAlias

    Colour: TypeAlias = tuple[int, int, int]
    """Blue, green, red: 0-255 each, as OpenCV wants them."""


def _bgr(rgb: int) -> Colour:
    """Return a colour written as 0xRRGGBB in OpenCV's order."""
    return rgb & 0xFF, rgb >> 8 & 0xFF, rgb >> 16 & 0xFF


EMOTION_COLOURS: dict[Emotion, Colour] = {
    Emotion.HAPPY: _bgr(0xF0E442),  # yellow
    Emotion.SAD: _bgr(0x2E8FD0),  # blue, lightened from 0x0072B2
    Emotion.ANGRY: _bgr(0xE2661A),  # vermillion, lightened from 0xD55E00
    Emotion.CONFUSED: _bgr(0x8CCBF2),  # sky blue, lightened away from SAD's
    Emotion.DISGUSTED: _bgr(0x999933),  # olive
    Emotion.SURPRISED: _bgr(0xE69F00),  # orange
    Emotion.CALM: _bgr(0x00A67A),  # bluish green, lightened from 0x009E73
    Emotion.FEAR: _bgr(0xCC79A7),  # reddish purple
}
UNSURE = _bgr(0xA8ADB3)
"""Boxes and accents of faces about which nothing is claimed."""
FRESH = _bgr(0xF2F4F7)
"""Boxes of faces that no detector has scored yet."""
STRONG_TEXT = _bgr(0xFFFFFF)
QUIET_TEXT = _bgr(0xC9CED6)
TROUBLE = _bgr(0xFFB020)
NOTICE = _bgr(0x56B4E9)
RECORDING = _bgr(0xFF5A52)
"""The dot beside "REC"; the word says it without the colour."""
BAR_TRACK = _bgr(0x6B7079)
HALO = _bgr(0x000000)
"""Beneath every line, so that it shows on a picture of any brightness."""
PLATE_GREY = 16
"""0-255; plates are neutral, so that one multiplication per pixel blends them."""
PLATE_STRENGTH = 0.78
"""How much of the picture a plate hides, 0..1; white text keeps 9:1 on it even over pure white."""


def colour_of(emotion: Emotion | None) -> Colour:
    """Return the colour that stands for an emotion; grey for none and UNKNOWN."""
    return UNSURE if emotion is None else EMOTION_COLOURS.get(emotion, UNSURE)
