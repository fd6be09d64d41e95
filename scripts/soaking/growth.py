"""Whether a figure grows, from samples over time: pure.

What is never given back raises the floor that a figure comes down to. Viewers and faults come and go in
turns, and a busy machine lets pictures wait; so what is judged is the least of each turn. The slope of those
is Theil and Sen's, the median of the slopes between all pairs: one turn that was odd does not move it. The
interval, in which the slope lies with 95 % confidence, decides, so that a short run is not called steady
because nothing could be seen in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.stats import theilslopes

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = 3600.0
LEAST_TURNS = 4
"""The slope of fewer says nothing."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How the floor of a figure changed."""

    per_hour: float
    low: float
    """Least of the 95 % interval, per hour."""
    high: float
    hours: float
    """That were judged."""
    bound: float
    """Rise in all of these hours from which on it is growth."""

    @property
    def rise(self) -> float:
        """By how much the floor rose while it was judged."""
        return self.per_hour * self.hours

    @property
    def verdict(self) -> str:
        """What the interval says: "grows" where all of it is above the bound, "steady" where none is."""
        if self.low * self.hours > self.bound:
            return "grows"
        return "steady" if self.high * self.hours <= self.bound else "can't tell"


def floors(
    times: Sequence[float], values: Sequence[float], *, turn: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the middle, in seconds, and the least value of each turn that was not cut off.

    Args:
        times: seconds, ascending.
        values: the figure at those times.
        turn: seconds after which all that comes and goes has come and gone once.
    """
    turns: dict[int, list[tuple[float, float]]] = {}
    for time, value in zip(times, values, strict=True):
        turns.setdefault(int(time // turn), []).append((time, value))
    fullest = max(map(len, turns.values()), default=0)
    whole = [points for points in turns.values() if len(points) >= 0.8 * fullest]
    middles = tuple((points[0][0] + points[-1][0]) / 2 for points in whole)
    return middles, tuple(min(value for _, value in points) for points in whole)


def growth(times: Sequence[float], values: Sequence[float], *, turn: float, bound: float) -> Growth | None:
    """Return how the floor grew; None where there are too few turns to say.

    Args:
        times: as in `floors`.
        values: as in `floors`.
        turn: as in `floors`.
        bound: rise, over all of the time, that is put up with.
    """
    middles, least = floors(times, values, turn=turn)
    if len(least) < LEAST_TURNS:
        return None
    hours = [middle / HOUR for middle in middles]
    found = theilslopes(least, hours)
    judged = (times[-1] - times[0]) / HOUR
    return Growth(float(found.slope), float(found.low_slope), float(found.high_slope), judged, bound)
