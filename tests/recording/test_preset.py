from __future__ import annotations

import pytest

from livecam.recording.preset import DROPS_FORGOTTEN, LEAST_MEASURED, MANY_DROPPED, WINDOW, PresetChoice

INTERVAL = 1 / 30
DEAR, CHEAP = 0.7 * INTERVAL, 0.2 * INTERVAL


def a_choice() -> PresetChoice:
    choice = PresetChoice(1280, 720, 30)
    assert choice.preset == "superfast"
    return choice


def measure(choice: PresetChoice, cost: float, frames: int, interval: float = INTERVAL) -> None:
    for _ in range(frames):
        choice.measured(cost, interval)


@pytest.mark.parametrize(
    ("width", "height", "fps", "preset"),
    [
        (640, 480, 30, "superfast"),
        (1280, 720, 30, "superfast"),
        (1280, 720, None, "superfast"),
        (1920, 1080, 15, "superfast"),
        (1280, 720, 60, "ultrafast"),
        (1920, 1080, 30, "ultrafast"),
        (1920, 1080, None, "ultrafast"),
        (3840, 2160, 7, "ultrafast"),
    ],
)
def test_the_first_choice_is_by_pixels_per_second(
    width: int, height: int, fps: float | None, preset: str
) -> None:
    choice = PresetChoice(width, height, fps)
    assert choice.preset == preset
    assert not choice.wants_change


def test_what_proves_too_dear_is_to_be_changed() -> None:
    choice = a_choice()
    measure(choice, DEAR, LEAST_MEASURED - 1)
    assert not choice.wants_change
    measure(choice, DEAR, 1)
    assert choice.preset == "ultrafast"
    assert choice.wants_change


def test_what_is_cheap_stays() -> None:
    choice = a_choice()
    measure(choice, CHEAP, 1000)
    assert choice.preset == "superfast"
    assert not choice.wants_change


def test_a_few_dear_frames_are_no_reason() -> None:
    choice = a_choice()
    for _ in range(100):
        measure(choice, 3 * INTERVAL, 2)
        measure(choice, CHEAP, 3)
    assert not choice.wants_change


def test_what_was_cheap_for_long_may_become_dear() -> None:
    choice = a_choice()
    measure(choice, CHEAP, 1000)
    measure(choice, DEAR, WINDOW)
    assert choice.wants_change


def test_a_slow_camera_leaves_more_time() -> None:
    choice = a_choice()
    measure(choice, DEAR, 200, interval=1 / 10)
    assert not choice.wants_change


def test_uneven_intervals_are_judged_by_what_is_usual() -> None:
    choice = a_choice()
    for _ in range(50):
        choice.measured(0.4 * INTERVAL, 0.01 * INTERVAL)  # two frames handed over at once
        choice.measured(0.4 * INTERVAL, 1.99 * INTERVAL)
        choice.measured(0.4 * INTERVAL, INTERVAL)
    assert not choice.wants_change


def test_frames_without_an_interval_tell_nothing() -> None:
    choice = a_choice()
    measure(choice, DEAR, 100, interval=0.0)
    measure(choice, DEAR, 100, interval=-1.0)
    assert not choice.wants_change


def test_dropped_frames_are_a_reason_and_a_hiccup_is_none() -> None:
    choice = a_choice()
    choice.dropped()
    assert not choice.wants_change
    choice.dropped(MANY_DROPPED - 1)
    assert choice.wants_change


def test_a_hiccup_is_forgotten() -> None:
    choice = a_choice()
    for _ in range(2 * MANY_DROPPED):
        choice.dropped()
        measure(choice, CHEAP, DROPS_FORGOTTEN)
    assert not choice.wants_change
    for _ in range(MANY_DROPPED):
        choice.dropped()
        measure(choice, CHEAP, DROPS_FORGOTTEN - 1)
    assert choice.wants_change


def test_once_the_cheaper_is_in_use_nothing_is_wanted_and_nothing_goes_back() -> None:
    choice = a_choice()
    measure(choice, DEAR, LEAST_MEASURED)
    choice.opened()
    assert not choice.wants_change
    measure(choice, DEAR, 200)
    choice.dropped(100)
    assert not choice.wants_change, "there is none that is cheaper"
    measure(choice, 0.0, 5000)
    assert choice.preset == "ultrafast"


def test_another_encoder_is_measured_anew() -> None:
    choice = a_choice()
    choice.dropped(MANY_DROPPED - 1)
    measure(choice, DEAR, LEAST_MEASURED - 1)
    choice.opened()
    choice.dropped()
    measure(choice, DEAR, LEAST_MEASURED - 1)
    assert not choice.wants_change
