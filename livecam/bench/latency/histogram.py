"""Small histograms of latencies in characters, all on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BLOCKS = " ▁▂▃▄▅▆▇█"
"""From nothing to the most; a single call is to be seen, however many there are elsewhere."""
ASCII_BLOCKS = " .:-=+*#@"
"""As many, for terminals that have no others."""
WIDE_FROM = 4.0
"""Greatest over least from which the axis is logarithmic: a few slow calls would press all else together."""
LEAST = 1e-4
"""Seconds, below which a logarithmic axis does not reach."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From where to where histograms reach, in seconds."""

    low: float
    high: float
    is_logarithmic: bool

    def edges(self, columns: int) -> NDArray[np.float64]:
        """Return the `columns` + 1 borders of that many columns."""
        space = np.geomspace if self.is_logarithmic else np.linspace
        return np.asarray(space(self.low, self.high, columns + 1), dtype=np.float64)


def axis_of(values: Sequence[float]) -> Axis | None:
    """Return an axis on which all values have a place; None of none."""
    if not values:
        return None
    low, high = min(values), max(values)
    if high > WIDE_FROM * max(low, LEAST):
        return Axis(max(low, LEAST), high, is_logarithmic=True)
    return Axis(low, high if high > low else low + LEAST, is_logarithmic=False)


def histogram(values: Sequence[float], axis: Axis, columns: int) -> str:
    """Return one character of `BLOCKS` for each column; what lies beyond the axis counts at its ends."""
    within = np.clip(np.asarray(values, dtype=np.float64), axis.low, axis.high)
    edges = axis.edges(columns)
    edges[0], edges[-1] = axis.low, axis.high  # powers are not exact
    counts, _ = np.histogram(within, edges)
    most = max(int(counts.max()), 1)
    steps = len(BLOCKS) - 1
    return "".join(BLOCKS[0 if not count else max(1, round(steps * int(count) / most))] for count in counts)


def without_blocks(text: str) -> str:
    """Return text in ASCII: for terminals and files that know no other characters."""
    table = str.maketrans(BLOCKS, ASCII_BLOCKS)
    return text.translate(table).encode("ascii", "backslashreplace").decode("ascii")


def for_encoding(lines: Sequence[str], encoding: str | None) -> list[str]:
    """Return lines as an output of that encoding can show them."""
    try:
        "\n".join(lines).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return [without_blocks(line) for line in lines]
    return list(lines)
