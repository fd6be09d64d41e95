"""Faces that move as they are told, and what is said about them: for trying the rules of tracking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.detections import Answer, Detection, DetectorInfo, Sighting
from livecam.faces import BoundingBox, Emotion, EmotionScore, Face, Movement
from livecam.tracking.label import GONE_AFTER
from livecam.tracking.tracks import Tracks

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel
    from livecam.tracking.convention import Convention

DETECTOR = DetectorInfo(name="paid", is_approximate=False, unclear_below=50.0)
ON_DEVICE = DetectorInfo(name="on-device", is_approximate=True, unclear_below=60.0, draws_as_finder=True)
FPS = 25
ROWS = 240.0
"""A frame of 320x240: a face of height 0.4 is 96 px high, one of 0.05 is 12."""

STILL = Movement(0.0, 0.0)


def a_box(left: float = 0.4, top: float = 0.3, *, size: float = 0.2) -> BoundingBox:
    return BoundingBox(left, top, size, 1.5 * size)


def a_found_face(box: BoundingBox, *, score: float = 90.0) -> Face:
    return Face(box, confidence=score)


def a_named_face(box: BoundingBox, emotion: Emotion = Emotion.HAPPY) -> Face:
    return Face(box, confidence=99.0, emotions=(EmotionScore(emotion, 95.0),))


def at_of(sequence: int) -> float:
    return 1000.0 + sequence / FPS


class Scene:
    """Tracks with a picture path's work around them, one call per happening."""

    def __init__(
        self, *, convention: Convention | None = None, is_sure: bool = False, patience: float = GONE_AFTER
    ) -> None:
        self.tracks = Tracks(keep=3.5, convention=convention, is_sure=is_sure, patience=patience)
        self.sequence = -1

    def frames(self, count: int = 1, movement: Movement | None = STILL) -> None:
        """Let frames come; every face moves alike, or cannot be followed."""
        for _ in range(count):
            base = None if self.sequence < 0 else self.sequence
            moved = [(track, box, movement) for track, box in self.tracks.on(base)]
            self.sequence += 1
            self.tracks.advance(self.sequence, at_of(self.sequence), base, moved)

    def answer(self, *faces: Face, about: int | None = None, detector: DetectorInfo = DETECTOR) -> None:
        """Let an answer about an earlier frame come now; faces that must be caught up stand still."""
        about = self.sequence if about is None else about
        at = at_of(about)
        answer = Answer(detector, "test", about, at, at, at + 0.34, Detection(faces))
        for request in self.tracks.answered(answer, rows=ROWS):
            self.tracks.caught_up(request, self._way(about, request.box), lost_since=None)

    def sight(self, *faces: Face, about: int | None = None) -> None:
        """Let a look of the finder come now."""
        about = self.sequence if about is None else about
        sighting = Sighting("test", about, at_of(about), at_of(about) + 0.03, faces)
        for request in self.tracks.sighted(sighting, rows=ROWS):
            self.tracks.caught_up(request, self._way(about, request.box), lost_since=None)

    def shown(self) -> tuple[FaceLabel, ...]:
        """Return what is shown on the newest frame."""
        return self.tracks.shown(self.sequence, at_of(self.sequence))

    def settle(self) -> None:
        """Let what glides come to rest."""
        self.shown()
        self.frames(12)

    def _way(self, since: int, box: BoundingBox) -> list[tuple[int, BoundingBox]]:
        return [(since, box)] + ([(self.sequence, box)] if since < self.sequence else [])
