from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from livecam.errors import UsageError
from livecam.faces import Emotion
from livecam.sources.demo_scene.office_schedule import (
    ACTIVITIES,
    LIVELY,
    NOBODY,
    SETTLED,
    STILL,
    TALK,
    VARIANTS,
    WALK,
    WORK,
    Schedule,
    schedule,
)

MINUTES = 15
DAY = schedule("office", MINUTES * 60.0)


def cues_per_minute(day: Schedule, activity: str) -> float:
    """Return how often the expression changes, without the calm one that a person comes with."""
    begins = {presence.begins_at for presence in day.presences}
    cues = [cue for cue in day.cues if cue.at not in begins and day.activity_at(cue.at) == activity]
    seconds = sum(each.ends_at - each.begins_at for each in day.activities if each.name == activity)
    return len(cues) * 60 / seconds


def test_the_same_seed_is_the_same_day_and_another_is_not() -> None:
    assert schedule("office", 300.0, 3) == schedule("office", 300.0, 3)
    assert schedule("office", 300.0, 3).cues != schedule("office", 300.0, 4).cues


@pytest.mark.parametrize("variant", VARIANTS)
def test_activities_fill_the_time_without_gaps(variant: str) -> None:
    day = schedule(variant, 240.0)
    assert day.activities[0].begins_at == 0.0
    assert day.activities[-1].ends_at == pytest.approx(240.0)
    assert all(a.ends_at == b.begins_at for a, b in pairwise(day.activities))
    assert {each.name for each in day.activities} <= set(ACTIVITIES)


def test_a_day_has_everything_in_it_and_a_third_of_it_is_nobody() -> None:
    assert {each.name for each in DAY.activities} == set(ACTIVITIES)
    nobody = sum(each.ends_at - each.begins_at for each in DAY.activities if each.name == NOBODY)
    assert nobody / DAY.duration == pytest.approx(0.34)


def test_somebody_is_there_exactly_while_something_is_done() -> None:
    for tenth in range(MINUTES * 600):
        at = tenth / 10
        assert (DAY.presence_at(at) is None) == (DAY.activity_at(at) == NOBODY), at


def test_who_is_there_from_the_first_picture_does_not_walk_in() -> None:
    assert all(presence.walks_in and presence.walks_out for presence in DAY.presences)
    (always,) = schedule("always", 60.0).presences
    assert (always.walks_in, always.walks_out) == (False, False)


@pytest.mark.parametrize(("activity", "rate"), [(STILL, 0), (WORK, 4), (TALK, 4), (LIVELY, 16)])
def test_expressions_change_as_often_as_the_activity_has_it(activity: str, rate: int) -> None:
    assert cues_per_minute(DAY, activity) == pytest.approx(rate, rel=0.2)


def test_nothing_changes_in_the_still_variant_and_much_in_the_other() -> None:
    assert len(schedule("still", 600.0).cues) == 1
    always = schedule("always", 600.0)
    assert 4 <= (len(always.cues) - 1) / 10 <= 8


def test_each_expression_is_another_one_and_lasts() -> None:
    for before, cue in pairwise(DAY.cues):
        if any(cue.at == presence.begins_at for presence in DAY.presences):
            assert cue.expression is Emotion.CALM
            continue
        assert cue.expression is not before.expression
        assert cue.at - before.at > 1.0


def test_nothing_changes_while_somebody_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    short = tuple(
        replace(VARIANTS["office"][6], activity=name, share=1 / 3) for name in (NOBODY, LIVELY, NOBODY)
    )
    monkeypatch.setitem(VARIANTS, "visit", short)
    for seed in range(20):
        day = schedule("visit", 60.0, seed)
        (visit,) = day.presences
        within = [cue.at for cue in day.cues] + [shift.at for shift in day.shifts]
        within = [at for at in within if at > visit.begins_at]
        assert min(within) >= visit.begins_at + WALK + SETTLED
        assert max(within) <= visit.ends_at - WALK - SETTLED


def test_an_unknown_variant_is_named() -> None:
    with pytest.raises(UsageError, match="variant 'holiday' is not known; give one of office, still, always"):
        schedule("holiday", 60.0)
