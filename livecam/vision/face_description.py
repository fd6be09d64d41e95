"""Puts together what is known about one face, and leaves out what five points and seven classes cannot tell.

Left out, always: whether eyes or mouth are open, where the eyes look, glasses, beard, mustache, age,
gender, occlusion, and the emotion CONFUSED. Smile is derived: it is HAPPY's score above one half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.faces import BoundingBox, Emotion, EmotionScore, Face, Judgement, Landmark
from livecam.vision.face_quality import face_quality
from livecam.vision.found_face import POINT_KINDS, FoundFace
from livecam.vision.head_pose import head_pose

if TYPE_CHECKING:
    from livecam.frames import Image


def describe(image: Image, found: FoundFace, emotions: tuple[EmotionScore, ...]) -> Face:
    """Return a face in livecam's terms, in fractions of the image."""
    height, width = image.shape[:2]
    return Face(
        box=face_box(found, width, height),
        confidence=found.score * 100,
        emotions=emotions,
        landmarks=landmarks_of(found, width, height),
        pose=head_pose(found.points, focal_length=max(width, height)),
        quality=face_quality(image, found),
        smile=smile_of(emotions),
    )


def face_box(found: FoundFace, width: int, height: int) -> BoundingBox:
    """Return the part of a found face's box that lies in the frame, in fractions of it."""
    box = BoundingBox(found.left / width, found.top / height, found.width / width, found.height / height)
    return box.clamped()


def landmarks_of(found: FoundFace, width: int, height: int) -> tuple[Landmark, ...]:
    """Return a found face's five points in fractions of the frame."""
    return tuple(
        Landmark(kind, float(x) / width, float(y) / height)
        for kind, (x, y) in zip(POINT_KINDS, found.points, strict=True)
    )


def smile_of(emotions: tuple[EmotionScore, ...]) -> Judgement | None:
    """Return whether a face smiles, judged by its HAPPY score; None without one."""
    for score in emotions:
        if score.emotion is Emotion.HAPPY:
            share = score.confidence
            return Judgement(value=share >= 50.0, confidence=max(share, 100.0 - share))  # noqa: PLR2004
    return None
