"""Small values for tests: say what matters, leave the rest."""

from __future__ import annotations

import numpy as np

from livecam.detections import Answer, Detection, DetectorInfo
from livecam.faces import BoundingBox, Emotion, EmotionScore, Face
from livecam.frames import Frame
from livecam.pictures import FaceLabel, Picture, Status

DETECTOR = DetectorInfo(name="scripted", is_approximate=False, unclear_below=50.0)


def a_frame(sequence: int = 0, *, at: float = 100.0, width: int = 64, height: int = 48) -> Frame:
    image = np.full((height, width, 3), 90, np.uint8)
    return Frame("test", sequence, at, sequence / 30, image)


def a_face(
    left: float = 0.4,
    top: float = 0.3,
    *,
    size: float = 0.2,
    emotions: dict[Emotion, float] | None = None,
) -> Face:
    scores = {Emotion.HAPPY: 90.0} if emotions is None else emotions
    return Face(
        BoundingBox(left, top, size, size),
        confidence=99.0,
        emotions=tuple(EmotionScore(emotion, confidence) for emotion, confidence in scores.items()),
    )


def an_answer(
    *faces: Face, at: float = 100.0, sequence: int = 0, detector: DetectorInfo = DETECTOR
) -> Answer:
    return Answer(detector, "test", sequence, at, at, at + 0.3, Detection(tuple(faces)))


def a_label(track_id: int = 1, *, emotion: Emotion | None = Emotion.HAPPY, age: float = 0.3) -> FaceLabel:
    return FaceLabel(
        track_id=track_id,
        box=BoundingBox(0.25, 0.25, 0.5, 0.5),
        box_source="scripted",
        emotion=emotion,
        confidence=91.234,
        unclear=emotion is None,
        emotion_source="scripted",
        age=age,
        answered_at=100.0,
    )


def a_status() -> Status:
    return Status(source="test", source_state="live", detector="scripted")


def a_picture(frame: Frame | None = None, *labels: FaceLabel) -> Picture:
    frame = frame or a_frame()
    return Picture(frame, labels, a_status(), frame.captured_at + 0.01, frame.image)
