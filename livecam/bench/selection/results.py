"""What there was to see, what each policy asked and showed, and how it scores. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from livecam.detections import Appearance
    from livecam.faces import BoundingBox, Emotion


@dataclass(frozen=True, slots=True)
class TrueFace:
    """A face that is really there."""

    person: int
    """The same from coming to leaving; who comes back is another."""
    box: BoundingBox
    emotion: Emotion


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A face that the on-device finder saw."""

    key: int
    """The same from look to look; never used again."""
    person: int | None
    """Who it is in truth; None where nobody is."""
    height: float
    """Of its box, as a fraction of the frame's."""
    appearance: Appearance | None


@dataclass(frozen=True, slots=True)
class ObservedFrame:
    """One frame of a clip, without its picture."""

    sequence: int
    at: float
    """Seconds from the beginning."""
    activity: str
    """What happens: one of the scene's activities, or "nobody" and "face" for a clip."""
    truth: tuple[TrueFace, ...]
    looked_at: tuple[LookedAt, ...] | None = None
    """What the finder saw; None for a frame that it did not look at."""
    has_cut: bool = False
    """Whether another scene begins."""


@dataclass(frozen=True, slots=True)
class Change:
    """From one instant on, a person expresses something else."""

    person: int
    at: float
    emotion: Emotion


@dataclass(frozen=True, slots=True)
class Observation:
    """All that policies are told of one clip, and what they are measured by."""

    clip: str
    truth_from: str
    """Where the truth comes from, for people."""
    fps: float
    width: int
    """Pixels."""
    height: int
    frames: tuple[ObservedFrame, ...]
    changes: tuple[Change, ...]
    evidence_ms: float | None
    """CPU milliseconds per face that was looked at closely; None where there was none."""
    path: Path | None = None
    """None for a scene."""

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.frames) / self.fps


@dataclass(frozen=True, slots=True)
class Call:
    """A frame that was sent."""

    frame: int
    reason: str
    """Why it was chosen."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one policy asked and what was shown of the answers."""

    policy: str
    calls: tuple[Call, ...]
    passed_over: Mapping[str, int]
    """Frames that were not chosen, by reason."""
    labels: tuple[Mapping[int, Emotion | None], ...]
    """Per frame, what each person's label said; None for nothing or unclear."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How one policy did on one clip. Shares are 0..1; None where there was nothing to count."""

    calls: int
    calls_share: float | None
    """Of the calls of the policy "every"."""
    calls_per_hour: float
    cost_usd: float
    cost_per_hour: float
    changes: int
    """In truth."""
    seen: float | None
    """Share of the changes whose label was on the screen in time."""
    seen_share: float | None
    """Of what "every" saw."""
    delay_median: float | None
    """Seconds from a change to its label, of the changes that got one before the next change."""
    delay_p95: float | None
    first_label_median: float | None
    """Seconds from a person's first frame to their first label."""
    right: float | None
    """Share of face-frames whose label is the truth."""


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """One policy on one clip."""

    policy: str
    scores: Scores
    calls_per_minute: Mapping[str, float]
    """By activity."""
    reasons: Mapping[str, int]
    """Calls by reason."""
    passed_over: Mapping[str, int]
    """Frames by reason."""


@dataclass(frozen=True, slots=True)
class ClipResult:
    """All policies on one clip."""

    observation: Observation
    policies: tuple[PolicyResult, ...]
