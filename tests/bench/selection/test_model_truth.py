from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.selection.model_truth import LEAST, settled
from livecam.faces import Emotion
from tests.bench.selection.samples import CALM, HAPPY, SAD

if TYPE_CHECKING:
    from collections.abc import Mapping

STEP = 0.1


def scores(*spans: tuple[Emotion, float]) -> tuple[list[float], list[Mapping[Emotion, float]]]:
    found: list[Mapping[Emotion, float]] = [
        {emotion: 90.0} for emotion, seconds in spans for _ in range(round(seconds / STEP))
    ]
    return [index * STEP for index in range(len(found))], found


def test_a_change_is_where_the_scores_change_and_not_later() -> None:
    found = settled(*scores((CALM, 3), (HAPPY, 3)))
    assert 30 <= found.index(HAPPY) <= 31
    assert set(found[31:]) == {HAPPY}


def test_what_is_brief_does_not_count() -> None:
    assert set(settled(*scores((CALM, 3), (HAPPY, LEAST - 0.3), (CALM, 3)))) == {CALM}
    assert HAPPY in settled(*scores((CALM, 3), (HAPPY, LEAST + 0.5), (CALM, 3)))


def test_a_brief_beginning_belongs_to_what_follows() -> None:
    assert set(settled(*scores((SAD, 0.3), (CALM, 3)))) == {CALM}


def test_a_lead_of_a_few_points_is_none() -> None:
    times = [index * STEP for index in range(60)]
    wavering = [{CALM: 50.0, HAPPY: 45.0 if index < 30 else 55.0} for index in range(60)]
    assert set(settled(times, wavering)) == {CALM}


def test_a_single_frame_and_a_face_without_scores_are_answered_too() -> None:
    assert settled([0.0], [{HAPPY: 80.0}]) == [HAPPY]
    assert settled([0.0, 0.1], [{}, {}]) == [Emotion.UNKNOWN] * 2
