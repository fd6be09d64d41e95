"""What a simple script does, and what everything else is compared with: the last answer, as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.pictures import FaceLabel, Picture
from livecam.tracking.matching import assign

if TYPE_CHECKING:
    from livecam.detections import Answer, Sighting
    from livecam.faces import Face
    from livecam.frames import Frame
    from livecam.pictures import Status

SAME_FROM = 0.2
"""Overlap from which a face of an answer is that of the one before."""


@dataclass(frozen=True, slots=True)
class _Held:
    track_id: int
    face: Face


class HoldingPath:
    """Shows the boxes and labels of the newest answer until there is another; fits `Method`."""

    def __init__(self) -> None:
        self._held: list[_Held] = []
        self._created = 0
        self._answer: Answer | None = None

    @property
    def wants_finder(self) -> bool:
        """Never: it would not know what to do with one."""
        return False

    def follow(self, frame: Frame) -> None:
        """Look away: the boxes stay where they are."""

    def apply(self, answer: Answer) -> None:
        """Show this answer from now on, unless it is older than the one that is shown."""
        if self._answer is not None and answer.sequence <= self._answer.sequence:
            return
        self._answer = answer
        faces = answer.detection.faces
        overlaps = [[held.face.box.iou(face.box) for face in faces] for held in self._held]
        pairs = assign([[each if each >= SAME_FROM else 0.0 for each in row] for row in overlaps])
        known = {column: self._held[row].track_id for row, column in pairs}
        self._held = [_Held(known.get(index) or self._new_id(), face) for index, face in enumerate(faces)]

    def apply_sighting(self, sighting: Sighting) -> None:
        """Do nothing with what the on-device finder saw."""

    def finish(self, frame: Frame, now: float, status: Status) -> Picture:
        """Return the picture with the newest answer's boxes on it."""
        answered_at = self._answer.captured_at if self._answer else None
        labels = tuple(self._label(held, now) for held in self._held)
        return Picture(frame, labels, status, now, answered_at=answered_at)

    def _new_id(self) -> int:
        self._created += 1
        return self._created

    def _label(self, held: _Held, now: float) -> FaceLabel:
        answer, emotions = self._answer, held.face.emotions
        assert answer is not None  # noqa: S101  nothing is held before the first
        best = max(emotions, key=lambda score: score.confidence) if emotions else None
        return FaceLabel(
            track_id=held.track_id,
            box=held.face.box.clamped(),
            box_source=answer.detector.name,
            emotion=best.emotion if best else None,
            confidence=best.confidence if best else None,
            unclear=False,
            emotion_source=answer.detector.name if best else None,
            age=now - answer.captured_at,
        )
