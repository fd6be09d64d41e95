"""The last ten minutes of a run: latency, pictures, drops, cost, and what each face appeared to express.

Pure: told every value and every instant. What is kept has a bound, however long the run.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from livecam.events import DetectionCompleted, DetectionFailed, FrameDropped
from livecam.latency import percentile, percentiles

if TYPE_CHECKING:
    from livecam.events import Event
    from livecam.pictures import FaceLabel, Picture

SPAN = 600.0
"""Seconds that are kept."""
MOST_FACES = 12
"""Faces whose emotions are kept: those that were there last."""
MOST_SPELLS = 60
"""Spells kept of a face; beyond, the shortest gives way to the one before it."""
LOOK_EVERY = 0.5
"""Seconds between two looks at what the faces appear to express."""
GAP = 1.5
"""Seconds without a look that part two spells: the face was away."""


@dataclass(slots=True)
class _Bucket:
    """What happened in a slice of time."""

    begins_at: float
    latencies: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=dict)
    pictures: int = 0
    dropped: int = 0
    failed: int = 0
    cost_usd: float = 0.0

    def as_dict(self, seconds: float) -> dict[str, Any]:
        """Return it as JSON has it.

        Args:
            seconds: for which it has lasted.
        """
        figures = percentiles(self.latencies)
        medians = {part: percentile(sorted(each), 0.5) for part, each in self.parts.items()}
        return {
            "at": round(self.begins_at, 3),
            "calls": figures.count,
            "failed": self.failed,
            "p50": rounded(figures.p50),
            "p95": rounded(figures.p95),
            "timing": {part: rounded(median) for part, median in medians.items()},
            "fps": round(self.pictures / seconds, 2) if seconds > 0 else None,
            "dropped": self.dropped,
            "cost_usd": round(self.cost_usd, 6),
        }


class Timeline:
    """Equal slices of the last time; slices in which nothing was told are there, and empty.

    Args:
        width: of a slice, seconds.
        slices: how many are kept beside the one under way.
        detector: whose calls count for latency; None: everybody's.
    """

    def __init__(self, width: float, slices: int, detector: str | None = None) -> None:
        self._width = width
        self._slices = slices
        self._detector = detector
        self._past: deque[dict[str, Any]] = deque(maxlen=slices)
        self._present: _Bucket | None = None

    def note(self, event: Event) -> None:
        """Take note of an event that concerns calls or drops; of no other."""
        match event:
            case DetectionCompleted():
                self._complete(event)
            case DetectionFailed():
                self._at(event.at).failed += 1
            case FrameDropped():
                self._at(event.at).dropped += 1
            case _:
                pass

    def shown(self, at: float) -> None:
        """Count a picture that was shown at an instant."""
        self._at(at).pictures += 1

    def as_dict(self, now: float) -> dict[str, Any]:
        """Return the slices, oldest first; the last one is under way."""
        if self._present is None:
            return {"width": self._width, "slices": []}
        present = self._at(now)
        under_way = present.as_dict(min(now - present.begins_at, self._width))
        return {"width": self._width, "slices": [*self._past, under_way]}

    def _complete(self, event: DetectionCompleted) -> None:
        bucket = self._at(event.responded_at)
        bucket.cost_usd += event.cost_usd
        # As for the HUD: a connection that was opened, and what another detector took, are other things.
        if event.is_cold or self._detector not in (None, event.detector):
            return
        bucket.latencies.append(event.responded_at - event.requested_at)
        for part, seconds in event.timing.items():
            bucket.parts.setdefault(part, []).append(seconds)

    def _at(self, at: float) -> _Bucket:
        """Return the slice of an instant; of one that is past already, the slice under way."""
        if self._present is None:
            self._present = _Bucket(at)
        missed = int((at - self._present.begins_at) / self._width)
        if missed > self._slices:  # nothing was told for so long that nothing of what was is left
            self._present = _Bucket(self._present.begins_at + (missed - self._slices) * self._width)
        while at >= self._present.begins_at + self._width:
            self._past.append(self._present.as_dict(self._width))
            self._present = _Bucket(self._present.begins_at + self._width)
        return self._present


@dataclass(slots=True)
class _Spell:
    """A time for which a face appeared to express the same."""

    began_at: float
    ended_at: float
    emotion: str | None
    """None where it was unclear."""
    confidence: float | None


class EmotionTimeline:
    """What each face appeared to express, as it was shown."""

    def __init__(self) -> None:
        self._faces: dict[int, list[_Spell]] = {}
        self._looked_at: float | None = None

    def note(self, picture: Picture) -> None:
        """Look at a picture's labels, if it is time to."""
        at = picture.displayed_at
        if self._looked_at is not None and at - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = at
        for face in picture.faces:
            if face.emotion is not None or face.unclear:
                self._add(face, at)
        self._forget(at)

    def as_list(self) -> list[dict[str, Any]]:
        """Return the faces in the order in which they came.

        Each has "track_id", and "spells": lists of begin and end (monotonic seconds), the emotion or None
        where it was unclear, and its highest score (0..100) or None.
        """
        return [
            {
                "track_id": track_id,
                "spells": [
                    [
                        round(each.began_at, 2),
                        round(each.ended_at, 2),
                        each.emotion,
                        rounded(each.confidence, 1),
                    ]
                    for each in spells
                ],
            }
            for track_id, spells in sorted(self._faces.items())
        ]

    def _add(self, face: FaceLabel, at: float) -> None:
        spells = self._faces.setdefault(face.track_id, [])
        emotion = None if face.emotion is None else face.emotion.value
        newest = spells[-1] if spells else None
        if newest is not None and at - newest.ended_at <= GAP:
            newest.ended_at = at  # also where it changes: no gap is left between two spells
            if newest.emotion == emotion:
                newest.confidence = _higher(newest.confidence, face.confidence)
                return
        spells.append(_Spell(at, at, emotion, face.confidence))
        if len(spells) > MOST_SPELLS:
            _thin(spells)

    def _forget(self, at: float) -> None:
        """Forget what is older than `SPAN`, and the faces that have been away for longest."""
        oldest = at - SPAN
        for track_id, spells in list(self._faces.items()):
            while spells and spells[0].ended_at < oldest:
                del spells[0]
            if spells:
                spells[0].began_at = max(spells[0].began_at, oldest)
            else:
                del self._faces[track_id]
        while len(self._faces) > MOST_FACES:
            del self._faces[min(self._faces, key=lambda each: self._faces[each][-1].ended_at)]


def _thin(spells: list[_Spell]) -> None:
    """Let the shortest spell, but the first and the newest, give way to the one before it."""
    index = min(range(1, len(spells) - 1), key=lambda each: spells[each].ended_at - spells[each].began_at)
    given_up = spells.pop(index)
    before, after = spells[index - 1], spells[index]
    if given_up.began_at - before.ended_at <= GAP:
        before.ended_at = given_up.ended_at
    # Else the face was away in between, and what came before is left as it was.
    if before.emotion == after.emotion and after.began_at - before.ended_at <= GAP:
        before.ended_at, before.confidence = after.ended_at, _higher(before.confidence, after.confidence)
        del spells[index]


def _higher(one: float | None, other: float | None) -> float | None:
    return max((each for each in (one, other) if each is not None), default=None)


def rounded(value: float | None, digits: int = 4) -> float | None:
    """Return a figure as JSON has it; None where there is none."""
    return None if value is None else round(value, digits)
