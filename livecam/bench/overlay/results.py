"""What one bench run found: per clip and method, what was shown and how it scores. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.faces import BoundingBox, Emotion


@dataclass(frozen=True, slots=True)
class TrueFace:
    """A face of the reference in one frame."""

    person: int
    """0-based; the same person in the frames of one unbroken appearance."""
    box: BoundingBox
    """As the detector under test draws it (its convention), without noise."""
    emotion: Emotion
    """What the scripted detector says of this person."""
    counts: bool
    """Whether it must be shown; small and unsure faces of a reference flicker, and may be."""


@dataclass(frozen=True, slots=True)
class ShownFace:
    """A face as it was drawn on one frame."""

    track_id: int
    box: BoundingBox
    emotion: Emotion | None
    """None while unclear, new or expired."""


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """What was shown on one frame."""

    sequence: int
    at: float
    """Media time, seconds."""
    faces: tuple[ShownFace, ...]
    known: frozenset[int]
    """Persons in the newest answer that had come: those answered about."""
    cpu: float = 0.0
    """CPU seconds that following and merging took for this frame."""
    answers: int = 0
    """Answers that came since the frame before."""
    answered: int | None = None
    """Index of the shown frame that the newest answer is about; None before the first."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How well one method did on one clip. Shares are 0..1; None where there was nothing to count."""

    iou: float | None
    """Mean overlap of the box shown and the face, over faces answered about; 0 where none is shown."""
    iou_all: float | None
    """The same over all faces."""
    over_50: float | None
    """Share of face-frames answered about with an overlap above 0.5."""
    over_70: float | None
    """The same above 0.7."""
    p5: float | None
    """5th percentile of the overlap, faces answered about."""
    jitter: float | None
    """Unrest of the box against the face: rms of the second difference of its error, in percent of the
    face's size per frame squared, the 2 % greatest left out."""
    ghosts: float | None
    """Share of boxes shown that are on no face of the reference."""
    ghost_seconds: float
    """Seconds of boxes on no face."""
    id_changes: int
    """Times that a person's track id changed."""
    first_box_median: float | None
    """Seconds from a person's first frame to the first box on them."""
    first_box_p95: float | None
    never_shown: int
    """Persons who never got a box."""
    labels_right: float | None
    """Share of labelled face-frames whose label is the person's own, on this frame or on the answered one;
    None where the reference does not know what a run's detector ought to say."""
    labels_of_others: float | None
    """Share whose label is that of another person in the clip."""
    cpu_ms: float | None
    """Mean CPU milliseconds per frame for following and merging."""
    cpu_ms_p95: float | None
    cpu_ms_answer: float | None
    """Greatest CPU milliseconds of a frame with which an answer came."""
    face_frames: int
    """Faces counted."""


@dataclass(frozen=True, slots=True)
class MethodResult:
    """One method on one clip."""

    method: str
    """"hold", "flow" or "merged"; "trace" for what a run showed."""
    scores: Scores
    shown: tuple[ShownFrame, ...]
    iou_over_time: tuple[float | None, ...]
    """Per frame, the mean over the faces that count; None where there are none."""


@dataclass(frozen=True, slots=True)
class ClipResult:
    """All methods on one clip."""

    clip: str
    """Its name, or "demo"."""
    path: Path | None
    """None for the demo scene."""
    truth_from: str
    """Where the reference comes from, for people."""
    fps: float
    width: int
    """Pixels."""
    height: int
    truth: tuple[tuple[TrueFace, ...], ...]
    """Per frame."""
    methods: tuple[MethodResult, ...]
