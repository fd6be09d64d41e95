"""Figures about durations and rates. Pure: told every value and every instant.

N instants span N - 1 intervals: a rate is (N - 1) / (last - first). Dividing N by that span reads
31 where 30 is right.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A day of calls at 10/s would be 864,000 floats; past this, the oldest are forgotten.
KEPT_SAMPLES = 200_000


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Order statistics of durations in seconds; None where there was no sample."""

    p50: float | None
    p90: float | None
    p95: float | None
    p99: float | None
    max: float | None
    count: int


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the `share` (0..1) quantile of ascending values, None when there are none.

    Linear between closest ranks: Hyndman and Fan's type 7, the default of numpy and of R.
    """
    if not ordered:
        return None
    rank = share * (len(ordered) - 1)
    low = math.floor(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


def percentiles(values: Sequence[float]) -> Percentiles:
    """Return the usual percentiles of durations in any order."""
    ordered = sorted(values)
    p50, p90, p95, p99 = (percentile(ordered, share) for share in (0.5, 0.9, 0.95, 0.99))
    return Percentiles(p50, p90, p95, p99, ordered[-1] if ordered else None, len(ordered))


def rate(instants: Sequence[float]) -> float | None:
    """Return events per second of ascending instants; None for fewer than two."""
    if len(instants) < 2 or instants[-1] <= instants[0]:  # noqa: PLR2004  one instant spans no time
        return None
    return (len(instants) - 1) / (instants[-1] - instants[0])


class RollingRate:
    """Events per second over the last `window` seconds."""

    def __init__(self, window: float) -> None:
        self._window = window
        self._instants: deque[float] = deque()

    def add(self, at: float) -> None:
        """Count an event at instant `at`."""
        self._instants.append(at)
        self._forget(at)

    def per_second(self, now: float) -> float | None:
        """Return the rate at `now`; None when fewer than two events are in the window.

        The time since the last event counts too once it is longer than the usual interval, so
        that a source that has stopped is seen to slow down.
        """
        self._forget(now)
        usual = rate(self._instants)
        if usual is None:
            return None
        silent_rate = len(self._instants) / max(now - self._instants[0], 1e-9)
        return min(usual, silent_rate) if now - self._instants[-1] > 2.0 / usual else usual

    def _forget(self, now: float) -> None:
        while self._instants and self._instants[0] < now - self._window:
            self._instants.popleft()


class RollingDurations:
    """Percentiles of the durations of the last `window` seconds."""

    def __init__(self, window: float) -> None:
        self._window = window
        self._samples: deque[tuple[float, float]] = deque(maxlen=KEPT_SAMPLES)

    def add(self, at: float, duration: float) -> None:
        """Add a duration in seconds that ended at instant `at`."""
        self._samples.append((at, duration))

    def percentiles(self, now: float) -> Percentiles:
        """Return the percentiles of what is not older than the window."""
        while self._samples and self._samples[0][0] < now - self._window:
            self._samples.popleft()
        return percentiles([duration for _, duration in self._samples])
