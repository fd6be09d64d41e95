from __future__ import annotations

import asyncio
from itertools import pairwise
from types import SimpleNamespace

import pytest
from asyncio_throttle import throttler

from livecam.pacing import CUT
from livecam.pipeline.throttled_pacer import RETRY_INTERVAL, ThrottledPacer
from livecam.testing.clock import FakeClock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Give the throttler a time of its own that passes only in its sleep."""
    clock = FakeClock()

    async def sleep(seconds: float) -> None:
        clock.advance(seconds)
        await asyncio.sleep(0)

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
    assert await permits(ThrottledPacer(2.0, clock=clock), clock, 1) == [began_at]


@pytest.mark.parametrize("rate", [0.5, 2.0, 10.0, 25.0])
async def test_calls_are_spaced_evenly(clock: FakeClock, rate: float) -> None:
    instants = await permits(ThrottledPacer(rate, clock=clock), clock, 20)
    for earlier, later in pairwise(instants):
        # A look at the time may come one interval late, another when the clock is exactly at the end of
        # the period; the next permit makes up for it.
        assert abs(later - earlier - 1 / rate) <= 2 * RETRY_INTERVAL + 0.003 / rate


@pytest.mark.parametrize("rate", [1.0, 2.0, 5.0, 20.0])
async def test_looking_at_the_time_now_and_then_does_not_make_it_slower(
    clock: FakeClock, rate: float
) -> None:
    instants = await permits(ThrottledPacer(rate, clock=clock), clock, int(30 * rate))
    achieved = (len(instants) - 1) / (instants[-1] - instants[0])
    assert 0.99 * rate <= achieved <= rate


async def test_time_left_unused_is_not_made_up_for_in_a_burst(clock: FakeClock) -> None:
    pacer = ThrottledPacer(2.0, clock=clock)
    await pacer.permit()
    clock.advance(60.0)
    first, second, third = await permits(pacer, clock, 3)
    assert second - first >= 0.5
    assert third - second >= 0.5


async def test_who_waits_for_a_permit_while_the_rate_is_lowered_waits_longer(clock: FakeClock) -> None:
    pacer = ThrottledPacer(2.0, clock=clock)
    (first,) = await permits(pacer, clock, 1)
    waiting = asyncio.create_task(pacer.permit())
    await asyncio.sleep(0)
    assert first < clock.now() < first + 0.4
    pacer.throttled(clock.now())
    assert pacer.rate == pytest.approx(2.0 * CUT)
    await waiting
    assert clock.now() - first >= 0.5 / CUT


async def test_throttles_of_calls_that_were_under_way_do_not_put_the_permit_off(clock: FakeClock) -> None:
    pacer = ThrottledPacer(2.0, clock=clock)
    sent_at = clock.now()
    pacer.throttled(sent_at)
    pacer.throttled(sent_at)
    assert pacer.rate == pytest.approx(2.0 * CUT)


async def test_the_rate_creeps_back_with_each_success(clock: FakeClock) -> None:
    pacer = ThrottledPacer(2.0, clock=clock)
    pacer.throttled(clock.now())
    before = pacer.rate
    pacer.succeeded()
    assert before < pacer.rate < 2.0


async def test_a_service_may_be_approached_gently(clock: FakeClock) -> None:
    assert ThrottledPacer(25.0, clock=clock).rate == 25.0
    assert ThrottledPacer(25.0, ramps_up=True, clock=clock).rate == 10.0


async def test_another_rate_holds_for_who_waits_already(clock: FakeClock) -> None:
    pacer = ThrottledPacer(0.1, clock=clock)
    (first,) = await permits(pacer, clock, 1)
    waiting = asyncio.create_task(pacer.permit())
    await asyncio.sleep(0)
    pacer.ask(4.0)
    assert (pacer.rate, pacer.asked) == (4.0, 4.0)
    await waiting
    assert 0.25 <= clock.now() - first <= 0.26


async def test_a_lower_rate_holds_from_the_next_call_on(clock: FakeClock) -> None:
    pacer = ThrottledPacer(10.0, clock=clock)
    *_, last = await permits(pacer, clock, 5)
    pacer.ask(1.0)
    following = await permits(pacer, clock, 3)
    assert all(later - earlier >= 1.0 for earlier, later in pairwise([last, *following]))


@pytest.mark.parametrize(("before", "after"), [(2.0, 20.0), (20.0, 2.0), (5.0, 6.0)])
async def test_whenever_the_rate_is_changed_no_second_has_more_than_one_extra_call(
    clock: FakeClock, before: float, after: float
) -> None:
    pacer = ThrottledPacer(before, clock=clock)
    instants = await permits(pacer, clock, int(3 * before))
    changed_at = clock.now()
    pacer.ask(after)
    instants += await permits(pacer, clock, int(3 * after))
    for first in instants:
        most = after if first >= changed_at else max(before, after)
        assert sum(1 for at in instants if first <= at < first + 1.0) <= most + 1


async def test_asking_again_and_again_grants_nothing(clock: FakeClock) -> None:
    pacer = ThrottledPacer(2.0, clock=clock)
    (first,) = await permits(pacer, clock, 1)
    for rate in (3.0, 2.0) * 20:
        pacer.ask(rate)
    (second,) = await permits(pacer, clock, 1)
    assert second - first >= 0.5
