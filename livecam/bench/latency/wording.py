"""How figures of calls are written for people. Milliseconds exist here only."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.latency.figures import Figure

NOTHING = "-"
FINE_BELOW = 9.95
"""Milliseconds that are told to the tenth."""


def ms(seconds: float | None) -> str:
    """Return seconds as milliseconds without the unit: "412", "3.1"."""
    if seconds is None:
        return NOTHING
    value = seconds * 1000
    return f"{value:.1f}" if abs(value) < FINE_BELOW else f"{value:.0f}"


def with_interval(figure: Figure | None) -> str:
    """Return "412 [408-416]", without the interval where there is none."""
    if figure is None:
        return NOTHING
    if figure.low is None or figure.high is None:
        return ms(figure.value)
    return f"{ms(figure.value)} [{ms(figure.low)}-{ms(figure.high)}]"


def percent(share: float | None) -> str:
    """Return "6 %", "0.5 %"."""
    if share is None:
        return NOTHING
    value = share * 100
    text = f"{value:.1f}" if abs(value) < 1 else f"{value:.0f}"
    return "0 %" if text in {"0.0", "-0.0", "-0"} else f"{text} %"


def safe(text: str) -> str:
    """Return text that may come from any file as one line that no terminal takes for a command."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def wrapped(text: str, width: int, indent: str = "  ") -> list[str]:
    """Return a sentence as lines; those after the first are indented."""
    return textwrap.wrap(safe(text), max(width, 20), subsequent_indent=indent, break_on_hyphens=False)


def columns(rows: Sequence[Sequence[str]], gap: int = 2) -> list[list[str]]:
    """Return the cells of a table, the first of each row aligned left and all others right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        [
            f"{cell:<{width}}" if index == 0 else f"{cell:>{width + gap}}"
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in rows
    ]
