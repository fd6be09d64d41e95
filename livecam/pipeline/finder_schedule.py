"""When the on-device finder looks next: at its rate, within its share of a core, sooner in a hurry. Pure."""

from __future__ import annotations

import math
from collections import deque
from statistics import median_low

SHARE = 0.2
"""Of one core at most, over time: 5 looks a second on every machine that needs less than 40 ms for one, and
10 in a hurry where one takes 20."""
COSTS = 9
"""Looks whose median cost counts: one that was disturbed, or had to build its net, does not."""
LEAST_COSTS = 2
"""Looks before which nothing is known: the first one at a picture of another shape builds its net."""
HURRIED_RATE = 10.0
"""Looks per second in a hurry: more often, a face has hardly moved on."""
HURRIED = 2.0
"""Times the rate that is wanted, at most, in a hurry."""
PATIENCE = 20
"""Looks without a face after which nothing is in a hurry: an empty room may stay empty for hours."""


class FinderSchedule:
    """Decides whether a frame is to be looked at; told the time and what each look cost.

    Args:
        rate: looks per second that are wanted.
        share: of one core that looking may take, 0..1.
    """

    def __init__(self, rate: float, *, share: float = SHARE) -> None:
        self._wanted = rate
        self._share = share
        self._costs: deque[float] = deque(maxlen=COSTS)
        self._empty_looks = 0
        self._looked_at = self._next_due_at = -math.inf

    @property
    def rate(self) -> float:
        """Looks per second at present: what is wanted, or what the share allows."""
        return 1 / self._interval

    @property
    def full_rate(self) -> float:
        """Looks per second that are wanted."""
        return self._wanted

    def is_due(self, now: float, *, hurry: bool = False) -> bool:
        """Return whether a frame is to be looked at now.

        Args:
            now: the instant, seconds.
            hurry: a look is worth more than usual: there is no face to follow, the scene has changed, or
                a face waits to be seen a second time.
        """
        if hurry and self._empty_looks < PATIENCE:
            return now >= min(self._looked_at + self._hurried_interval, self._next_due_at)
        return now >= self._next_due_at

    def began(self, now: float) -> None:
        """Take note that a look begins."""
        interval = self._interval
        # What a look is late, because no frame came, the next one makes up for: at 30 fps a pace that only
        # kept its distance would be a tenth too slow.
        is_on_time = 0 <= now - self._next_due_at < interval
        self._next_due_at = (self._next_due_at if is_on_time else now) + interval
        self._looked_at = now

    def took(self, cpu_seconds: float, *, has_found: bool = True) -> None:
        """Take note of what a look cost, in CPU seconds, and whether it found a face."""
        self._costs.append(cpu_seconds)
        self._empty_looks = 0 if has_found else self._empty_looks + 1

    def seen(self, at: float) -> None:
        """Take note that another on-device part looked at a frame of that instant: one look is enough."""
        self._looked_at = max(self._looked_at, at)
        self._next_due_at = max(self._next_due_at, at + self._interval)

    @property
    def _interval(self) -> float:
        return max(1 / self._wanted, self._cost / self._share)

    @property
    def _hurried_interval(self) -> float:
        return max(1 / min(HURRIED_RATE, HURRIED * self._wanted), self._cost / self._share)

    @property
    def _cost(self) -> float:
        return median_low(self._costs) if len(self._costs) >= LEAST_COSTS else 0.0
