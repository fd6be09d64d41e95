"""Faces as they are shown on a picture: say what matters, leave the rest."""

from __future__ import annotations

from livecam.faces import BoundingBox, Emotion, EmotionScore
from livecam.pictures import FaceLabel


def a_face(
    track_id: int = 1,
    *,
    scores: dict[Emotion, float] | None = None,
    leads: tuple[Emotion, float] | None = None,
    is_outdated: bool = False,
    box_opacity: float = 1.0,
) -> FaceLabel:
    return FaceLabel(
        track_id=track_id,
        box=BoundingBox(0.25, 0.25, 0.5, 0.5),
        box_source="scripted",
        emotion=leads[0] if leads else None,
        confidence=leads[1] if leads else None,
        unclear=False,
        emotion_source="scripted",
        age=0.3,
        box_opacity=box_opacity,
        is_outdated=is_outdated,
        scores=tuple(EmotionScore(emotion, score) for emotion, score in (scores or {}).items()),
    )


def happy(score: float = 90.0, track_id: int = 1) -> FaceLabel:
    return a_face(track_id, scores={Emotion.HAPPY: score})
