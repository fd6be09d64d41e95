"""What DetectFaces says, as `Face` values: checked, clamped and in order. Pure.

Every member of a FaceDetail is optional but its box: a face without a place cannot be shown, and an
answer that has one must not read as "no face". An emotion or point whose kind is new is tolerated; a
value that is no number where one belongs is not.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

from livecam.aws.broken_answer import BrokenAnswer
from livecam.faces import (
    AgeRange,
    BoundingBox,
    Emotion,
    EmotionScore,
    EyeDirection,
    Face,
    Gender,
    Judgement,
    Landmark,
    Pose,
    Quality,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Members: TypeAlias = dict[str, Any]

_JUDGEMENTS = {
    "smile": "Smile",
    "eyeglasses": "Eyeglasses",
    "sunglasses": "Sunglasses",
    "beard": "Beard",
    "mustache": "Mustache",
    "eyes_open": "EyesOpen",
    "mouth_open": "MouthOpen",
    "face_occluded": "FaceOccluded",
}
_EMOTIONS = {emotion.value: emotion for emotion in Emotion}
_GREATEST = sys.float_info.max
_ROUNDING = 0.01
"""How far a confidence may lie outside 0..100: it comes as a 32-bit float."""


def faces_of(answer: Members) -> tuple[Face, ...]:
    """Return the faces of an answer of DetectFaces as boto3 gives it, in its order (largest first).

    Raises:
        BrokenAnswer: there is no list of faces, or one of them cannot be read.
    """
    details = answer.get("FaceDetails")
    if not isinstance(details, list):
        raise _malformed("it has no list of FaceDetails")
    return tuple(face_of(detail) for detail in details)


def face_of(detail: Members) -> Face:
    """Return one FaceDetail as a face; what it does not say is None.

    A missing Confidence is 0: what is not claimed is not certain.

    Raises:
        BrokenAnswer: it has no box, or a value of it is not of its kind.
    """
    if not isinstance(detail, dict):
        raise _malformed("a FaceDetail is no object")
    confidence = detail.get("Confidence")
    return Face(
        box=_box(_members(detail, "BoundingBox")),
        confidence=0.0 if confidence is None else _confidence(confidence, "Confidence"),
        emotions=_emotions(detail),
        landmarks=_landmarks(detail),
        pose=_pose(_members(detail, "Pose")),
        quality=_quality(_members(detail, "Quality")),
        age_range=_age_range(_members(detail, "AgeRange")),
        gender=_gender(_members(detail, "Gender")),
        eye_direction=_eye_direction(_members(detail, "EyeDirection")),
        **{name: _judgement(_members(detail, key), key) for name, key in _JUDGEMENTS.items()},
    )


def _box(members: Members | None) -> BoundingBox:
    if not _has(members, "Left", "Top", "Width", "Height"):
        raise _malformed("a face has no BoundingBox")
    left, top = _number(members["Left"], "BoundingBox.Left"), _number(members["Top"], "BoundingBox.Top")
    width = _number(members["Width"], "BoundingBox.Width")
    height = _number(members["Height"], "BoundingBox.Height")
    if width < 0 or height < 0:
        raise _malformed("a BoundingBox has a negative size")
    # A face that the edge cuts has a Left or Top below 0 or a far side above 1.
    return BoundingBox(left, top, width, height).clamped()


def _emotions(detail: Members) -> tuple[EmotionScore, ...] | None:
    entries = _entries(detail, "Emotions")
    if entries is None:
        return None
    scores: dict[Emotion, float] = {}
    for entry in entries:
        if not _has(entry, "Type", "Confidence"):
            continue
        confidence = _confidence(entry["Confidence"], "an emotion's Confidence")
        emotion = _EMOTIONS.get(_text(entry["Type"], "an emotion's Type"))
        if emotion is not None:
            scores.setdefault(emotion, confidence)
    strongest_first = sorted(scores.items(), key=lambda score: -score[1])
    return tuple(EmotionScore(emotion, confidence) for emotion, confidence in strongest_first)


def _landmarks(detail: Members) -> tuple[Landmark, ...] | None:
    entries = _entries(detail, "Landmarks")
    if entries is None:
        return None
    return tuple(
        Landmark(
            _text(entry["Type"], "a landmark's Type"),
            _number(entry["X"], "a landmark's X"),
            _number(entry["Y"], "a landmark's Y"),
        )
        for entry in entries
        if _has(entry, "Type", "X", "Y")
    )


def _pose(members: Members | None) -> Pose | None:
    if not _has(members, "Roll", "Yaw", "Pitch"):
        return None
    return Pose(*(_number(members[key], f"Pose.{key}") for key in ("Roll", "Yaw", "Pitch")))


def _quality(members: Members | None) -> Quality | None:
    if not _has(members, "Brightness", "Sharpness"):
        return None
    return Quality(
        _confidence(members["Brightness"], "Quality.Brightness"),
        _confidence(members["Sharpness"], "Quality.Sharpness"),
    )


def _age_range(members: Members | None) -> AgeRange | None:
    if not _has(members, "Low", "High"):
        return None
    low, high = (_number(members[key], f"AgeRange.{key}") for key in ("Low", "High"))
    return AgeRange(round(low), round(high))


def _gender(members: Members | None) -> Gender | None:
    if not _has(members, "Value", "Confidence"):
        return None
    return Gender(
        _text(members["Value"], "Gender.Value"), _confidence(members["Confidence"], "Gender.Confidence")
    )


def _eye_direction(members: Members | None) -> EyeDirection | None:
    if not _has(members, "Yaw", "Pitch", "Confidence"):
        return None
    return EyeDirection(
        _number(members["Yaw"], "EyeDirection.Yaw"),
        _number(members["Pitch"], "EyeDirection.Pitch"),
        _confidence(members["Confidence"], "EyeDirection.Confidence"),
    )


def _judgement(members: Members | None, name: str) -> Judgement | None:
    if not _has(members, "Value", "Confidence"):
        return None
    if not isinstance(members["Value"], bool):
        raise _malformed(f"{name}.Value is neither true nor false")
    return Judgement(members["Value"], _confidence(members["Confidence"], f"{name}.Confidence"))


def _members(detail: Members, key: str) -> Members | None:
    members = detail.get(key)
    if members is not None and not isinstance(members, dict):
        raise _malformed(f"{key} is no object")
    return members


def _entries(detail: Members, key: str) -> Sequence[Members] | None:
    entries = detail.get(key)
    if entries is None:
        return None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _malformed(f"{key} is no list of objects")
    return entries


def _has(members: Members | None, *keys: str) -> TypeGuard[Members]:
    return members is not None and None not in map(members.get, keys)


def _number(value: object, name: str) -> float:
    if type(value) is float and math.isfinite(value):
        return value  # almost always: a face has about a hundred
    # A bool is an int to Python; NaN and Infinity are numbers to its JSON parser.
    # Compared, since an int may be too large to become a float.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -_GREATEST <= value <= _GREATEST:
        raise _malformed(f"{name} is no number")
    return float(value)


def _confidence(value: object, name: str) -> float:
    number = _number(value, name)
    if not -_ROUNDING <= number <= 100 + _ROUNDING:
        raise _malformed(f"{name} is not between 0 and 100")
    return min(max(number, 0.0), 100.0)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _malformed(f"{name} is no text")
    return value


def _malformed(detail: str) -> BrokenAnswer:
    return BrokenAnswer("MalformedAnswer", detail)
