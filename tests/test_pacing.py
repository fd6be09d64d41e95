from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.pacing import CUT, LEAST_RATE, MADE_UP, RAMP_FROM, RAMP_PER_SECOND, RECOVERY, Pace, Spacing

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_asked_rate_is_the_rate_until_something_is_throttled() -> None:
    pace = Pace(5.0)
    pace.succeeded()
    assert pace.rate == 5.0


def test_a_throttled_answer_lowers_the_rate_at_once() -> None:
    pace = Pace(5.0)
    pace.throttled(10.0, 10.3)
    assert pace.rate == pytest.approx(5.0 * CUT)


def test_throttles_of_calls_that_were_under_way_count_once() -> None:
    pace = Pace(5.0)
    for sent_at, now in ((10.0, 10.3), (10.1, 10.4), (10.3, 10.6)):
        pace.throttled(sent_at, now)
    assert pace.rate == pytest.approx(5.0 * CUT)


def test_a_throttle_of_a_call_that_was_sent_at_the_lower_rate_counts_again() -> None:
    pace = Pace(5.0)
    pace.throttled(10.0, 10.3)
    pace.throttled(10.31, 10.6)
    assert pace.rate == pytest.approx(5.0 * CUT**2)


@pytest.mark.parametrize("asked", [1.0, 5.0, 100.0])
def test_the_rate_creeps_back_by_the_same_share_each_second(asked: float) -> None:
    pace = Pace(asked)
    pace.throttled(0.0, 0.0)
    at, before = 0.0, pace.rate
    while at < 5.0:
        at += 1.0 / pace.rate
        pace.succeeded()
    assert pace.rate - before == pytest.approx(RECOVERY * asked * at, rel=0.15)


def test_the_rate_never_exceeds_the_asked_one() -> None:
    pace = Pace(5.0)
    pace.throttled(0.0, 0.0)
    for _ in range(1000):
        pace.succeeded()
    assert pace.rate == 5.0


@pytest.mark.parametrize(("asked", "least"), [(5.0, LEAST_RATE), (0.02, 0.02)])
def test_however_often_it_is_throttled_something_is_left(asked: float, least: float) -> None:
    pace = Pace(asked)
    for second in range(100):
        pace.throttled(second, second + 0.5)
    assert pace.rate == least


@pytest.mark.parametrize(("asked", "begins_at"), [(2.0, 2.0), (10.0, 10.0), (50.0, RAMP_FROM)])
def test_only_a_rate_above_ten_is_ramped_up(asked: float, begins_at: float) -> None:
    assert Pace(asked, ramps_up=True).rate == begins_at
    assert Pace(asked).rate == asked


def test_a_ramp_adds_as_much_in_each_second() -> None:
    pace = Pace(50.0, ramps_up=True)
    at = 0.0
    while at < 10.0:
        at += 1.0 / pace.rate
        pace.succeeded()
    assert pace.rate == pytest.approx(RAMP_FROM + 10 * RAMP_PER_SECOND, rel=0.02)


def test_a_throttle_ends_the_ramp() -> None:
    pace = Pace(50.0, ramps_up=True)
    pace.throttled(0.0, 0.1)
    before = pace.rate
    pace.succeeded()
    assert pace.rate == pytest.approx(before + RECOVERY * 50.0 / before)


def grants(rate: float, seconds: float, late: Callable[[], float], *, busy: float = 0.0) -> list[float]:
    """Return when permits are granted to somebody who asks again `busy` seconds after each."""
    spacing, now, due_at, instants = Spacing(), 100.0, 100.0, []
    while now < 100.0 + seconds:
        asked_at = now
        now = max(now, due_at + late())
        instants.append(now)
        due_at = now + spacing.granted(rate, asked_at=asked_at, granted_at=now)
        now += busy
    return instants


def most_in_a_second(instants: list[float]) -> int:
    return max(sum(1 for at in instants[i:] if at < first + 1.0) for i, first in enumerate(instants))


@pytest.mark.parametrize("rate", [1.0, 2.0, 5.0, 20.0])
@pytest.mark.parametrize("latest", [0.0, 0.003, 0.018])
def test_what_is_achieved_is_what_was_asked_however_late_each_permit_is(rate: float, latest: float) -> None:
    lateness = itertools.cycle([latest, 0.0, 0.3 * latest, 0.7 * latest, latest, latest])
    instants = grants(rate, 60.0, lambda: next(lateness))
    achieved = (len(instants) - 1) / (instants[-1] - instants[0])
    assert 0.99 * rate <= achieved <= rate
    assert most_in_a_second(instants) <= rate + 1


@given(
    st.floats(0.5, 60.0),
    st.lists(st.one_of(st.floats(0.0, 0.01), st.floats(0.0, 2.0)), min_size=5, max_size=40),
    st.floats(0.0, 0.3),
)
def test_never_is_there_more_than_one_extra_call_in_any_second(
    rate: float, lateness: list[float], busy: float
) -> None:
    again = iter(lateness * 100)
    instants = grants(rate, 10.0, lambda: next(again, 0.0), busy=busy)
    assert most_in_a_second(instants) <= int(rate) + 2  # a rate of 2.5 is two or three a second
    assert all(later - earlier >= 0.5 / rate for earlier, later in itertools.pairwise(instants))


def test_time_that_nobody_used_is_not_made_up_for() -> None:
    spacing = Spacing()
    spacing.granted(2.0, asked_at=100.0, granted_at=100.0)
    assert spacing.granted(2.0, asked_at=160.0, granted_at=160.0) >= 0.5


def test_a_long_delay_is_made_up_for_in_part() -> None:
    spacing = Spacing()
    due_in = spacing.granted(2.0, asked_at=100.0, granted_at=100.0)
    late = spacing.granted(2.0, asked_at=100.1, granted_at=100.0 + due_in + 0.3)
    assert late == pytest.approx(due_in - MADE_UP)


def test_another_rate_counts_from_the_last_permit() -> None:
    spacing = Spacing()
    spacing.granted(5.0, asked_at=100.0, granted_at=100.0)
    due_in = spacing.respaced(2.0)
    assert due_in == pytest.approx(0.5, rel=0.01)
    assert spacing.granted(2.0, asked_at=100.1, granted_at=100.0 + due_in) == pytest.approx(due_in)


def test_a_lower_rate_holds_at_once_and_a_higher_one_too() -> None:
    pace = Pace(5.0)
    pace.ask(2.0)
    assert (pace.rate, pace.asked) == (2.0, 2.0)
    pace.ask(8.0)
    assert (pace.rate, pace.asked) == (8.0, 8.0)


@pytest.mark.parametrize(("before", "from_there_on"), [(2.0, RAMP_FROM), (20.0, 20.0), (50.0, 40.0)])
def test_a_service_is_approached_at_a_higher_rate_as_at_the_start(
    before: float, from_there_on: float
) -> None:
    pace = Pace(before, ramps_up=True)
    for _ in range(1000):
        pace.succeeded()
    assert pace.rate == before
    pace.ask(40.0)
    assert pace.rate == from_there_on
    for _ in range(1000):
        pace.succeeded()
    assert pace.rate == 40.0


def test_a_rate_that_was_low_for_a_while_is_left_gently() -> None:
    pace = Pace(50.0)
    pace.ask(2.0)
    ramped = Pace(50.0, ramps_up=True)
    for _ in range(1000):
        ramped.succeeded()
    ramped.ask(2.0)
    ramped.ask(50.0)
    assert ramped.rate == RAMP_FROM


def test_what_the_service_has_refused_is_not_forgotten_when_another_rate_is_asked_for() -> None:
    pace = Pace(10.0)
    pace.throttled(0.0, 0.1)
    pace.ask(5.0)
    pace.succeeded()
    assert pace.rate == 5.0
    pace.ask(20.0)
    assert pace.rate == pytest.approx(10.0 * CUT)
    pace.succeeded()
    assert pace.rate == pytest.approx(10.0 * CUT + RECOVERY * 20.0 / (10.0 * CUT))


def test_once_it_is_back_another_rate_is_taken_at_once() -> None:
    pace = Pace(10.0)
    pace.throttled(0.0, 0.1)
    for _ in range(1000):
        pace.succeeded()
    pace.ask(20.0)
    assert pace.rate == 20.0


@given(
    st.lists(st.tuples(st.floats(0.5, 60.0), st.floats(0.01, 1.5)), min_size=2, max_size=12),
    st.floats(0.0, 0.02),
)
def test_however_often_the_rate_is_changed_there_is_no_more_than_one_extra_call_in_any_second(
    asked: list[tuple[float, float]], late: float
) -> None:
    spacing, now = Spacing(), 100.0
    instants: list[float] = []
    for rate, seconds in asked:
        due_at = now if not instants else max(now, instants[-1] + spacing.respaced(rate))
        until = now + seconds
        while due_at < until:
            asked_at, at = now, due_at + late
            instants.append(at)
            due_at = at + spacing.granted(rate, asked_at=asked_at, granted_at=at)
            now = at
        now = max(now, until)
    most = max(rate for rate, _ in asked)
    assert not instants or most_in_a_second(instants) <= int(most) + 2
