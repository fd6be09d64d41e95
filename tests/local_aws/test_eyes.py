from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.errors import ModelMissing
from livecam.faces import Emotion, EmotionScore
from livecam.local_aws.detect_faces import members_for
from livecam.local_aws.eyes import VisionEyes, emotions_of
from livecam.local_aws.service_model import rekognition
from livecam.native import cv2

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image


def a_picture(media: Path, name: str) -> Image:
    image = cv2.imread(str(media / name))
    assert image is not None
    return np.asarray(image, np.uint8)


@pytest.mark.parametrize(
    ("name", "count"), [("img_happy.jpg", 1), ("img_multi4_family.jpg", 4), ("img_noface_grass.jpg", 0)]
)
def test_the_faces_of_a_picture_are_seen_whole_valid_and_largest_first(
    name: str, count: int, media: Path, models: Path
) -> None:
    faces = VisionEyes(models).look(a_picture(media, name))
    assert len(faces) == count
    assert all(set(face) == members_for(["ALL"]) for face in faces)
    assert rekognition().problems_of_answer("DetectFaces", {"FaceDetails": faces}) == []
    areas = [face["BoundingBox"]["Width"] * face["BoundingBox"]["Height"] for face in faces]
    assert areas == sorted(areas, reverse=True)


def test_a_happy_face_is_happy_and_its_landmarks_lie_in_its_box(media: Path, models: Path) -> None:
    (face,) = VisionEyes(models).look(a_picture(media, "img_happy.jpg"))
    assert face["Emotions"][0]["Type"] == "HAPPY"
    assert face["Smile"]["Value"] is True
    box = face["BoundingBox"]
    for landmark in face["Landmarks"]:
        assert box["Left"] - 0.1 < landmark["X"] < box["Left"] + box["Width"] + 0.1
        assert box["Top"] - 0.1 < landmark["Y"] < box["Top"] + box["Height"] + 0.1


def test_the_same_picture_is_seen_in_the_same_way(media: Path, models: Path) -> None:
    eyes, image = VisionEyes(models), a_picture(media, "img_multi4_family.jpg")
    assert eyes.look(image) == eyes.look(image)


def test_models_that_are_missing_are_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="run: livecam models install"):
        VisionEyes(tmp_path).load()


def test_the_eight_emotions_of_the_service_sum_to_a_hundred_strongest_first() -> None:
    scores = tuple(
        EmotionScore(emotion, share)
        for emotion, share in zip(Emotion, (60.0, 20.0, 10.0, 0.0, 5.0, 3.0, 1.0, 1.0), strict=False)
        if emotion is not Emotion.CONFUSED
    )
    emotions = emotions_of(scores)
    assert {each["Type"] for each in emotions} == set(Emotion) - {Emotion.UNKNOWN}
    shares = [each["Confidence"] for each in emotions]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100.0)
