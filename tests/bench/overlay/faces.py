"""Small values of a reference and of what was shown."""

from __future__ import annotations

from livecam.bench.overlay.results import ShownFace, ShownFrame, TrueFace
from livecam.faces import BoundingBox, Emotion


def a_box(left: float = 0.4, *, top: float = 0.4, size: float = 0.2) -> BoundingBox:
    return BoundingBox(left, top, size, size)


def a_true_face(
    person: int = 0,
    left: float = 0.4,
    *,
    emotion: Emotion = Emotion.HAPPY,
    counts: bool = True,
    top: float = 0.4,
) -> TrueFace:
    return TrueFace(person, a_box(left, top=top), emotion, counts)


def a_shown_face(
    track_id: int = 1,
    left: float = 0.4,
    *,
    emotion: Emotion | None = Emotion.HAPPY,
    top: float = 0.4,
) -> ShownFace:
    return ShownFace(track_id, a_box(left, top=top), emotion)


def a_shown_frame(
    index: int,
    *faces: ShownFace,
    known: tuple[int, ...] = (0, 1),
    answered: int | None = 0,
    cpu: float = 0.0,
    answers: int = 0,
) -> ShownFrame:
    return ShownFrame(index, index / 10, faces, frozenset(known), cpu, answers, answered)
