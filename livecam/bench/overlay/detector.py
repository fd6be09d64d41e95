"""The scripted detector in virtual time: known answers, as late and as rare as they are asked to be."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.detections import Answer, Detection, DetectorInfo
from livecam.faces import BoundingBox, EmotionScore, Face

if TYPE_CHECKING:
    from livecam.bench.overlay.reference import AnsweredFace
    from livecam.bench.overlay.request import Request
    from livecam.frames import Frame

INFO = DetectorInfo(name="scripted", is_approximate=False, unclear_below=50.0)
MOST_IN_FLIGHT = 2
"""Calls at a time, as in a run."""
CONFIDENCE = 99.0
"""Of each face and of its emotion, 0..100."""


@dataclass(frozen=True, slots=True)
class _Call:
    answer: Answer
    persons: frozenset[int]


class VirtualDetector:
    """Is offered every frame, takes some, and answers later.

    A call is due every 1/rate seconds from the first frame on: one that begins late, for want of a frame
    or because two are on their way, does not put off those after it.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._chance = random.Random(f"detector {request.seed}")  # noqa: S311  a simulation, not a secret
        self._next_due = -math.inf
        self._calls: list[_Call] = []
        self._newest: _Call | None = None

    @property
    def known(self) -> frozenset[int]:
        """Persons in the newest answer that has come."""
        return self._newest.persons if self._newest else frozenset()

    @property
    def answered(self) -> int | None:
        """The frame that the newest answer that has come is about; None before the first."""
        return self._newest.answer.sequence if self._newest else None

    def offer(self, frame: Frame, faces: tuple[AnsweredFace, ...]) -> None:
        """Begin a call about a frame and the faces that are in it, if one is due."""
        now, period = frame.captured_at, 1.0 / self._request.rate
        if now < self._next_due or len(self._calls) >= MOST_IN_FLIGHT:
            return
        on_time = math.isfinite(self._next_due) and now - self._next_due < period
        self._next_due = (self._next_due if on_time else now) + period
        seen = [face for face in faces if self._chance.random() >= self._request.misses]
        detection = Detection(tuple(self._described(face) for face in seen))
        latency = self._request.latency * math.exp(self._request.jitter * self._chance.gauss(0.0, 1.0))
        answer = Answer(INFO, frame.source, frame.sequence, now, now, now + latency, detection)
        self._calls.append(_Call(answer, frozenset(face.person for face in seen)))

    def take(self, now: float) -> list[Answer]:
        """Return the answers that have come until instant `now`, in the order in which they came."""
        # A nanosecond: what is due at this very frame by exact arithmetic has come.
        come = [call for call in self._calls if call.answer.responded_at <= now + 1e-9]
        self._calls = [call for call in self._calls if call not in come]
        for call in come:
            if self._newest is None or call.answer.sequence > self._newest.answer.sequence:
                self._newest = call
        return [call.answer for call in sorted(come, key=lambda call: call.answer.responded_at)]

    def _described(self, face: AnsweredFace) -> Face:
        emotions = (EmotionScore(face.emotion, CONFIDENCE),)
        return Face(self._noisy(face.box), confidence=CONFIDENCE, emotions=emotions)

    def _noisy(self, box: BoundingBox) -> BoundingBox:
        dx, dy, wider, higher = (self._chance.gauss(0.0, self._request.noise) for _ in range(4))
        x, y = box.center
        center = x + dx * box.width, y + dy * box.height
        return BoundingBox.around(center, box.width * math.exp(wider), box.height * math.exp(higher))
