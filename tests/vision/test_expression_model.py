from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import Emotion
from livecam.vision.expression_model import BATCHES, CLASSES, ExpressionModel
from livecam.vision.face_finder import FaceFinder
from livecam.vision.model_files import EXPRESSION_MODEL, FACE_FINDER, load_verified

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import Image
    from livecam.vision.found_face import FoundFace


@pytest.fixture
def expressions(models: Path) -> ExpressionModel:
    return ExpressionModel(load_verified(EXPRESSION_MODEL, models))


@pytest.fixture
def finder(models: Path) -> FaceFinder:
    return FaceFinder(load_verified(FACE_FINDER, models))


def test_emotions_sum_to_100_come_strongest_first_and_leave_out_confused(
    expressions: ExpressionModel, finder: FaceFinder, still: Callable[[str], Image]
) -> None:
    image = still("img_multi3_happy.jpg")
    for emotions in expressions.read(image, finder.find(image)):
        confidences = [score.confidence for score in emotions]
        assert sum(confidences) == pytest.approx(100)
        assert confidences == sorted(confidences, reverse=True)
        assert {score.emotion for score in emotions} == set(CLASSES)
        assert Emotion.CONFUSED not in CLASSES


# The stills whose file name or title says what they show, but for img_fearful.jpg: it is read as ANGRY
# (48 %). These five pin what works today; scripts/bench/accuracy.py shows all.
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("img_angry.jpg", Emotion.ANGRY),
        ("img_happy.jpg", Emotion.HAPPY),
        ("img_happy_laughing_man.jpg", Emotion.HAPPY),
        ("img_sad.jpg", Emotion.SAD),
        ("img_surprised.jpg", Emotion.SURPRISED),
    ],
)
def test_a_posed_expression_is_recognised(
    expressions: ExpressionModel,
    finder: FaceFinder,
    still: Callable[[str], Image],
    name: str,
    expected: Emotion,
) -> None:
    image = still(name)
    (emotions,) = expressions.read(image, finder.find(image))
    assert emotions[0].emotion is expected


def test_a_face_is_read_alike_alone_and_among_others(
    expressions: ExpressionModel, finder: FaceFinder, still: Callable[[str], Image]
) -> None:
    image = still("img_multi4_family.jpg")
    faces = finder.find(image)
    crowd = [faces[index % len(faces)] for index in range(BATCHES[-1] * 2 + 3)]
    together = expressions.read(image, crowd)
    assert len(together) == len(crowd)
    for face, emotions in zip(crowd, together, strict=True):
        (alone,) = expressions.read(image, [face])
        assert [score.confidence for score in emotions] == pytest.approx(
            [score.confidence for score in alone], abs=0.01
        )


def test_no_faces_give_no_answers(expressions: ExpressionModel) -> None:
    assert expressions.read(np.zeros((10, 10, 3), dtype=np.uint8), []) == []


def test_a_face_far_outside_a_tiny_picture_does_not_crash(
    expressions: ExpressionModel, square_face: FoundFace
) -> None:
    (emotions,) = expressions.read(np.zeros((2, 2, 3), dtype=np.uint8), [square_face])
    assert sum(score.confidence for score in emotions) == pytest.approx(100)
