"""How sure percentiles are: they are computed again and again of calls drawn at random.

Whole blocks are drawn where there are enough of them: calls that one stall made late belong together, and
drawing them one by one would make them look like so many independent witnesses. The interval is the
bootstrap's percentile interval, expanded for few units as Hesterberg proposes ("What Teachers Should Know
About the Bootstrap", 2014, section 5.3): without it, it is too narrow by sqrt((n - 1) / n) and more.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.latency.figures import QUANTILES, Figure
from livecam.extras import require_package

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RESAMPLES = 2000
LEVEL = 0.95
LEAST_BLOCKS = 8
"""From which whole blocks are drawn: of fewer, too few different draws can be made."""
LEAST_CALLS = 10
"""Below which there is no interval at all."""
CELLS = 4_000_000
"""Drawn calls in memory at the same time."""


def require_scipy() -> None:
    """Check that statistics can be made before a long run.

    Raises:
        MissingDependency: scipy is not installed; the sentence holds the line that installs it.
    """
    require_package("scipy.stats", purpose="intervals and effects need", extra="bench")


def least_calls(share: float, level: float = LEVEL) -> int:
    """Return from how many calls on a percentile has an interval: 10 of p50, 45 of p95, 230 of p99.

    No drawing can give a call slower than the slowest there is. The true percentile lies above it with a
    chance of share ** calls, which is to be twice what the interval leaves out at most.

    Args:
        share: 0..1; of 1, the greatest of all, nothing can be said, however many calls there are.
        level: of the interval, 0..1.
    """
    if not 0.0 < share < 1.0:
        raise ValueError(f"share must lie between 0 and 1, not be {share}")
    needed = math.log(2 * (1 - level)) / math.log(max(share, 1 - share))
    return max(LEAST_CALLS, math.ceil(needed - 1e-9))


def has_interval(share: float, calls: int, level: float = LEVEL) -> bool:
    """Say whether there are enough calls to say how sure a percentile is."""
    return share < 1.0 and calls >= least_calls(share, level)


def units_of(blocks: Sequence[int]) -> NDArray[np.int64]:
    """Return for each call the number of what it is drawn with: its block, or itself of few blocks."""
    numbers, units = np.unique(np.asarray(blocks, dtype=np.int64), return_inverse=True)
    if len(numbers) < LEAST_BLOCKS:
        return np.arange(len(blocks), dtype=np.int64)
    return units.reshape(-1).astype(np.int64)


def drawn(
    values: NDArray[np.float64],
    units: NDArray[np.int64],
    shares: Sequence[float],
    rng: np.random.Generator,
    count: int = RESAMPLES,
) -> NDArray[np.float64]:
    """Return percentiles (Hyndman and Fan's type 7) of values drawn with replacement, unit by unit.

    Args:
        values: one for each call, in any order; not empty.
        units: number of each one's unit, 0 to the number of units less 1.
        shares: which percentiles, 0..1.
        rng: what chance is left to.
        count: how often all are drawn.

    Returns:
        An array of shape (shares, count).
    """
    order = np.argsort(values, kind="stable")
    ascending, unit_of = values[order], units[order]
    unit_count = int(units.max()) + 1
    result = np.empty((len(shares), count))
    step = max(1, CELLS // len(values))
    for begin in range(0, count, step):
        rows = min(step, count - begin)
        weights = rng.multinomial(unit_count, np.full(unit_count, 1.0 / unit_count), size=rows)
        result[:, begin : begin + rows] = _weighted(ascending, weights[:, unit_of], shares)
    return result


def _weighted(
    ascending: NDArray[np.float64], weights: NDArray[np.int64], shares: Sequence[float]
) -> NDArray[np.float64]:
    """Return percentiles, row by row, of ascending values that occur as often as their columns say."""
    reached = np.cumsum(weights, axis=1)
    totals = reached[:, -1]
    # Each row is lifted above the one before, so that one search finds the ranks of all rows.
    lift = np.arange(len(weights)) * (int(totals.max()) + 1)
    flat = (reached + lift[:, None]).ravel()
    first = np.arange(len(weights)) * len(ascending)

    def at(rank: NDArray[np.int64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = ascending[np.searchsorted(flat, rank + lift, side="right") - first]
        return found

    results = np.empty((len(shares), len(weights)))
    for index, share in enumerate(shares):
        rank = share * (totals - 1)
        low = np.floor(rank).astype(np.int64)
        below, above = at(low), at(np.minimum(low + 1, totals - 1))
        results[index] = below + (above - below) * (rank - low)
    return results


def interval(draws: NDArray[np.float64], units: int, level: float = LEVEL) -> tuple[float, float]:
    """Return what holds `level` of the draws, expanded for few units.

    Args:
        draws: one-dimensional.
        units: how many there were to draw from, 2 or more.
        level: 0..1.

    Raises:
        MissingDependency: scipy is not installed.
    """
    require_scipy()
    from scipy.stats import norm, t

    tail = (1 - level) / 2
    outer = float(norm.cdf(math.sqrt(units / (units - 1)) * t.ppf(tail, units - 1)))
    low, high = np.quantile(draws, (outer, 1 - outer))
    return float(low), float(high)


def figures(values: Sequence[float], blocks: Sequence[int], seed: int) -> dict[str, Figure]:
    """Return the percentiles of `QUANTILES` with their intervals, by name; none of no values.

    Args:
        values: one for each call.
        blocks: number of each one's block.
        seed: of the drawing.

    Raises:
        MissingDependency: scipy is not installed.
    """
    if not values:
        return {}
    array = np.asarray(values, dtype=np.float64)
    names = [name for name, share in QUANTILES.items() if has_interval(share, len(values))]
    intervals: dict[str, tuple[float, float]] = {}
    if names:
        units = units_of(blocks)
        rng = np.random.default_rng(seed)
        draws = drawn(array, units, [QUANTILES[name] for name in names], rng)
        count = int(units.max()) + 1
        intervals = {name: interval(row, count) for name, row in zip(names, draws, strict=True)}
    return {
        name: Figure(float(np.quantile(array, share)), *intervals.get(name, (None, None)))
        for name, share in QUANTILES.items()
    }
