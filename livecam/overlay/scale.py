"""How large text, gaps and lines are on a frame of a given size: pure."""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST_TEXT = 10
"""Pixels; the font's own x-height is then 6, the least that is read without effort."""
SMALLEST_QUIET_TEXT = 9
PORTRAIT_SHARE = 0.75
"""A portrait frame is laid out as if it were this much of its width high: lines must still fit."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes in pixels that everything on one picture shares."""

    text: int
    """Font size of what matters."""
    small: int
    """Font size of what is beside it."""
    gap: int
    """Between any two things, and to the picture's edge."""
    padding: int
    """Between a plate's edge and its text."""
    radius: int
    """Of a plate's rounded corners."""
    stroke: int
    """Width of a large box's corner marks."""


def scale_for(width: int, height: int) -> Scale:
    """Return the sizes for a frame of that many pixels: text of 10 at 240p, 14 at 480p, 19 at 720p."""
    reference = min(float(height), PORTRAIT_SHARE * width)
    text = max(SMALLEST_TEXT, round(6 + 0.0175 * reference))
    return Scale(
        text=text,
        small=max(SMALLEST_QUIET_TEXT, round(text * 0.82)),
        gap=max(3, round(text * 0.4)),
        padding=max(4, round(text * 0.5)),
        radius=max(3, round(text * 0.4)),
        stroke=max(2, round(reference / 260)),
    )
