from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.sources.timeline import (
    DEFAULT_STEP,
    LONGEST_PAUSE,
    MOST_NUDGES,
    NUDGE,
    Timeline,
    believable_rate,
)

HOUR = 3600.0
WRAP = 2**33 / 90_000
"""Seconds after which the clock of MPEG transport streams begins again."""
TIMES = st.lists(
    st.none() | st.floats(-1e13, 1e13) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1 / 30]),
    max_size=60,
)
RATES = st.none() | st.floats(allow_nan=True, allow_infinity=True)
DURATIONS = st.none() | st.floats(0.0, 1e9)


def placed(*times: float | None, rate: float | None = None, duration: float | None = None) -> list[float]:
    timeline = Timeline(rate=rate, duration=duration)
    return [timeline.place(time) for time in times]


@given(TIMES, RATES, DURATIONS)
def test_whatever_comes_media_times_begin_at_0_and_ascend(
    times: list[float | None], rate: float | None, duration: float | None
) -> None:
    media_times = placed(*times, rate=rate, duration=duration)
    assert len(media_times) == len(times)
    assert media_times[:1] == [0.0][: len(times)]
    assert all(earlier < later for earlier, later in pairwise(media_times))
    assert all(math.isfinite(time) for time in media_times)


@given(st.floats(-1e6, 1e6), st.lists(st.floats(0.001, LONGEST_PAUSE - 1), max_size=30), RATES)
def test_honest_times_are_kept_whatever_the_header_claims(
    start: float, gaps: list[float], rate: float | None
) -> None:
    expected = [0.0]
    for gap in gaps:
        expected.append(expected[-1] + gap)
    assert placed(*(start + time for time in expected), rate=rate) == pytest.approx(expected, abs=1e-6)


def test_a_pause_of_forty_seconds_stays() -> None:
    assert placed(7.0, 7.1, 47.1, 47.2, rate=10.0, duration=40.3) == pytest.approx([0.0, 0.1, 40.1, 40.2])


def test_missing_times_follow_at_the_nominal_rate() -> None:
    assert placed(None, None, None, rate=10.0) == pytest.approx([0.0, 0.1, 0.2])


@pytest.mark.parametrize("rate", [None, 0.01, 1000.0, 90_000.0, 0.0, -25.0, math.nan, math.inf])
def test_without_a_rate_that_can_be_believed_missing_times_follow_as_their_neighbours(
    rate: float | None,
) -> None:
    assert placed(0.0, 0.2, 0.4, None, None, rate=rate) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])
    assert placed(None, None, rate=rate) == pytest.approx([0.0, DEFAULT_STEP])


def test_a_pause_does_not_count_as_a_step() -> None:
    assert placed(0.0, 0.1, 60.1, None) == pytest.approx([0.0, 0.1, 60.1, 60.2])


def test_times_that_begin_late_go_on_where_those_without_ended() -> None:
    assert placed(None, None, 500.0, 500.1, rate=10.0) == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_a_repeated_time_costs_a_moment_and_nothing_drifts() -> None:
    times = [index // 2 / 10 for index in range(20)]
    assert placed(*times, rate=20.0) == pytest.approx(
        [time + NUDGE * (index % 2) for index, time in enumerate(times)]
    )


def test_jitter_backwards_costs_a_moment_and_nothing_drifts() -> None:
    assert placed(0.0, 0.1, 0.08, 0.2, 0.3) == pytest.approx([0.0, 0.1, 0.1 + NUDGE, 0.2, 0.3])


def test_a_clock_that_stands_is_not_believed() -> None:
    times = placed(*[5.0] * 20, rate=10.0)
    assert times[MOST_NUDGES + 1] - times[MOST_NUDGES] == pytest.approx(0.1)
    assert times[-1] == pytest.approx(MOST_NUDGES * NUDGE + (19 - MOST_NUDGES) * 0.1)


def test_a_clock_of_whole_seconds_keeps_its_seconds() -> None:
    times = placed(*[float(index // 10) for index in range(100)], rate=10.0)
    assert [times[index] for index in range(0, 100, 10)] == pytest.approx(range(10))


def test_ninety_thousand_pictures_a_second_are_not_believed() -> None:
    times = placed(*[index / 90_000 for index in range(100)], rate=90_000.0)
    assert times[-1] == pytest.approx(96 * DEFAULT_STEP, abs=0.01)


def test_a_thousand_pictures_a_second_are() -> None:
    times = [index / 1000 for index in range(20)]
    assert placed(*times, rate=1000.0) == pytest.approx(times)


def test_a_joined_recording_goes_on_where_the_first_ended() -> None:
    assert placed(0.0, 0.1, 0.2, 0.0, 0.1, 0.2, rate=10.0) == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])


def test_a_wrapped_clock_goes_on() -> None:
    start = WRAP - 0.15
    times = [(start + index / 10) % WRAP for index in range(4)]
    assert placed(*times, rate=10.0) == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_a_jump_of_hours_is_no_pause() -> None:
    assert placed(0.0, 0.1, 7 * HOUR, 7 * HOUR + 0.1, rate=10.0) == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_a_jump_beyond_the_containers_end_is_no_pause() -> None:
    assert placed(0.0, 0.1, 600.0, 600.1, rate=10.0, duration=20.0) == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_a_header_that_announces_too_short_a_film_costs_nothing() -> None:
    times = [index / 2 for index in range(40)]
    assert placed(*times, duration=3.0) == pytest.approx(times)


def test_one_wild_time_moves_one_picture_only() -> None:
    assert placed(0.0, 0.1, 9 * HOUR, 0.3, 0.4, rate=10.0) == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])


@pytest.mark.parametrize(
    ("rate", "believed"),
    [
        (30.0, 30.0),
        (0.5, 0.5),
        (240.0, 240.0),
        (1000.0, None),
        (90_000.0, None),
        (0.01, None),
        (0.0, None),
        (math.nan, None),
        (None, None),
    ],
)
def test_which_rates_are_believed(rate: float | None, believed: float | None) -> None:
    assert believable_rate(rate) == believed
