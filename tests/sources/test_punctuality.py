from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.sources.punctuality import Punctuality

if TYPE_CHECKING:
    from collections.abc import Sequence


def judged(times: Sequence[tuple[float | None, float]]) -> list[bool]:
    punctuality = Punctuality()
    return [punctuality.is_late(presented, now) for presented, now in times]


def overloaded(
    seconds: float, *, cost: float, skipped_cost: float, fps: float = 30.0
) -> list[tuple[float, bool]]:
    """Return (delay, whether left out) of pictures whose reading costs more than the time between them."""
    punctuality, now, found = Punctuality(), 100.0, []
    for index in range(int(seconds * fps)):
        presented = index / fps
        now = max(now, 100 + presented)
        is_late = punctuality.is_late(presented, now)
        found.append((now - presented - 100, is_late))
        now += skipped_cost if is_late else cost
    return found


def test_pictures_that_come_evenly_are_all_shown() -> None:
    assert not any(judged([(index / 30, 7 + index / 30 + index % 3 * 0.02) for index in range(300)]))


def test_pictures_without_times_are_all_shown() -> None:
    assert not any(judged([(None, index * 0.9) for index in range(20)]))


def test_a_backlog_at_the_start_is_shown_as_it_drains() -> None:
    assert not any(judged([(index / 30, 7 + index / 200) for index in range(60)]))


def test_what_the_network_held_up_is_left_out_until_the_stream_has_caught_up() -> None:
    before = [(index / 30, 7 + index / 30) for index in range(30)]
    burst = [(1 + index / 30, max(9.5 + index / 500, 8 + index / 30)) for index in range(90)]
    late = judged(before + burst)
    assert sum(late) == late.index(False, 30) - 30
    assert 45 <= sum(late) <= 50


@pytest.mark.parametrize("cost", [0.034, 0.045, 0.1])
def test_a_machine_that_is_too_slow_stays_close_to_the_present(cost: float) -> None:
    found = overloaded(600, cost=cost, skipped_cost=0.012)
    assert max(delay for delay, _ in found) < 0.9
    assert sum(not is_late for _, is_late in found) / 600 > 0.7 / cost  # pictures per second


def test_a_clock_that_drifts_makes_nothing_late() -> None:
    assert not any(judged([(index / 10 * 0.9996, 7 + index / 10) for index in range(36000)]))


@pytest.mark.parametrize("jump", [-20.0, 20.0])
def test_a_clock_that_is_set_costs_a_second_at_most(jump: float) -> None:
    before = [(100 + index / 30, 7 + index / 30) for index in range(60)]
    after = [(102 + jump + index / 30, 9 + index / 30) for index in range(90)]
    late = judged(before + after)
    assert sum(late) <= 31
    assert not any(late[-50:])
