"""asyncio-throttle behind the `Pacer` plug.

It reads the time and sleeps by itself, so it is used nowhere else; tests use a fake pacer.
One call per 1/rate seconds spaces them evenly; `rate` calls per second would let them go in bursts.
"""

from __future__ import annotations

from asyncio_throttle.throttler import Throttler

RETRY_INTERVAL = 0.002
"""Seconds between its looks at the time: small against 1/rate, cheap enough."""


class ThrottledPacer:
    """Permits `rate` calls per second, evenly."""

    def __init__(self, rate: float) -> None:
        self._throttler = Throttler(rate_limit=1, period=1.0 / rate, retry_interval=RETRY_INTERVAL)

    async def permit(self) -> None:
        """Return when the next call may be made."""
        await self._throttler.acquire()
