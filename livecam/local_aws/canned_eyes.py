"""Eyes that do not look: every picture has the same faces. For measuring time, and for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import Emotion, EmotionScore
from livecam.local_aws.eyes import MADE_UP, emotions_of
from livecam.local_aws.landmarks import thirty_landmarks

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.local_aws.operations import FaceDetail

_POINTS = np.array([[0.46, 0.41], [0.54, 0.41], [0.5, 0.48], [0.465, 0.56], [0.535, 0.56]], np.float32)
"""Eyes, nose and corners of the mouth, in fractions of the picture."""
_SCORES = (EmotionScore(Emotion.HAPPY, 95.0), EmotionScore(Emotion.CALM, 5.0))


class CannedEyes:
    """See the same happy faces in every picture, side by side.

    Args:
        faces: how many, 0..100.
    """

    def __init__(self, faces: int = 1) -> None:
        self._faces = [_face(index, faces) for index in range(faces)]

    def look(self, image: Image) -> list[FaceDetail]:  # noqa: ARG002  it is not looked at
        """Return the faces; see `Eyes.look`."""
        return [dict(face) for face in self._faces]


def _face(index: int, count: int) -> FaceDetail:
    aside = (index + 0.5) / count - 0.5
    points = _POINTS + np.array([aside, 0.0], np.float32)
    return {
        "BoundingBox": {"Width": 0.2, "Height": 0.4, "Left": 0.4 + aside, "Top": 0.25},
        "Smile": {"Value": True, "Confidence": 95.0},
        **MADE_UP,
        "MouthOpen": {"Value": False, "Confidence": 60.0},
        "Emotions": emotions_of(_SCORES),
        "Landmarks": [{"Type": kind, "X": x, "Y": y} for kind, x, y in thirty_landmarks(points)],
        "Pose": {"Roll": 0.0, "Yaw": -3.0, "Pitch": 4.0},
        "Quality": {"Brightness": 80.0, "Sharpness": 60.0},
        "Confidence": 99.5,
        "EyeDirection": {"Yaw": -3.0, "Pitch": 4.0, "Confidence": 50.0},
    }
