from __future__ import annotations

from itertools import pairwise

import pytest

from livecam.motion.effort import PATIENCE_DOWN, PATIENCE_UP, SHARE, Effort

FRAME = 1 / 30


def spend(effort: Effort, seconds: float, *, share: float, interval: float = FRAME) -> list[str]:
    levels: list[str] = []
    for _ in range(round(seconds / interval)):
        effort.spent(share * interval, interval)
        levels.append(effort.level)
    return levels


def changes(levels: list[str]) -> int:
    return sum(one != other for one, other in pairwise(levels))


def test_it_begins_with_full_effort_and_no_cost() -> None:
    effort = Effort()
    assert effort.level == "full"
    assert effort.share == 0


@pytest.mark.parametrize("fps", [5, 10, 25, 30, 60, 120])
def test_a_cost_within_the_share_changes_nothing_at_any_frame_rate(fps: int) -> None:
    effort = Effort()
    assert set(spend(effort, 20, share=0.9 * SHARE, interval=1 / fps)) == {"full"}
    assert effort.share == pytest.approx(0.9 * SHARE)


@pytest.mark.parametrize("cost", [0.0025, 0.0050])
def test_what_was_measured_for_eight_faces_at_30_fps_is_affordable(cost: float) -> None:
    assert set(spend(Effort(), 20, share=cost / FRAME)) == {"full"}


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_above_the_share_there_are_fewer_points_then_every_second_frame(fps: int) -> None:
    levels = spend(Effort(), 10, share=2 * SHARE, interval=1 / fps)
    assert list(dict.fromkeys(levels)) == ["full", "fewer points", "every second frame"]
    assert changes(levels) == 2
    assert levels.index("fewer points") / fps == pytest.approx(PATIENCE_DOWN, abs=1.5 / fps)


def test_a_burst_for_a_new_face_changes_nothing() -> None:
    effort = Effort()
    for _ in range(10):
        assert set(spend(effort, 1, share=0.05)) == {"full"}
        effort.spent(0.1, FRAME)
        assert effort.level == "full"


def test_what_is_saved_is_done_again_when_there_is_time_for_it() -> None:
    effort = Effort()
    spend(effort, 10, share=2 * SHARE)
    levels = spend(effort, 20, share=0.02)
    assert list(dict.fromkeys(levels)) == ["every second frame", "fewer points", "full"]
    assert levels.count("fewer points") * FRAME >= PATIENCE_UP - 1e-6


@pytest.mark.parametrize("full", [0.2, 0.24, 0.26, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5])
@pytest.mark.parametrize("saving", [1.1, 1.5, 1.85])
def test_a_steady_load_comes_to_rest_at_one_level(full: float, saving: float) -> None:
    effort = Effort()
    levels: list[str] = []
    for _ in range(30 * 120):
        factor = {"full": 1, "fewer points": saving, "every second frame": 2 * saving}[effort.level]
        effort.spent(full / factor * FRAME, FRAME)
        levels.append(effort.level)
    assert changes(levels) <= 2
    assert changes(levels[300:]) == 0


def test_work_on_every_second_frame_counts_by_its_mean() -> None:
    effort = Effort()
    spend(effort, 10, share=2 * SHARE)
    levels: list[str] = []
    for index in range(600):
        effort.spent(1.6 * SHARE * FRAME * (index % 2), FRAME)
        levels.append(effort.level)
    assert set(levels) == {"every second frame"}


def test_a_source_that_stood_still_had_no_time_to_spare() -> None:
    effort = Effort()
    spend(effort, 10, share=2 * SHARE)
    effort.spent(0.01, 3600.0)
    assert effort.level == "every second frame"
    assert effort.share > SHARE


@pytest.mark.parametrize("interval", [0.0, -1.0])
def test_frames_without_time_between_them_tell_nothing(interval: float) -> None:
    effort = Effort()
    for _ in range(1000):
        effort.spent(1.0, interval)
    assert effort.level == "full"
    assert effort.share == 0
