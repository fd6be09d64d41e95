from __future__ import annotations

import random
from itertools import pairwise

import pytest

from livecam.analysis.polling import LONGEST, SHORTEST, PollSchedule


class _Draw(random.Random):
    """Draws the same number for ever."""

    def __init__(self, drawn: float) -> None:
        super().__init__(0)
        self._drawn = drawn

    def random(self) -> float:
        return self._drawn


def waits(
    clip_seconds: float | None, count: int, *, drawn: float = 0.0, since_start: float = 0.0
) -> list[float]:
    schedule = PollSchedule(clip_seconds, random=_Draw(drawn), since_start=since_start)
    return [schedule.next_wait() for _ in range(count)]


def test_waits_grow_from_five_seconds_to_a_minute() -> None:
    assert waits(None, 4) == pytest.approx([5, 7.5, 11.25, 16.875])
    assert waits(None, 20)[-1] == pytest.approx(48)
    assert waits(None, 20, drawn=1.0)[-1] == pytest.approx(60)


@pytest.mark.parametrize("clip_seconds", [None, 0.0, 0.4, 3.0, 10.0, 61.0, 600.0, 21_600.0, float("inf")])
@pytest.mark.parametrize("since_start", [0.0, 9.0, 5000.0])
def test_no_wait_is_shorter_than_five_seconds_or_longer_than_a_minute(
    clip_seconds: float | None, since_start: float
) -> None:
    schedule = PollSchedule(clip_seconds, random=random.Random(3), since_start=since_start)  # noqa: S311
    for _ in range(600):
        assert SHORTEST <= schedule.next_wait() <= LONGEST


def test_a_job_is_asked_about_when_it_may_be_over_and_often_from_then_on() -> None:
    found = waits(100.0, 10)
    asked_at = [sum(found[: count + 1]) for count in range(len(found))]

    first_after = next(at for at in asked_at if at >= 100)
    assert first_after == pytest.approx(100, abs=SHORTEST)
    assert found[asked_at.index(first_after) + 1] == SHORTEST


def test_the_time_that_a_job_has_run_already_counts() -> None:
    assert waits(100.0, 3, since_start=90.0) == [5, 5, 5]
    assert waits(100.0, 3, since_start=200.0) == waits(None, 3)


def test_a_long_video_is_not_asked_about_more_than_needed_before_its_end() -> None:
    found = waits(3600.0, 90)
    before = next(count for count in range(len(found)) if sum(found[:count]) >= 3600)
    assert before < 90


def test_jobs_that_began_together_are_not_asked_about_together() -> None:
    draws = random.Random(1)  # noqa: S311
    schedules = [PollSchedule(None, random=draws) for _ in range(20)]
    firsts = sorted(schedule.next_wait() for schedule in schedules)
    assert firsts[-1] - firsts[0] > 0.5
    assert all(later > earlier for earlier, later in pairwise(firsts))
