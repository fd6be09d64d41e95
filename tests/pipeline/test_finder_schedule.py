from __future__ import annotations

import itertools

import pytest

from livecam.pipeline.finder_schedule import HURRIED_RATE, PATIENCE, SHARE, FinderSchedule

CHEAP = 0.012
DEAR = 0.1
FPS = 30


def looks(
    schedule: FinderSchedule, seconds: float, *, cost: float = CHEAP, hurry: bool = False, fps: float = FPS
) -> list[float]:
    """Return when there was a look, of frames that come evenly from instant 0."""
    found = []
    for index in range(round(seconds * fps)):
        now = index / fps
        if schedule.is_due(now, hurry=hurry):
            schedule.began(now)
            schedule.took(cost)
            found.append(now)
    return found


def test_the_first_frame_is_looked_at_at_once() -> None:
    assert FinderSchedule(5).is_due(0.0)


@pytest.mark.parametrize("rate", [1, 3, 5, 7, 10])
@pytest.mark.parametrize("fps", [10, 24, 29.97, 60])
def test_the_rate_is_kept_whatever_the_frames_are(rate: float, fps: float) -> None:
    assert len(looks(FinderSchedule(rate), 20, fps=fps)) == pytest.approx(20 * rate, rel=0.02, abs=1)


def test_looks_are_spread_evenly() -> None:
    instants = looks(FinderSchedule(7), 10)
    gaps = [later - earlier for earlier, later in itertools.pairwise(instants)]
    assert max(gaps) - min(gaps) < 1.5 / FPS


def test_after_a_long_silence_it_does_not_catch_up() -> None:
    schedule = FinderSchedule(5)
    schedule.began(0.0)
    schedule.began(60.0)
    assert not schedule.is_due(60.15)
    assert schedule.is_due(60.2)


def test_dear_looks_are_made_rarer_so_that_they_keep_within_their_share() -> None:
    schedule = FinderSchedule(5)
    taken = looks(schedule, 40, cost=DEAR)
    assert len(taken) * DEAR / 40 == pytest.approx(SHARE, rel=0.1)
    assert schedule.rate == pytest.approx(SHARE / DEAR)
    assert schedule.full_rate == 5


def test_it_is_as_often_as_wanted_again_once_looks_are_cheap_again() -> None:
    schedule = FinderSchedule(5)
    for _ in range(20):
        schedule.took(DEAR)
    for _ in range(20):
        schedule.took(CHEAP)
    assert schedule.rate == 5


@pytest.mark.parametrize("costs", [[DEAR], [DEAR, CHEAP], [CHEAP, DEAR, CHEAP], [CHEAP] * 5 + [DEAR] * 3])
def test_a_look_that_built_its_net_or_was_disturbed_changes_nothing(costs: list[float]) -> None:
    schedule = FinderSchedule(5)
    for cost in costs:
        schedule.took(cost)
    assert schedule.rate == 5


def test_in_a_hurry_it_looks_at_once_and_oftener_but_not_as_often_as_it_may_be_asked() -> None:
    schedule = FinderSchedule(5)
    schedule.began(0.0)
    assert not schedule.is_due(0.1)
    assert not schedule.is_due(0.09, hurry=True)
    assert schedule.is_due(0.1, hurry=True)
    assert 7 * HURRIED_RATE < len(looks(FinderSchedule(5), 10, hurry=True)) <= 10 * HURRIED_RATE


def test_a_hurry_costs_no_more_than_the_share() -> None:
    assert len(looks(FinderSchedule(5), 40, cost=DEAR, hurry=True)) * DEAR / 40 <= 1.05 * SHARE


def test_a_hurry_is_at_most_twice_as_fast_as_was_asked_for() -> None:
    assert len(looks(FinderSchedule(1), 20, hurry=True)) <= 41


def test_a_hurry_never_makes_it_slower_than_it_is() -> None:
    assert len(looks(FinderSchedule(25), 4, cost=0.001, hurry=True)) == pytest.approx(100, abs=2)


def test_an_empty_room_is_in_no_hurry_until_somebody_comes() -> None:
    schedule = FinderSchedule(5)
    for _ in range(PATIENCE):
        assert schedule.is_due(0.15, hurry=True)
        schedule.took(CHEAP, has_found=False)
    schedule.began(1.0)
    assert not schedule.is_due(1.15, hurry=True)
    assert schedule.is_due(1.2, hurry=True)
    schedule.took(CHEAP, has_found=True)
    assert schedule.is_due(1.15, hurry=True)


def test_what_another_part_has_seen_is_not_looked_at_again() -> None:
    schedule = FinderSchedule(5)
    schedule.began(0.0)
    schedule.seen(0.18)
    assert not schedule.is_due(0.37)
    assert not schedule.is_due(0.27, hurry=True)
    assert schedule.is_due(0.29, hurry=True)
    assert schedule.is_due(0.39)
    schedule.seen(0.1)
    assert schedule.is_due(0.39)
