"""What is told of a live source's pictures, in virtual time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.evidence.glance import Glance
from livecam.health import (
    BLACK_AFTER,
    FIRST_PICTURE_WITHIN,
    FROZEN_AFTER,
    WELL_AFTER,
    SourceHealth,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "camera 0"
TOLD_WITHIN = 2.0
"""Seconds in which a user is to be told what is wrong."""
MOVING: Callable[[int], Glance] = lambda index: Glance(200.0, index)  # noqa: E731
STILL: Callable[[int], Glance] = lambda _: Glance(200.0, -7)  # noqa: E731
BLACK: Callable[[int], Glance] = lambda index: Glance(4.0, index)  # noqa: E731


class Watched:
    """A source that delivers in virtual time, looked at every tenth of a second."""

    def __init__(self) -> None:
        self.health = SourceHealth(NAME)
        self.now = 1000.0
        self.health.opened(self.now)
        self.told: list[tuple[float, str]] = []
        self._present: str | None = None
        self._index = 0
        self._looked_at = self.now

    def deliver(self, seconds: float, fps: float = 30.0, look: Callable[[int], Glance] = MOVING) -> None:
        for _ in range(round(seconds * fps)):
            self.pass_by(1 / fps)
            self._index += 1
            self.health.saw(look(self._index), self.now)
        self._look()

    def pass_by(self, seconds: float) -> None:
        until = self.now + seconds
        while self._looked_at + 0.1 <= until:
            self.now = self._looked_at + 0.1
            self._look()
        self.now = until

    def _look(self) -> None:
        self._looked_at = self.now
        trouble = self.health.trouble(self.now)
        kind = trouble.kind if trouble else None
        if kind != self._present:
            self.told.append((self.now, kind or "well"))
            self._present = kind

    @property
    def kinds(self) -> list[str]:
        return [kind for _, kind in self.told]


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.mark.parametrize("fps", [60.0, 30.0, 15.0, 7.0, 2.0, 1.0, 0.5])
def test_a_source_that_delivers_evenly_is_well(watched: Watched, fps: float) -> None:
    watched.deliver(60 / min(fps, 1.0), fps)
    assert watched.kinds == []


@pytest.mark.parametrize("fps", [60.0, 30.0, 5.0])
def test_a_source_that_stops_is_told_within_2_seconds(watched: Watched, fps: float) -> None:
    watched.deliver(10, fps)
    stopped_at = watched.now
    watched.pass_by(5)
    assert watched.kinds == ["stalled"]
    assert watched.told[0][0] - stopped_at < TOLD_WITHIN


def test_a_source_of_one_picture_in_two_seconds_is_given_its_time(watched: Watched) -> None:
    watched.deliver(60, 0.5)
    watched.pass_by(7)
    assert watched.kinds == []
    watched.pass_by(2)
    assert watched.kinds == ["stalled"]


def test_a_source_may_take_its_time_for_the_first_picture(watched: Watched) -> None:
    watched.pass_by(FIRST_PICTURE_WITHIN - 0.2)
    assert watched.kinds == []
    watched.pass_by(0.4)
    assert watched.kinds == ["stalled"]


def test_a_source_that_delivers_again_is_well_at_once(watched: Watched) -> None:
    watched.deliver(5)
    watched.pass_by(3)
    watched.deliver(0.1)
    assert watched.kinds == ["stalled", "well"]


def test_the_same_picture_again_and_again_is_told_within_2_seconds(watched: Watched) -> None:
    watched.deliver(5)
    frozen_at = watched.now
    watched.deliver(3, look=STILL)
    assert watched.kinds == ["frozen"]
    assert FROZEN_AFTER <= watched.told[0][0] - frozen_at < TOLD_WITHIN


def test_a_picture_that_moves_again_is_believed_after_a_second(watched: Watched) -> None:
    watched.deliver(5)
    watched.deliver(3, look=STILL)
    moved_at = watched.now
    watched.deliver(3)
    assert watched.kinds == ["frozen", "well"]
    assert watched.told[1][0] - moved_at == pytest.approx(WELL_AFTER, abs=0.2)


def test_a_source_that_stood_still_and_moved_by_itself_is_given_longer_the_next_time(
    watched: Watched,
) -> None:
    watched.deliver(5)
    watched.deliver(4, look=STILL)
    watched.deliver(5)
    watched.deliver(6, look=lambda _: Glance(200.0, -8))
    assert watched.kinds == ["frozen", "well"]
    watched.deliver(4, look=lambda _: Glance(200.0, -8))
    assert watched.kinds == ["frozen", "well", "frozen"]


def test_a_source_that_only_moved_because_it_was_opened_again_is_not(watched: Watched) -> None:
    watched.deliver(5)
    watched.deliver(4, look=STILL)
    watched.health.opened(watched.now)
    watched.deliver(5)
    watched.deliver(2, look=lambda _: Glance(200.0, -8))
    assert watched.kinds == ["frozen", "well", "frozen"]


def test_a_black_picture_is_told_within_2_seconds_and_not_as_frozen(watched: Watched) -> None:
    watched.deliver(5)
    black_at = watched.now
    watched.deliver(5, look=lambda _: Glance(0.0, -9))
    assert watched.kinds == ["black"]
    assert BLACK_AFTER <= watched.told[0][0] - black_at < TOLD_WITHIN


def test_a_moment_of_black_is_no_trouble(watched: Watched) -> None:
    watched.deliver(5)
    watched.deliver(0.5, look=BLACK)
    watched.deliver(5)
    assert watched.kinds == []


@pytest.mark.parametrize(("usual", "slow"), [(30.0, 15.0), (30.0, 5.0), (60.0, 20.0), (15.0, 5.0)])
def test_a_source_that_slows_down_is_told_within_2_seconds_with_both_rates(
    watched: Watched, usual: float, slow: float
) -> None:
    watched.deliver(10, usual)
    slowed_at = watched.now
    watched.deliver(4, slow)
    assert watched.kinds == ["slow"]
    assert watched.told[0][0] - slowed_at < TOLD_WITHIN
    trouble = watched.health.trouble(watched.now)
    assert trouble is not None
    assert f"instead of {usual:.0f}" in trouble.message
    assert trouble.message.startswith(NAME)


def test_what_is_slow_for_minutes_does_not_become_usual(watched: Watched) -> None:
    watched.deliver(10)
    watched.deliver(180, 10)
    assert watched.kinds == ["slow"]
    watched.deliver(5)
    assert watched.kinds == ["slow", "well"]


def test_a_hiccup_is_not_slowness(watched: Watched) -> None:
    watched.deliver(10)
    watched.pass_by(0.5)
    watched.deliver(10)
    assert watched.kinds == []


def test_a_backlog_at_the_start_does_not_count_as_usual(watched: Watched) -> None:
    watched.deliver(0.3, 200)
    watched.deliver(20, 25)
    assert watched.kinds == []


def test_a_source_that_was_away_is_not_slow_when_it_comes_back(watched: Watched) -> None:
    watched.deliver(10)
    watched.pass_by(30)
    watched.health.opened(watched.now)
    watched.deliver(10)
    assert watched.kinds == ["stalled", "well"]


def test_the_sentence_stays_while_its_figures_change(watched: Watched) -> None:
    watched.deliver(10)
    watched.deliver(3, 10)
    first = watched.health.trouble(watched.now)
    watched.deliver(3, 12)
    assert watched.health.trouble(watched.now) == first
