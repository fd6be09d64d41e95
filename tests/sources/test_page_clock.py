"""A page's clock, laid on this machine's by the fastest message."""

from __future__ import annotations

from itertools import pairwise

import pytest

from livecam.sources.page_clock import LONGEST_WAY, REMEMBERED, PageClock

AHEAD = 1000.0
"""Seconds by which this machine's clock is ahead of the page's."""


def arrive(clock: PageClock, captured: float, way: float) -> float:
    """Return the instant of a picture by this machine's clock, less what the clocks differ by."""
    return clock.instant(captured, captured + way + AHEAD) - AHEAD


def test_a_picture_that_took_long_is_not_taken_for_a_later_one() -> None:
    clock = PageClock()
    arrive(clock, 0.0, 0.02)
    assert arrive(clock, 1.0, 0.9) == pytest.approx(1.02)


def test_the_fastest_way_counts_from_when_it_is_seen() -> None:
    clock = PageClock()
    assert arrive(clock, 0.0, 0.3) == pytest.approx(0.3)
    assert arrive(clock, 1.0, 0.01) == pytest.approx(1.01)
    assert arrive(clock, 2.0, 0.3) == pytest.approx(2.01)


def test_no_picture_was_captured_after_it_arrived() -> None:
    clock = PageClock()
    for step in range(200):
        captured, way = step / 10, (step * 37 % 50) / 100
        assert arrive(clock, captured, way) <= captured + way + 1e-9


def test_a_clock_that_runs_slow_is_followed() -> None:
    clock, late = PageClock(), 0.0
    for second in range(1200):  # 0.1 % is a hundred times what real clocks drift by
        arrived = float(second)
        late = arrived - clock.instant(arrived * 0.999, arrived)
    assert late <= 2 * REMEMBERED * 0.001


def test_a_clock_that_is_set_back_is_believed_again() -> None:
    clock = PageClock()
    arrive(clock, 1_000_000.0, 0.02)
    behind = clock.instant(5.0, 2000.0)
    assert behind == pytest.approx(2000.0)
    assert clock.instant(6.0, 2001.0) == pytest.approx(2001.0)


def test_a_pause_in_the_way_is_no_change_of_the_clock() -> None:
    clock = PageClock()
    arrive(clock, 0.0, 0.02)
    assert arrive(clock, 1.0, LONGEST_WAY - 1) == pytest.approx(1.02)


def test_what_was_fastest_is_remembered_long_enough() -> None:
    clock = PageClock()
    arrive(clock, 0.0, 0.0)
    seen = [arrive(clock, float(second), 0.5) for second in range(1, round(REMEMBERED))]
    assert seen == pytest.approx([float(second) for second in range(1, round(REMEMBERED))])
    assert all(earlier < later for earlier, later in pairwise(seen))
