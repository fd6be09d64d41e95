from __future__ import annotations

import pytest

from livecam.faces import Emotion
from livecam.sources.demo_scene.expressions import EXPRESSIONS, MUSCLES, Expression, Mouth, blend
from livecam.sources.demo_scene.script import CUES


def test_the_calm_face_is_the_photo_as_it_is() -> None:
    assert EXPRESSIONS[Emotion.CALM] == Expression()


def test_every_expression_of_the_script_is_defined() -> None:
    assert {emotion for _, emotion in CUES} == set(EXPRESSIONS)


def test_expressions_draw_only_muscles_that_exist() -> None:
    drawn = {name for expression in EXPRESSIONS.values() for name in expression.muscles}
    assert drawn == set(MUSCLES)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_blend_begins_and_ends_with_its_expressions(share: float) -> None:
    happy, angry = EXPRESSIONS[Emotion.HAPPY], EXPRESSIONS[Emotion.ANGRY]
    mixed = blend(happy, angry, share)
    drawn = {name: strength for name, strength in mixed.muscles.items() if strength}
    expected = angry if share else happy
    assert drawn == pytest.approx(dict(expected.muscles))
    assert mixed.mouth == expected.mouth


def test_half_way_every_strength_is_the_mean() -> None:
    first = Expression({"smile": 1.0, "frown": 0.2}, Mouth(jaw=0.4))
    second = Expression({"frown": 0.6}, Mouth(jaw=0.8, teeth=0.5))
    mixed = blend(first, second, 0.5)
    assert mixed.muscles == pytest.approx({"smile": 0.5, "frown": 0.4})
    assert mixed.mouth.jaw == pytest.approx(0.6)
    assert mixed.mouth.teeth == pytest.approx(0.25)
