"""How fast pictures go up, as far as the calls themselves tell. Pure: told of each call.

What a call takes from the first byte sent to the first byte of the answer is the upload, the way there and
back, and the service's own time; nothing says which is which. The system takes a picture at once that fits
its buffer, so that `send` alone says almost nothing. But what grows with the bytes is the upload: the
estimate is the slope between calls that sent different amounts (Theil and Sen's median, which a few slow
answers do not move), with the error that the scatter of the answers leaves. It is kept within what is
certain: an upload takes at least `send`, and less than the whole call.

Calls at the same time share the uplink: it looks as slow as it is for each of them.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from dataclasses import dataclass

WINDOW = 48
"""Newest calls that the slope is taken from: 24 s at two calls a second."""
LEAST_CALLS = 12
"""Before anything is said; their scatter is not known from fewer."""
RECENT = 8
"""Newest calls that say how it is now."""
CONTRAST = 1.25
"""How many times the bytes of the smaller one the larger one of a pair has, at least."""
AGEING = 1.01
"""How an estimate's error grows with each call: it doubles in 70."""
SURE = 1.5
"""Errors that the time of an upload must be away from what it may be, so that it is known which is more."""
SHIFTED = 3.0
"""Errors of a median of `RECENT` calls that are no chance."""
_SPREAD = 1.4826
"""Standard deviation of a normal distribution in median absolute deviations."""
_UNSURE = 6
"""Calls that are taken off: the scatter of a dozen is itself known badly, and is often seen too small."""
_OF_A_MEDIAN = 1.25
"""Error of a median against that of a mean."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What one call tells."""

    size: int
    """Bytes of the picture."""
    seconds: float
    """From the first byte sent to the first of the answer: `send` and `wait`."""
    sending: float = 0.0
    """`send` alone."""


@dataclass(frozen=True, slots=True)
class Slope:
    """Seconds that a byte of a picture takes, base64 and headers included."""

    likely: float
    error: float
    """Standard error."""


class Uplink:
    """Estimates what a byte of a picture costs in time.

    Args:
        within: seconds that an upload may take: it need only be known whether it takes more.
    """

    def __init__(self, within: float) -> None:
        self._within = within
        self._calls: deque[Upload] = deque(maxlen=WINDOW)
        self._slope: Slope | None = None
        self._base: float | None = None
        """What calls took beside the upload, when the slope was taken."""

    @property
    def slope(self) -> Slope | None:
        """The best estimate; None until there is one."""
        return self._slope

    def add(self, upload: Upload) -> None:
        """Take note of a call on an open connection that was answered."""
        self._calls.append(upload)
        if self._has_shifted():
            self._forget()
        found = _slope(self._calls)
        known = self._slope
        if found is not None and (known is None or found.error <= known.error):
            self._slope = _blended(found, known)
            self._base = self._rest(self._slope.likely)
        elif known is not None:
            self._slope = Slope(known.likely, known.error * AGEING)
        if self._slope is not None:
            self._slope = Slope(self._possible(self._slope.likely), self._slope.error)

    def failed(self, size: int) -> None:
        """Take note that a picture of so many bytes was not answered in time, nor the one before."""
        likely = max(2 * (self._slope.likely if self._slope else 0.0), 2 * self._within / size)
        self._slope = Slope(likely, likely / 4)
        self._base = None
        self._calls.clear()

    def is_in_doubt(self, size: float) -> bool:
        """Whether calls of different sizes are needed to tell how a picture of so many bytes goes up."""
        if not self._calls or self.typical <= self._within:
            return False  # the whole call is quicker than its upload may be
        if self._slope is None:
            return True
        return abs(self._slope.likely * size - self._within) < SURE * self._slope.error * size

    @property
    def typical(self) -> float:
        """Median seconds of the newest calls; 0 before the first."""
        return statistics.median(call.seconds for call in self._recent()) if self._calls else 0.0

    def _recent(self) -> list[Upload]:
        return list(self._calls)[-RECENT:]

    def _rest(self, slope: float) -> float:
        return statistics.median(call.seconds - slope * call.size for call in self._recent())

    def _possible(self, slope: float) -> float:
        recent = self._recent()
        least = statistics.median(call.sending / call.size for call in recent)
        most = min(call.seconds / call.size for call in recent)
        return max(min(slope, most), least)

    def _has_shifted(self) -> bool:
        """Return whether calls take clearly more or less than the estimate has it: uplink or service."""
        if self._slope is None or self._base is None or len(self._calls) < LEAST_CALLS:
            return False
        rests = [call.seconds - self._slope.likely * call.size for call in self._calls]
        chance = SHIFTED * _OF_A_MEDIAN * _scatter(rests) / math.sqrt(RECENT)
        return abs(statistics.median(rests[-RECENT:]) - self._base) > max(chance, self._within / 2)

    def _forget(self) -> None:
        """Believe less of what was learnt when it was otherwise."""
        recent = self._recent()
        self._calls.clear()
        self._calls.extend(recent)
        if self._slope is not None:
            largest = max(call.size for call in recent)
            self._slope = Slope(self._slope.likely, max(self._slope.error, self._within / largest))
            self._base = self._rest(self._slope.likely)


def _slope(calls: deque[Upload]) -> Slope | None:
    """Return the median of seconds per byte between calls of different sizes; None for too few."""
    slopes: list[float] = []
    ordered = sorted(calls, key=lambda call: call.size)
    for index, small in enumerate(ordered):
        slopes += [
            (large.seconds - small.seconds) / (large.size - small.size)
            for large in ordered[index + 1 :]
            if large.size >= CONTRAST * small.size
        ]
    if len(calls) < LEAST_CALLS or not slopes:
        return None
    likely = max(statistics.median(slopes), 0.0)
    noise = _scatter([call.seconds - likely * call.size for call in calls])
    mean = statistics.fmean(call.size for call in calls)
    spread = math.sqrt(sum((call.size - mean) ** 2 for call in calls))
    of_few = math.sqrt(len(calls) / (len(calls) - _UNSURE))
    return Slope(likely, _OF_A_MEDIAN * of_few * noise / spread)


def _blended(found: Slope, known: Slope | None) -> Slope:
    """Return a new estimate, drawn towards the known one as far as that is sure.

    They may have calls in common, so the error is not made smaller.
    """
    if known is None or not known.error:
        return found
    weight = 1 / (1 + (found.error / known.error) ** 2)
    return Slope(known.likely + weight * (found.likely - known.likely), found.error)


def _scatter(values: list[float]) -> float:
    """Return the standard deviation as the bulk of the values has it."""
    middle = statistics.median(values)
    return _SPREAD * statistics.median(abs(value - middle) for value in values)
