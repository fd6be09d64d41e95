"""Which face is which from one answer to the next, and how long it is shown. Pure: told the time.

Faces are matched by the overlap (IoU) of their boxes, and a track shows the newest box it was
given. Where faces were between answers is not known here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.pictures import FaceLabel
from livecam.smoothing import EmotionSmoother

if TYPE_CHECKING:
    from livecam.detections import Answer, DetectorInfo
    from livecam.faces import BoundingBox, Emotion, Face

MIN_IOU = 0.2
"""Overlap under which two boxes are not the same face: two thirds of a face's width sideways."""
FULL_UNTIL = 1.0
"""Age in seconds up to which a label is drawn in full: three times a usual answer's age."""
GONE_AFTER = 3.0
"""Age in seconds at which a label has faded away; as long as a call's deadline."""
MAX_MISSES = 2
"""Answers in a row that may miss a face before it is taken for gone..."""
MISSED_FOR = 0.4
"""...and seconds that it must have been missing, so that flicker at 10 answers/s does not count."""


@dataclass(slots=True)
class _Track:
    """One face as it was last seen."""

    track_id: int
    detector: DetectorInfo
    box: BoundingBox
    seen_at: float
    misses: int = 0
    smoother: EmotionSmoother = field(default_factory=EmotionSmoother)


class Tracker:
    """The faces that are on the picture now."""

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._created = 0
        self._applied_at = float("-inf")

    @property
    def created(self) -> int:
        """Number of tracks that ever were."""
        return self._created

    @property
    def answered_at(self) -> float | None:
        """When the frame that the newest answer is about was captured; None before the first."""
        return None if math.isinf(self._applied_at) else self._applied_at

    def apply(self, answer: Answer) -> None:
        """Take in an answer; one about an older frame than the newest applied is ignored."""
        if answer.captured_at <= self._applied_at:
            return
        self._applied_at = answer.captured_at
        faces = list(answer.detection.faces)
        pairs = match([track.box for track in self._tracks], [face.box for face in faces])
        for index, track in enumerate(self._tracks):
            if index in pairs:
                _see(track, faces[pairs[index]], answer)
            else:
                track.misses += 1
        for index, face in enumerate(faces):
            if index not in pairs.values():
                self._tracks.append(self._begin(face, answer))
        self._tracks = [track for track in self._tracks if not _is_missed(track, answer.captured_at)]

    def clear(self) -> None:
        """Forget every face; those to come are new ones."""
        self._tracks.clear()
        self._applied_at = float("-inf")

    def labels(self, now: float) -> tuple[FaceLabel, ...]:
        """Return what is to be shown at instant `now`, oldest track first; forgets the expired."""
        self._tracks = [track for track in self._tracks if now - track.seen_at < GONE_AFTER]
        return tuple(_label(track, now) for track in self._tracks)

    def _begin(self, face: Face, answer: Answer) -> _Track:
        self._created += 1
        track = _Track(self._created, answer.detector, face.box, answer.captured_at)
        _see(track, face, answer)
        return track


def match(known: list[BoundingBox], seen: list[BoundingBox]) -> dict[int, int]:
    """Pair boxes by greatest overlap first: index in `known` -> index in `seen`."""
    candidates = sorted(
        ((box.iou(other), i, j) for i, box in enumerate(known) for j, other in enumerate(seen)),
        key=lambda candidate: (-candidate[0], candidate[1], candidate[2]),
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for overlap, i, j in candidates:
        if overlap < MIN_IOU:
            break
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def opacity(age: float) -> float:
    """Return how much of a label of this age (seconds) is shown: 1 down to 0."""
    return min(max((GONE_AFTER - age) / (GONE_AFTER - FULL_UNTIL), 0.0), 1.0)


def _see(track: _Track, face: Face, answer: Answer) -> None:
    track.detector = answer.detector
    track.box = face.box
    track.seen_at = answer.captured_at
    track.misses = 0
    if face.emotions:
        track.smoother.update(face.emotions, answer.captured_at)


def _is_missed(track: _Track, at: float) -> bool:
    return track.misses >= MAX_MISSES and at - track.seen_at >= MISSED_FOR


def _label(track: _Track, now: float) -> FaceLabel:
    emotion, confidence, unclear = _reading(track)
    age = max(now - track.seen_at, 0.0)
    return FaceLabel(
        track_id=track.track_id,
        box=track.box.clamped(),
        box_source=track.detector.name,
        emotion=emotion,
        confidence=confidence,
        unclear=unclear,
        emotion_source=track.detector.name if confidence is not None else None,
        age=age,
        answered_at=track.seen_at,
        opacity=opacity(age),
        scores=track.smoother.scores,
        is_approximate=track.detector.is_approximate,
    )


def _reading(track: _Track) -> tuple[Emotion | None, float | None, bool]:
    """Return the emotion to show, its smoothed score, and whether it is unclear."""
    leader = track.smoother.leader
    if leader is None:
        return None, None, False
    is_unclear = leader.emotion.name == "UNKNOWN" or leader.confidence < track.detector.unclear_below
    return (None if is_unclear else leader.emotion), leader.confidence, is_unclear
