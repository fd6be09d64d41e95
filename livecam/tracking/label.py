"""What one face is said to express: steadied, aged, faded and in the end withdrawn."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.faces import Emotion
from livecam.pictures import FaceLabel
from livecam.smoothing import EmotionSmoother

if TYPE_CHECKING:
    from livecam.detections import DetectorInfo
    from livecam.faces import BoundingBox, EmotionScore, Face, Landmark

FULL_UNTIL = 1.0
"""Age in seconds up to which a label is drawn in full: three times a usual answer's age."""
GONE_AFTER = 3.0
"""Age in seconds at which a label has faded away; as long as a call's deadline."""
KEPT_READINGS = 40
"""Newest answers that are remembered, for pictures that are shown late: 4 s at ten a second."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a face was said to express from one answer on."""

    detector: DetectorInfo
    at: float
    """When the answering frame was captured."""
    leader: EmotionScore | None
    scores: tuple[EmotionScore, ...]
    landmarks: tuple[Landmark, ...]
    """In fractions of the face's box as it is drawn."""

    @property
    def is_unclear(self) -> bool:
        """Whether it was scored, but nothing stands out."""
        leader = self.leader
        if leader is None:
            return False
        return leader.emotion is Emotion.UNKNOWN or leader.confidence < self.detector.unclear_below


class Label:
    """What the detectors' answers about one face amount to."""

    def __init__(self) -> None:
        self._smoother = EmotionSmoother()
        self._readings: deque[_Reading] = deque(maxlen=KEPT_READINGS)
        self.newest: Emotion | None = None
        """The strongest emotion of the newest answer, before it is steadied."""

    @property
    def answered_at(self) -> float | None:
        """When the newest frame was captured that an answer named the face in; None before the first."""
        return self._readings[-1].at if self._readings else None

    @property
    def emotion(self) -> Emotion | None:
        """What the face is said to express; None when nothing was said or it is unclear."""
        if not self._readings or self._readings[-1].is_unclear:
            return None
        leader = self._readings[-1].leader
        return None if leader is None else leader.emotion

    def take(
        self, face: Face, detector: DetectorInfo, at: float, *, drawn: BoundingBox | None = None
    ) -> None:
        """Take in what a detector says of the face in a frame captured at instant `at`.

        Args:
            face: what it says.
            detector: who says it.
            at: the instant.
            drawn: where the face is drawn on that frame; None: where the detector says.
        """
        if face.emotions:
            self._smoother.update(face.emotions, at)
            self.newest = max(face.emotions, key=lambda score: score.confidence).emotion
        elif self._readings:  # what was said before grows old, whoever sees the face without scoring it
            return
        box = drawn or face.box
        landmarks = tuple(point.within(box) for point in face.landmarks or ())
        smoother = self._smoother
        self._readings.append(_Reading(detector, at, smoother.leader, smoother.scores, landmarks))

    def shown(
        self,
        track_id: int,
        box: BoundingBox,
        *,
        at: float,
        box_source: str,
        box_opacity: float,
        lasts: float = 0.0,
    ) -> FaceLabel:
        """Return the label for the face in this box.

        Args:
            track_id: of the face.
            box: where it is drawn; the part inside the frame is told.
            at: the instant; only answers about frames captured until then count.
            box_source: where the box comes from.
            box_opacity: how much of the box is shown, 0..1.
            lasts: seconds for which a label stays as good as new, because a face that changes is asked about.
        """
        reading = next((each for each in reversed(self._readings) if each.at <= at), None)
        if reading is None:
            return _unanswered(track_id, box.clamped(), box_source, box_opacity)
        age = at - reading.at
        leader = reading.leader if age < GONE_AFTER + lasts else None
        return FaceLabel(
            track_id=track_id,
            box=box.clamped(),
            box_source=box_source,
            emotion=None if leader is None or reading.is_unclear else leader.emotion,
            confidence=None if leader is None else leader.confidence,
            unclear=leader is not None and reading.is_unclear,
            emotion_source=None if leader is None else reading.detector.name,
            age=age,
            answered_at=reading.at,
            opacity=box_opacity * (1.0 if leader is None else opacity(age - lasts)),
            box_opacity=box_opacity,
            is_outdated=age >= GONE_AFTER + lasts,
            scores=() if leader is None else reading.scores,
            is_approximate=reading.detector.is_approximate,
            # A face turns within its box: what moves with the box alone is soon wrong.
            landmarks=tuple(p.placed_in(box) for p in reading.landmarks) if age < FULL_UNTIL else (),
        )


def _unanswered(track_id: int, box: BoundingBox, box_source: str, box_opacity: float) -> FaceLabel:
    return FaceLabel(
        track_id=track_id,
        box=box,
        box_source=box_source,
        emotion=None,
        confidence=None,
        unclear=False,
        emotion_source=None,
        age=None,
        opacity=box_opacity,
        box_opacity=box_opacity,
    )


def opacity(age: float) -> float:
    """Return how much of a label of this age (seconds) is shown: 1 down to 0."""
    return min(max((GONE_AFTER - age) / (GONE_AFTER - FULL_UNTIL), 0.0), 1.0)
