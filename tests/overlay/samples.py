"""Values that the overlay's tests share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import BoundingBox, Emotion, EmotionScore
from livecam.frames import Frame
from livecam.overlay.wording import ADJECTIVES
from livecam.pictures import FaceLabel, Picture, Status

if TYPE_CHECKING:
    from livecam.frames import Image

STATUS = Status(
    source="1280x720 camera 0",
    source_state="live",
    detector="on-device, approximate",
    display_fps=29.94,
    calls=212,
    failed=1,
    call_rate=9.8,
    latency_p50=0.034,
    latency_p95=0.051,
)
BARE = Status(source="camera 0", source_state="live", detector="on-device")
SCORES = tuple(EmotionScore(emotion, 90.0 - 11 * n) for n, emotion in enumerate(ADJECTIVES))


def a_label(box: BoundingBox | None = None, track_id: int = 3) -> FaceLabel:
    return FaceLabel(
        track_id=track_id,
        box=box or BoundingBox(0.4, 0.35, 0.2, 0.3),
        box_source="on-device",
        emotion=Emotion.HAPPY,
        confidence=83.2,
        unclear=False,
        emotion_source="rekognition",
        age=0.42,
        scores=SCORES,
    )


def unclear(face: FaceLabel) -> FaceLabel:
    return replace(face, emotion=None, unclear=True)


def unanswered(face: FaceLabel) -> FaceLabel:
    return replace(face, emotion=None, confidence=None, emotion_source=None, age=None, scores=())


def a_measure(text: str, size: int) -> tuple[int, int]:
    """A typewriter's widths: no font is needed to lay a picture out."""
    return round(len(text) * size * 0.56), size


def an_image(width: int = 640, height: int = 360) -> Image:
    across = np.linspace(40, 200, width)[None, :, None]
    return np.ascontiguousarray(np.broadcast_to(across, (height, width, 3)), dtype=np.uint8)


def a_picture(*faces: FaceLabel, image: Image | None = None, status: Status = BARE) -> Picture:
    frame = Frame("camera", 0, 10.0, 0.0, an_image() if image is None else image)
    return Picture(frame, faces, status, 10.1)
