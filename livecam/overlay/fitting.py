"""Fitting text into a width: pure, told how wide text is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Measure: TypeAlias = Callable[[str, int], tuple[int, int]]
"""From a text and a font size in pixels to the width and height that it takes, in pixels."""

ELLIPSIS = "…"


def elided(text: str, size: int, width: int, measure: Measure) -> str:
    """Return the text, cut short with an ellipsis if it is wider than `width` pixels."""
    if measure(text, size)[0] <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle].rstrip() + ELLIPSIS, size)[0] <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS if low else ""


def wrapped(text: str, size: int, width: int, measure: Measure) -> list[str]:
    """Return the text in lines of at most `width` pixels, broken at spaces; longer words are elided."""
    if measure(text, size)[0] <= width:
        return [text] if text else []
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [elided(line.removeprefix("· ").removesuffix(" ·"), size, width, measure) for line in lines]
