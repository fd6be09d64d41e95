from __future__ import annotations

from itertools import pairwise

import pytest

from livecam.faces import Emotion
from livecam.sources.demo_scene.script import BLEND, CUES, PERIOD, look, pose

FPS = 30
TIMES = [i / FPS for i in range(round(PERIOD * FPS) + 1)]


def test_the_loop_begins_calm_and_in_view() -> None:
    assert look(0.0).emotion is Emotion.CALM
    assert not look(0.0).is_transition
    assert 0.3 < pose(0.0).x < 0.7


@pytest.mark.parametrize("t", [0.0, 1.3, 9.9, 25.0])
def test_everything_repeats_after_a_period(t: float) -> None:
    first, second = pose(t), pose(t + PERIOD)
    assert (second.x, second.y, second.height, second.roll) == pytest.approx(
        (first.x, first.y, first.height, first.roll)
    )
    assert look(t + PERIOD) == look(t)


@pytest.mark.parametrize(("begins_at", "emotion"), CUES[1:])
def test_a_cue_forms_within_the_blend(begins_at: float, emotion: Emotion) -> None:
    assert look(begins_at + BLEND / 2 - 0.01).emotion is not emotion
    assert look(begins_at + BLEND / 2 + 0.01).emotion is emotion
    assert look(begins_at + BLEND / 2).is_transition
    assert not look(begins_at + BLEND + 0.01).is_transition


def test_each_expression_is_held_for_seconds() -> None:
    for emotion in (Emotion.CALM, Emotion.HAPPY, Emotion.ANGRY, Emotion.SURPRISED):
        steady = [t for t in TIMES if look(t).emotion is emotion and not look(t).is_transition]
        assert len(steady) / FPS > 4


def test_the_face_stays_between_a_quarter_and_six_tenths_of_the_frame() -> None:
    heights = [pose(t).height for t in TIMES]
    assert 0.25 <= min(heights) < 0.3
    assert 0.5 < max(heights) <= 0.6


def test_nothing_jumps() -> None:
    for before, after in pairwise(pose(t) for t in TIMES):
        assert abs(after.x - before.x) < 0.025
        assert abs(after.y - before.y) < 0.01
        assert abs(after.height - before.height) < 0.005
        assert abs(after.roll - before.roll) < 0.5


def test_the_head_is_never_tilted_by_more_than_a_few_degrees() -> None:
    assert 2 < max(abs(pose(t).roll) for t in TIMES) < 6
