from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.clock import SystemClock
from livecam.pipeline.throttled_pacer import ThrottledPacer
from tests.pipeline.parts import FreePacer

if TYPE_CHECKING:
    from livecam.protocols import Pacer


def throttled() -> Pacer:
    return ThrottledPacer(500.0)


def ramping() -> Pacer:
    return ThrottledPacer(500.0, ramps_up=True)


def free() -> Pacer:
    return FreePacer()


@pytest.fixture(params=[throttled, ramping, free], ids=lambda make: make.__name__)
def pacer(request: pytest.FixtureRequest) -> Pacer:
    pacer: Pacer = request.param()
    return pacer


async def test_it_permits_one_call_after_the_other(pacer: Pacer) -> None:
    for _ in range(3):
        await pacer.permit()


def test_a_throttle_lowers_its_rate_but_not_to_nothing(pacer: Pacer) -> None:
    before = pacer.rate
    pacer.throttled(SystemClock().now())
    assert 0 < pacer.rate < before


def test_successes_bring_its_rate_back_and_no_further(pacer: Pacer) -> None:
    for _ in range(100_000):
        pacer.succeeded()
    most = pacer.rate
    pacer.throttled(SystemClock().now())
    before = pacer.rate
    pacer.succeeded()
    assert pacer.rate > before
    for _ in range(100_000):
        pacer.succeeded()
    assert pacer.rate == most


async def test_it_permits_calls_after_a_throttle(pacer: Pacer) -> None:
    await pacer.permit()
    pacer.throttled(SystemClock().now())
    await pacer.permit()
