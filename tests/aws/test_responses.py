from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest

from livecam.aws.broken_answer import BrokenAnswer
from livecam.aws.responses import face_of, faces_of
from livecam.faces import AgeRange, BoundingBox, Emotion, EmotionScore, EyeDirection, Judgement, Landmark
from tests.requirements import seed_answer

BOX = {"Left": 0.25, "Top": 0.125, "Width": 0.5, "Height": 0.25}
WHOLE: dict[str, Any] = {
    "BoundingBox": BOX,
    "Confidence": 99.5,
    "AgeRange": {"Low": 20, "High": 30},
    "Smile": {"Value": True, "Confidence": 90.0},
    "Eyeglasses": {"Value": False, "Confidence": 91.0},
    "Sunglasses": {"Value": False, "Confidence": 92.0},
    "Beard": {"Value": False, "Confidence": 93.0},
    "Mustache": {"Value": False, "Confidence": 94.0},
    "EyesOpen": {"Value": True, "Confidence": 95.0},
    "MouthOpen": {"Value": True, "Confidence": 96.0},
    "FaceOccluded": {"Value": False, "Confidence": 97.0},
    "Gender": {"Value": "Female", "Confidence": 98.0},
    "Emotions": [{"Type": "CALM", "Confidence": 10.0}, {"Type": "FEAR", "Confidence": 80.0}],
    "Landmarks": [{"Type": "eyeLeft", "X": 0.4, "Y": 0.2}],
    "Pose": {"Roll": 1.0, "Yaw": -2.0, "Pitch": 3.0},
    "Quality": {"Brightness": 50.0, "Sharpness": 60.0},
    "EyeDirection": {"Yaw": 4.0, "Pitch": -5.0, "Confidence": 70.0},
}


def whole(**changes: object) -> dict[str, Any]:
    return copy.deepcopy(WHOLE) | changes


def recorded() -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(seed_answer().read_text(encoding="utf-8"))
    return answer


def test_the_recorded_answer_is_read_as_it_says() -> None:
    (face,) = faces_of(recorded())
    assert face.box == BoundingBox(
        0.38976117968559265, 0.08535095304250717, 0.28324559330940247, 0.6691710352897644
    )
    assert face.confidence == 99.99736785888672
    assert face.emotions is not None
    assert [score.emotion for score in face.emotions][:3] == [Emotion.HAPPY, Emotion.SURPRISED, Emotion.FEAR]
    assert len(face.emotions) == 8
    assert face.age_range == AgeRange(13, 23)
    assert face.smile == Judgement(value=True, confidence=99.71626281738281)
    assert face.quality is not None
    assert round(face.quality.sharpness, 2) == 60.49
    assert (face.face_occluded, face.eye_direction) == (None, None)


def test_the_recorded_pose_has_the_signs_that_its_landmarks_show() -> None:
    (face,) = faces_of(recorded())
    assert face.pose is not None
    assert face.landmarks is not None
    points = {point.kind: point for point in face.landmarks}
    leans_right = points["eyeRight"].y > points["eyeLeft"].y
    assert (face.pose.roll > 0) == leans_right
    middle = (points["upperJawlineLeft"].x + points["upperJawlineRight"].x) / 2
    assert (face.pose.yaw > 0) == (points["nose"].x > middle)
    assert face.pose.pitch > 0


def test_the_recorded_box_holds_the_face_from_above_the_brows_to_the_chin() -> None:
    (face,) = faces_of(recorded())
    assert face.landmarks is not None
    assert len(face.landmarks) == 30
    for point in face.landmarks:
        assert face.box.left - 0.02 <= point.x <= face.box.right + 0.02
        assert face.box.top <= point.y <= face.box.bottom
    # In fractions of the image, not of the box.
    assert next(point for point in face.landmarks if point.kind == "chinBottom").y > 0.9 * face.box.bottom


def test_every_member_is_taken_over() -> None:
    face = face_of(whole())
    assert face.emotions == (EmotionScore(Emotion.FEAR, 80.0), EmotionScore(Emotion.CALM, 10.0))
    assert face.landmarks == (Landmark("eyeLeft", 0.4, 0.2),)
    assert face.eye_direction == EyeDirection(4.0, -5.0, 70.0)
    assert face.gender is not None
    assert face.gender.value == "Female"
    judgements = (face.smile, face.eyeglasses, face.sunglasses, face.beard, face.mustache)
    further = (face.eyes_open, face.mouth_open, face.face_occluded)
    assert [said.confidence for said in judgements + further if said] == [90, 91, 92, 93, 94, 95, 96, 97]


@pytest.mark.parametrize("member", [member for member in WHOLE if member != "BoundingBox"])
@pytest.mark.parametrize("absence", ["missing", "null"])
def test_any_member_but_the_box_may_be_missing(member: str, absence: str) -> None:
    detail = whole(**{member: None})
    if absence == "missing":
        del detail[member]
    face = face_of(detail)
    assert face.box == BoundingBox(0.25, 0.125, 0.5, 0.25)
    whole_face = face_of(whole())
    changed = [name for name in face.__dataclass_fields__ if getattr(face, name) != getattr(whole_face, name)]
    assert len(changed) == 1
    assert getattr(face, changed[0]) in (None, 0.0)


@pytest.mark.parametrize("member", ["Pose", "Quality", "AgeRange", "Gender", "Smile", "EyeDirection"])
def test_a_member_with_a_part_missing_is_not_known(member: str) -> None:
    detail = whole()
    detail[member].popitem()
    face = face_of(detail)
    name = {"AgeRange": "age_range", "EyeDirection": "eye_direction"}.get(member, member.lower())
    assert getattr(face, name) is None


@pytest.mark.parametrize(
    ("box", "clamped"),
    [
        ((-0.1, -0.2, 0.5, 0.6), (0.0, 0.0, 0.4, 0.4)),
        ((0.8, 0.7, 0.5, 0.6), (0.8, 0.7, 0.2, 0.3)),
        ((-0.5, -0.5, 2.0, 2.0), (0.0, 0.0, 1.0, 1.0)),
        ((1.25, 0.5, 0.25, 0.25), (1.0, 0.5, 0.0, 0.25)),
    ],
)
def test_a_box_that_the_edge_cuts_ends_at_the_edge(
    box: tuple[float, ...], clamped: tuple[float, ...]
) -> None:
    found = face_of(whole(BoundingBox=dict(zip(BOX, box, strict=True)))).box
    assert (found.left, found.top, found.width, found.height) == pytest.approx(clamped)


def test_an_emotion_of_a_new_kind_is_left_out() -> None:
    entries = [{"Type": "BORED", "Confidence": 99.0}, {"Type": "SAD", "Confidence": 1.0}]
    assert face_of(whole(Emotions=entries)).emotions == (EmotionScore(Emotion.SAD, 1.0),)


def test_an_incomplete_emotion_or_point_is_left_out() -> None:
    face = face_of(whole(Emotions=[{"Type": "SAD"}], Landmarks=[{"Type": "nose", "X": 0.5}]))
    assert (face.emotions, face.landmarks) == ((), ())


def test_a_confidence_that_rounding_took_over_100_is_100() -> None:
    assert face_of(whole(Confidence=100.00001)).confidence == 100.0


@pytest.mark.parametrize(
    "changes",
    [
        {"BoundingBox": None},
        {"BoundingBox": {}},
        {"BoundingBox": {"Left": 0.1, "Top": 0.1, "Width": 0.1}},
        {"BoundingBox": BOX | {"Left": "0.25"}},
        {"BoundingBox": BOX | {"Left": True}},
        {"BoundingBox": BOX | {"Left": math.nan}},
        {"BoundingBox": BOX | {"Left": 10**400}},
        {"BoundingBox": BOX | {"Width": math.inf}},
        {"BoundingBox": BOX | {"Height": -0.1}},
        {"BoundingBox": [0.1, 0.1, 0.1, 0.1]},
        {"Confidence": "high"},
        {"Confidence": math.nan},
        {"Confidence": 101.0},
        {"Confidence": -1.0},
        {"Emotions": "HAPPY"},
        {"Emotions": {"HAPPY": 99.0}},
        {"Emotions": ["HAPPY"]},
        {"Emotions": [{"Type": 3, "Confidence": 99.0}]},
        {"Emotions": [{"Type": "SAD", "Confidence": "99"}]},
        {"Emotions": [{"Type": "NEW", "Confidence": math.nan}]},
        {"Landmarks": [{"Type": "nose", "X": math.nan, "Y": 0.1}]},
        {"Pose": {"Roll": "1", "Yaw": 0.0, "Pitch": 0.0}},
        {"Quality": 5},
        {"AgeRange": {"Low": math.inf, "High": 3}},
        {"Smile": {"Value": "yes", "Confidence": 90.0}},
        {"Gender": {"Value": 1, "Confidence": 90.0}},
    ],
)
def test_a_value_of_another_kind_makes_the_answer_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(BrokenAnswer) as caught:
        faces_of({"FaceDetails": [whole(), whole(**changes)]})
    assert caught.value.code == "MalformedAnswer"


@pytest.mark.parametrize("answer", [{}, {"FaceDetails": None}, {"FaceDetails": {}}, {"FaceDetails": [None]}])
def test_an_answer_without_a_list_of_faces_is_malformed(answer: dict[str, Any]) -> None:
    with pytest.raises(BrokenAnswer):
        faces_of(answer)


def test_faces_stay_in_the_services_order() -> None:
    details = [whole(Confidence=50.0), whole(Confidence=99.0)]
    assert [face.confidence for face in faces_of({"FaceDetails": details})] == [50.0, 99.0]
