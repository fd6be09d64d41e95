"""What the pacer achieves: calls per second, the most in any second, and how evenly.

Run as `.venv/bin/python scripts/bench/pace.py [SECONDS]`; five runs per rate, with asyncio-throttle by itself
beside it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

from asyncio_throttle.throttler import Throttler

from livecam.clock import SystemClock
from livecam.pipeline.throttled_pacer import RETRY_INTERVAL, ThrottledPacer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CLOCK = SystemClock()
RATES = (1.0, 2.0, 5.0, 10.0, 20.0)
RUNS = 5


async def permits(permit: Callable[[], Awaitable[None]], seconds: float) -> list[float]:
    """Return the instants of the permits that were got in that time."""
    instants: list[float] = []
    ends_at = CLOCK.now() + seconds
    while CLOCK.now() < ends_at:
        await permit()
        instants.append(CLOCK.now())
    return instants


def achieved(instants: list[float]) -> float:
    """Return permits per second between the first and the last."""
    return (len(instants) - 1) / (instants[-1] - instants[0])


def most_in_a_second(instants: list[float]) -> int:
    """Return the largest number of permits in any window of one second."""
    return max(sum(1 for at in instants[i:] if at < first + 1.0) for i, first in enumerate(instants))


def row(rate: float, name: str, runs: list[list[float]]) -> str:
    """Return a row of the table."""
    rates = ", ".join(f"{achieved(run):.3f}" for run in runs)
    worst = min(achieved(run) for run in runs) / rate
    best = max(achieved(run) for run in runs) / rate
    most = max(most_in_a_second(run) for run in runs)
    uneven = statistics.mean(statistics.stdev(b - a for a, b in pairwise(run)) for run in runs)
    return f"| {rate:g} | {name} | {rates} | {worst:.1%} to {best:.1%} | {most} | {uneven * 1000:.1f} |"


async def main() -> None:
    """Print a row per rate and pacer; the five runs of both go on side by side, in turns."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    print("| asked | pacer | achieved | of asked | most in 1 s | gap sd, ms |\n|---|---|---|---|---|---|")
    for rate in RATES:
        ours: list[list[float]] = []
        plain: list[list[float]] = []
        for _ in range(RUNS):
            throttler = Throttler(rate_limit=1, period=1.0 / rate, retry_interval=RETRY_INTERVAL)
            run, other = await asyncio.gather(
                permits(ThrottledPacer(rate).permit, seconds), permits(throttler.acquire, seconds)
            )
            ours.append(run)
            plain.append(other)
        print(row(rate, "livecam", ours))
        print(row(rate, "asyncio-throttle", plain), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
