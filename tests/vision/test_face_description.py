from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from livecam.faces import Emotion, EmotionScore
from livecam.vision.face_description import describe, face_box, smile_of
from livecam.vision.found_face import FoundFace

SCORES = (EmotionScore(Emotion.HAPPY, 80.0), EmotionScore(Emotion.CALM, 20.0))
KNOWN = {"box", "confidence", "emotions", "landmarks", "pose", "quality", "smile"}


def test_what_five_points_cannot_tell_is_left_out(square_face: FoundFace) -> None:
    face = describe(np.zeros((200, 400, 3), dtype=np.uint8), square_face, SCORES)
    given = {field.name for field in dataclasses.fields(face) if getattr(face, field.name) is not None}
    assert given == KNOWN


def test_box_and_landmarks_are_fractions_of_the_frame(square_face: FoundFace) -> None:
    face = describe(np.zeros((200, 400, 3), dtype=np.uint8), square_face, SCORES)
    assert (face.box.left, face.box.top, face.box.right, face.box.bottom) == pytest.approx(
        (0.1, 0.15, 0.3, 0.65)
    )
    assert face.landmarks is not None
    assert [point.kind for point in face.landmarks] == [
        "eyeLeft",
        "eyeRight",
        "nose",
        "mouthLeft",
        "mouthRight",
    ]
    assert (face.landmarks[2].x, face.landmarks[2].y) == pytest.approx((0.2, 0.45))
    assert face.confidence == pytest.approx(90)


def test_a_box_beyond_the_edge_is_cut_at_it() -> None:
    box = face_box(FoundFace(-10, -20, 50, 120, 0.9, np.zeros((5, 2), np.float32)), 100, 100)
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((0, 0, 0.5, 1))


@pytest.mark.parametrize(("happy", "smiles", "confidence"), [(80, True, 80), (50, True, 50), (10, False, 90)])
def test_a_smile_is_a_happy_score_above_one_half(happy: float, smiles: bool, confidence: float) -> None:  # noqa: FBT001
    smile = smile_of((EmotionScore(Emotion.HAPPY, happy),))
    assert smile is not None
    assert smile.value is smiles
    assert smile.confidence == confidence


def test_without_a_happy_score_nothing_is_said_about_a_smile() -> None:
    assert smile_of((EmotionScore(Emotion.SAD, 90),)) is None
