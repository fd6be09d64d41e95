"""asyncio-throttle behind the `Pacer` plug.

It reads the time and sleeps by itself, so it is used nowhere else; tests use a fake pacer.
One call per 1/rate seconds spaces them evenly; `rate` calls per second would let them go in bursts.
By itself it is late by a look at the time for every permit (9 % at 20 a second), so its period is set
anew after each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asyncio_throttle.throttler import Throttler

from livecam.clock import SystemClock
from livecam.pacing import Pace, Spacing

if TYPE_CHECKING:
    from livecam.clock import Clock

RETRY_INTERVAL = 0.002
"""Seconds between its looks at the time: small against 1/rate, cheap enough."""
SYSTEM_CLOCK = SystemClock()


class ThrottledPacer:
    """Permits `rate` calls per second, evenly; fewer after a throttled answer.

    Args:
        rate: calls per second that are asked for.
        ramps_up: whether a rate above 10/s is approached from there, for a service's sake.
        clock: the one that asyncio-throttle reads by itself; another is for tests.
    """

    def __init__(self, rate: float, *, ramps_up: bool = False, clock: Clock = SYSTEM_CLOCK) -> None:
        self._pace = Pace(rate, ramps_up=ramps_up)
        self._spacing = Spacing()
        self._clock = clock
        self._throttler = Throttler(rate_limit=1, period=1.0 / rate, retry_interval=RETRY_INTERVAL)

    @property
    def rate(self) -> float:
        """Calls per second that are permitted at present."""
        return self._pace.rate

    @property
    def asked(self) -> float:
        """Calls per second that are asked for."""
        return self._pace.asked

    def ask(self, rate: float) -> None:
        """Ask for another rate; who waits for a permit now waits as long as that says."""
        before = self.rate
        self._pace.ask(rate)
        if self.rate != before:
            self._throttler.period = self._spacing.respaced(self.rate)

    async def permit(self) -> None:
        """Return when the next call may be made; for one caller at a time."""
        asked_at = self._clock.now()
        await self._throttler.acquire()
        self._throttler.period = self._spacing.granted(
            self.rate, asked_at=asked_at, granted_at=self._clock.now()
        )

    def throttled(self, sent_at: float) -> None:
        """Lower the rate at once: the service refused a call sent at that instant as one too many."""
        before = self.rate
        self._pace.throttled(sent_at, self._clock.now())
        if self.rate < before:  # who waits for a permit now waits longer
            self._throttler.period = self._spacing.respaced(self.rate)

    def succeeded(self) -> None:
        """Let the rate creep back to the one that was asked for."""
        self._pace.succeeded()
