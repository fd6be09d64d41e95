from __future__ import annotations

import math
import random

import pytest

from livecam.uplink import LEAST_CALLS, RECENT, WINDOW, Uplink, Upload

SERVICE = 0.34
BUDGET = 0.15
PER_BYTE = 10e-6
"""About 1 Mbit/s, base64 included."""


def answered(
    uplink: Uplink, sizes: list[int], *, per_byte: float = PER_BYTE, service: float = SERVICE
) -> None:
    for size in sizes:
        uplink.add(Upload(size, service + size * per_byte))


def alternating(calls: int, small: int = 18_000, large: int = 26_000) -> list[int]:
    return [small, large] * (calls // 2)


def test_calls_of_two_sizes_tell_what_a_byte_takes() -> None:
    uplink = Uplink(BUDGET)
    answered(uplink, alternating(LEAST_CALLS))
    assert uplink.slope is not None
    assert uplink.slope.likely == pytest.approx(PER_BYTE)
    assert uplink.slope.error == pytest.approx(0.0, abs=1e-12)


def test_too_few_calls_tell_nothing() -> None:
    uplink = Uplink(BUDGET)
    answered(uplink, alternating(LEAST_CALLS - 2))
    assert uplink.slope is None


def test_calls_of_one_size_tell_nothing_and_leave_a_doubt() -> None:
    uplink = Uplink(BUDGET)
    answered(uplink, [25_000, 26_000] * 12)
    assert uplink.slope is None
    assert uplink.is_in_doubt(26_000)


def test_a_call_that_is_quicker_than_its_upload_may_be_leaves_no_doubt() -> None:
    uplink = Uplink(BUDGET)
    assert not uplink.is_in_doubt(26_000)
    answered(uplink, [26_000] * 3, per_byte=1e-6, service=0.1)
    assert not uplink.is_in_doubt(26_000)


def test_once_it_is_known_there_is_no_doubt() -> None:
    uplink = Uplink(BUDGET)
    answered(uplink, alternating(LEAST_CALLS))
    assert not uplink.is_in_doubt(26_000)


def test_a_few_slow_answers_hardly_move_the_estimate() -> None:
    uplink = Uplink(BUDGET)
    for index, size in enumerate(alternating(LEAST_CALLS)):
        hiccup = 2.0 if index in (1, 7) else 0.0
        uplink.add(Upload(size, SERVICE + hiccup + size * PER_BYTE))
    assert uplink.slope is not None
    assert uplink.slope.likely == pytest.approx(PER_BYTE, rel=0.05)


@pytest.mark.parametrize("seed", range(5))
def test_the_error_covers_how_wrong_it_is_when_answers_scatter(seed: int) -> None:
    uplink, rng = Uplink(BUDGET), random.Random(seed)  # noqa: S311  repeatable noise
    for size in alternating(WINDOW):
        uplink.add(Upload(size, SERVICE * math.exp(rng.gauss(0, 0.25)) + size * PER_BYTE))
    assert uplink.slope is not None
    assert 0 < uplink.slope.error < PER_BYTE
    assert abs(uplink.slope.likely - PER_BYTE) < 3 * uplink.slope.error


def test_an_upload_takes_less_than_the_whole_call() -> None:
    uplink = Uplink(BUDGET)
    answered(uplink, alternating(LEAST_CALLS), per_byte=40e-6)
    uplink.add(Upload(20_000, 0.1))
    assert uplink.slope is not None
    assert uplink.slope.likely <= 0.1 / 20_000


def test_an_upload_takes_at_least_as_long_as_the_sending() -> None:
    uplink = Uplink(BUDGET)
    answered(uplink, alternating(LEAST_CALLS), per_byte=0.0)
    for _ in range(RECENT):
        uplink.add(Upload(20_000, 0.5, sending=0.4))
    assert uplink.slope is not None
    assert uplink.slope.likely >= 0.4 / 20_000


def test_it_is_in_doubt_again_when_calls_take_longer_than_they_did() -> None:
    uplink = Uplink(BUDGET)
    answered(uplink, alternating(WINDOW), per_byte=0.5e-6)
    assert not uplink.is_in_doubt(26_000)
    answered(uplink, [26_000] * RECENT)
    assert uplink.is_in_doubt(26_000)
    answered(uplink, alternating(WINDOW))
    assert uplink.slope.likely == pytest.approx(PER_BYTE, rel=0.1) if uplink.slope else False
    assert not uplink.is_in_doubt(26_000)


def test_a_service_that_became_slower_is_not_taken_for_the_uplink() -> None:
    uplink = Uplink(BUDGET)
    answered(uplink, alternating(WINDOW), per_byte=0.5e-6)
    answered(uplink, alternating(2 * WINDOW), per_byte=0.5e-6, service=0.9)
    assert uplink.slope is not None
    assert uplink.slope.likely * 26_000 < 0.03


def test_what_is_known_grows_less_sure_with_time() -> None:
    uplink, rng = Uplink(BUDGET), random.Random(3)  # noqa: S311  repeatable noise
    for size in alternating(WINDOW):
        uplink.add(Upload(size, SERVICE + rng.gauss(0, 0.02) + size * PER_BYTE))
    assert uplink.slope is not None
    before = uplink.slope.error
    for _ in range(100):
        uplink.add(Upload(26_000, SERVICE + rng.gauss(0, 0.02) + 26_000 * PER_BYTE))
    assert uplink.slope.error > 1.5 * before


def test_a_picture_that_never_arrived_counts_as_one_that_took_twice_what_it_may() -> None:
    uplink = Uplink(BUDGET)
    uplink.failed(26_000)
    assert uplink.slope is not None
    assert uplink.slope.likely * 26_000 == pytest.approx(2 * BUDGET)
    uplink.failed(26_000)
    assert uplink.slope.likely * 26_000 == pytest.approx(4 * BUDGET)
