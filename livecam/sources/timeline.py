"""Presentation times as they come, made into media times that can be played: pure.

Files lie about time: joined recordings begin again, a stream's clock wraps, a repair tool writes one
time for all, and a header claims 90000 pictures per second. An honest pause is none of that and stays:
a screen recording shows nothing new for as long as nothing moves.
"""

from __future__ import annotations

import math
import statistics
from collections import deque

SLOWEST_RATE, FASTEST_RATE = 0.2, 300.0
"""Nominal frames per second that are believed: a slow surveillance camera's to slow motion's."""
DEFAULT_STEP = 1 / 30
"""Seconds between pictures while nothing is known about them."""
LONGEST_PAUSE = 3600.0
"""Seconds; a longer gap is a jump of the clock, whatever the container says."""
LONGEST_PAUSE_BEYOND_END = 2.0
"""Seconds that a gap may have which leads beyond the end that the container announces."""
SHORTEST_STEP = 5e-4
"""Seconds; pictures that are closer have one time between them (1000 per second are the most in use)."""
NUDGE = 1e-3
"""Seconds by which a picture with a time that was there before is put off, so that the next honest time
still fits and nothing drifts."""
MOST_NUDGES = 3
"""Repeated times in a row, after which the clock is thought to stand."""
BACKWARD_SLACK = 0.1
"""Seconds that a time may lie back as jitter; more is a new beginning."""


def believable_rate(rate: float | None) -> float | None:
    """Return a nominal rate (frames per second), or None when there is none that can be believed."""
    return rate if rate is not None and SLOWEST_RATE <= rate <= FASTEST_RATE else None


class Timeline:
    """Gives each picture of one source its media time: from 0, strictly ascending.

    Args:
        rate: nominal frames per second; None or an absurd one when it is not known.
        duration: seconds that the container announces; None when it does not.
    """

    def __init__(self, *, rate: float | None = None, duration: float | None = None) -> None:
        nominal = believable_rate(rate)
        self._nominal_step = None if nominal is None else 1 / nominal
        self._steps: deque[float] = deque(maxlen=5)
        self._origin: float | None = None
        self._presented: float | None = None
        """The last picture's own time."""
        self._last: float | None = None
        """The last picture's media time."""
        self._repeats = 0
        self.duration = duration
        """Seconds; may be corrected while a file grows."""

    def place(self, presented: float | None) -> float:
        """Return the media time of the next picture, in seconds.

        Args:
            presented: its presentation time in seconds on any clock; None when it has none.
        """
        if presented is not None and not math.isfinite(presented):
            presented = None
        if self._last is None:
            self._origin, self._last = presented, 0.0
        else:
            self._last = self._next(self._last, presented)
        self._presented = presented
        return self._last

    @property
    def _step(self) -> float:
        """Seconds to the next picture, when its own time does not tell."""
        if self._nominal_step is not None:
            return self._nominal_step
        return statistics.median(self._steps) if self._steps else DEFAULT_STEP

    def _next(self, last: float, presented: float | None) -> float:
        if presented is None:
            return last + self._step
        if self._origin is None:  # the first time at all: what came before had none
            return self._begin_again(last, presented)
        if self._presented is not None and abs(presented - self._presented) < SHORTEST_STEP:
            return self._repeated(last)
        time = presented - self._origin
        gap = time - last
        if gap < -BACKWARD_SLACK or self._is_jump(time, gap):
            return self._begin_again(last, presented)
        if gap < SHORTEST_STEP:
            return self._repeated(last)
        self._repeats = 0
        if gap <= 1 / SLOWEST_RATE:
            self._steps.append(gap)
        return time

    def _is_jump(self, time: float, gap: float) -> bool:
        if gap > LONGEST_PAUSE:
            return True
        is_beyond_end = self.duration is not None and time > self.duration + 1
        return is_beyond_end and gap > LONGEST_PAUSE_BEYOND_END

    def _begin_again(self, last: float, presented: float) -> float:
        """Put a picture right behind the last one and count from there."""
        time = last + self._step
        self._origin = presented - time
        return time

    def _repeated(self, last: float) -> float:
        self._repeats += 1
        return last + (NUDGE if self._repeats <= MOST_NUDGES else self._step)
