"""What the endpoint sees in a picture: livecam's own face finder and expression model.

Seen: BoundingBox, Confidence, Emotions (all but CONFUSED), five landmarks, Pose, Quality, Smile.
Derived: the other 25 landmarks, from a generic face laid over the five; MouthOpen is guessed from the
expression; the eyes look where the nose points.
Made up, the same for every face, since there is nothing here that could tell: AgeRange, Gender, EyesOpen,
Eyeglasses, Sunglasses, Beard, Mustache, FaceOccluded, and CONFUSED's small share.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.faces import Emotion
from livecam.local_aws.landmarks import thirty_landmarks
from livecam.vision import model_files
from livecam.vision.expression_model import ExpressionModel
from livecam.vision.face_description import smile_of
from livecam.vision.face_finder import INPUT_WIDTH, FaceFinder
from livecam.vision.face_quality import face_quality
from livecam.vision.head_pose import head_pose

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.faces import EmotionScore
    from livecam.frames import Image
    from livecam.local_aws.operations import FaceDetail
    from livecam.vision.found_face import FoundFace

MOST_FACES = 100
"""The largest are kept, as the service does."""
CONFUSED_SHARE = 0.5
"""Percent, given to the one emotion that the model does not know."""

MADE_UP: dict[str, Any] = {
    "AgeRange": {"Low": 25, "High": 35},
    "Gender": {"Value": "Female", "Confidence": 55.0},
    "EyesOpen": {"Value": True, "Confidence": 90.0},
    "Eyeglasses": {"Value": False, "Confidence": 90.0},
    "Sunglasses": {"Value": False, "Confidence": 95.0},
    "Beard": {"Value": False, "Confidence": 90.0},
    "Mustache": {"Value": False, "Confidence": 90.0},
    "FaceOccluded": {"Value": False, "Confidence": 90.0},
}


class VisionEyes:
    """Looks with the models of `livecam models install`; one picture at a time, from any thread.

    Args:
        models_dir: where the models are; None is where they are installed.
        input_width: pixels of the finder's input, longer side; more finds smaller faces and takes longer.
    """

    def __init__(self, models_dir: Path | None = None, *, input_width: int = INPUT_WIDTH) -> None:
        self._models_dir = models_dir
        self._input_width = input_width
        self._lock = threading.Lock()
        self._loaded: tuple[FaceFinder, ExpressionModel] | None = None

    def load(self) -> None:
        """Load the models and look once, so that what is missing is told before the first request.

        Raises:
            ModelMissing: a model file is not installed.
            ModelDamaged: a model file is not the pinned one.
        """
        self.look(np.zeros((360, 640, 3), np.uint8))

    def look(self, image: Image) -> list[FaceDetail]:
        """Return the faces of a picture, largest first; see `Eyes.look`."""
        with self._lock:
            finder, expressions = self._models()
            found = sorted(finder.find(image), key=lambda face: -face.width * face.height)[:MOST_FACES]
            emotions = expressions.read(image, found)
        return [_face_detail(image, face, scores) for face, scores in zip(found, emotions, strict=True)]

    def _models(self) -> tuple[FaceFinder, ExpressionModel]:
        if self._loaded is None:
            finder = model_files.load_verified(model_files.FACE_FINDER, self._models_dir)
            expressions = model_files.load_verified(model_files.EXPRESSION_MODEL, self._models_dir)
            self._loaded = FaceFinder(finder, input_width=self._input_width), ExpressionModel(expressions)
        return self._loaded


def _face_detail(image: Image, face: FoundFace, scores: tuple[EmotionScore, ...]) -> FaceDetail:
    height, width = image.shape[:2]
    quality = face_quality(image, face)
    pose = head_pose(face.points, focal_length=max(width, height))
    yaw, pitch, roll = (pose.yaw, pose.pitch, pose.roll) if pose else (0.0, 0.0, 0.0)
    smile = smile_of(scores)
    by_emotion = {score.emotion: score.confidence for score in scores}
    is_surprised = by_emotion.get(Emotion.SURPRISED, 0.0) > 50  # noqa: PLR2004  more likely than not
    return {
        "BoundingBox": {
            "Width": face.width / width,
            "Height": face.height / height,
            "Left": face.left / width,
            "Top": face.top / height,
        },
        "Smile": {
            "Value": bool(smile and smile.value),
            "Confidence": _percent(smile.confidence if smile else 50.0),
        },
        **{name: dict(value) for name, value in MADE_UP.items()},
        "MouthOpen": {"Value": is_surprised, "Confidence": 60.0},
        "Emotions": emotions_of(scores),
        "Landmarks": [
            {"Type": kind, "X": x / width, "Y": y / height} for kind, x, y in thirty_landmarks(face.points)
        ],
        "Pose": {"Roll": roll, "Yaw": yaw, "Pitch": pitch},
        "Quality": {
            "Brightness": _percent(quality.brightness if quality else 0.0),
            "Sharpness": _percent(quality.sharpness if quality else 0.0),
        },
        "Confidence": _percent(face.score * 100),
        "EyeDirection": {"Yaw": yaw, "Pitch": pitch, "Confidence": 50.0},
    }


def emotions_of(scores: tuple[EmotionScore, ...]) -> list[dict[str, Any]]:
    """Return the service's eight emotions, strongest first; they sum to 100 as in its answers."""
    rest = (100.0 - CONFUSED_SHARE) / 100.0
    shares = [(score.emotion.value, score.confidence * rest) for score in scores]
    shares.append((Emotion.CONFUSED.value, CONFUSED_SHARE))
    shares.sort(key=lambda share: -share[1])
    return [{"Type": emotion, "Confidence": _percent(share)} for emotion, share in shares]


def _percent(value: float) -> float:
    return min(max(float(value), 0.0), 100.0)
