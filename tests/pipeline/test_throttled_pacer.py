from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
from asyncio_throttle import throttler

from livecam.pipeline.throttled_pacer import RETRY_INTERVAL, ThrottledPacer
from livecam.testing.clock import FakeClock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Give the throttler a time of its own that passes only in its sleep."""
    clock = FakeClock()

    async def sleep(seconds: float) -> None:
        clock.advance(seconds)

    monkeypatch.setattr(throttler, "time", SimpleNamespace(monotonic=clock.now))
    monkeypatch.setattr(throttler, "asyncio", SimpleNamespace(sleep=sleep))
    return clock


async def permits(pacer: ThrottledPacer, clock: FakeClock, count: int) -> list[float]:
    instants = []
    for _ in range(count):
        await pacer.permit()
        instants.append(clock.now())
    return instants


async def test_the_first_call_need_not_wait(clock: FakeClock) -> None:
    began_at = clock.now()
    assert await permits(ThrottledPacer(2.0), clock, 1) == [began_at]


@pytest.mark.parametrize("rate", [0.5, 2.0, 10.0, 25.0])
async def test_calls_are_spaced_evenly(clock: FakeClock, rate: float) -> None:
    instants = await permits(ThrottledPacer(rate), clock, 20)
    for earlier, later in pairwise(instants):
        # The look at the time may come one interval late, and is late by another when the clock is
        # exactly at the end of the period.
        assert 1 / rate <= later - earlier + 1e-6 <= 1 / rate + 2 * RETRY_INTERVAL


async def test_time_left_unused_is_not_made_up_for_in_a_burst(clock: FakeClock) -> None:
    pacer = ThrottledPacer(2.0)
    await pacer.permit()
    clock.advance(60.0)
    first, second, third = await permits(pacer, clock, 3)
    assert second - first >= 0.5
    assert third - second >= 0.5
