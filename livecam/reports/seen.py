"""A face as one of the two sources saw it over time: live labels or stored video. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from livecam.faces import BoundingBox, Emotion, EmotionScore

Source: TypeAlias = Literal["live", "stored"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One face at one instant."""

    time: float
    """Seconds from the video's start."""
    box: BoundingBox
    """Fractions of the frame, clamped to it."""
    emotion: Emotion | None
    """What it appeared to express; None when nothing was claimed."""
    confidence: float | None
    """0..100, of that emotion; None where there is none."""
    scores: tuple[EmotionScore, ...] = ()
    """All that were given; of live labels none, to save memory: they are in the sidecar."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which a face appeared to express the same, about as clearly."""

    start: float
    """Seconds from the video's start."""
    end: float
    emotion: Emotion | None
    """None: the face was there, but nothing was claimed."""
    confidence: float | None
    """0..100, at its start."""

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Traits:
    """What stored video said of a face beside its expression, over all instants. None: it did not say."""

    face_confidence: float | None = None
    """Mean, 0..100, that it is a face."""
    age: tuple[int, int] | None = None
    """Middle values of the lower and upper bounds, in years."""
    smiling: float | None = None
    """Share of instants, 0..1."""
    eyeglasses: float | None = None
    """Share of instants, 0..1."""


@dataclass(frozen=True, slots=True)
class SeenFace:
    """One face over time, as one source saw it."""

    source: Source
    number: int
    """Its track in the live labels; its link in the stored results."""
    moments: tuple[Moment, ...]
    """Ascending in time, at least one."""
    spans: tuple[Span, ...]
    """Ascending in time, not overlapping."""
    traits: Traits = Traits()

    @property
    def name(self) -> str:
        """What it is called on the page, such as "live 3"."""
        return f"{self.source} {self.number}"

    @property
    def first(self) -> float:
        """Seconds from the video's start at which it was first seen."""
        return self.moments[0].time

    @property
    def last(self) -> float:
        """Seconds from the video's start at which it was last seen."""
        return self.moments[-1].time

    @property
    def seconds(self) -> float:
        """How long it was there."""
        return sum(span.seconds for span in self.spans)
