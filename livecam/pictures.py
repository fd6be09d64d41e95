"""A finished picture: a frame with what is to be said about it. No pixels are touched here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.faces import BoundingBox, Emotion, EmotionScore, Landmark
    from livecam.frames import Frame, Image


@dataclass(frozen=True, slots=True)
class FaceLabel:
    """One tracked face as it is shown on one picture."""

    track_id: int
    """1-based, never reused within a run."""
    box: BoundingBox
    """Fractions of the unmirrored source frame, clamped to it."""
    box_source: str
    """Name of the detector that the box comes from."""
    emotion: Emotion | None
    """The leading emotion after smoothing; None when unclear or not answered yet."""
    confidence: float | None
    """Smoothed score of the leading emotion, 0..100; None until a detector has scored it."""
    unclear: bool
    """The detector scored this face, but nothing stands out."""
    emotion_source: str | None
    """Name of the detector that scored it; None until answered."""
    age: float | None
    """Seconds since the answering frame was captured; None until answered."""
    answered_at: float | None = None
    """When the answering frame was captured, monotonic seconds: another instant is another answer."""
    opacity: float = 1.0
    """1 for a fresh label, falling to 0 as it expires."""
    box_opacity: float = 1.0
    """1 while the face is followed, falling to 0 when it is lost from sight."""
    is_outdated: bool = False
    """Whether there was an answer once, but it is too old to be shown."""
    scores: tuple[EmotionScore, ...] = ()
    """All smoothed scores, strongest first."""
    is_approximate: bool = False
    """Whether the label is an indication only."""
    landmarks: tuple[Landmark, ...] = ()
    """The answer's points of the face, moved and resized as its box was since, in fractions of the unmirrored
    source frame; some may lie outside. Empty once the answer is not fresh, and where it has none."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the HUD says about the run at one instant."""

    source: str
    """For people: the source and what it granted."""
    source_state: str
    """One word: "opening", "live" (no known end), "playing", "lost", "stalled", "frozen", "black",
    "slow" or "ended"."""
    detector: str
    """For people, such as "on-device, approximate"."""
    display_fps: float | None = None
    """Pictures finished per second over the last seconds; None until two were."""
    calls: int = 0
    """Calls answered so far."""
    failed: int = 0
    """Calls that failed so far."""
    call_rate: float | None = None
    """Calls answered per second over the last seconds."""
    latency_p50: float | None = None
    """Median seconds from request to answer over the last minute."""
    latency_p95: float | None = None
    timing: tuple[tuple[str, float], ...] = ()
    """Median seconds of each part of a call over the last minute, in the order of the call."""
    pace: float | None = None
    """Calls per second that are allowed now, once that is another number than was asked for."""
    asked_rate: float | None = None
    """Calls per second that the user has asked for while it ran; None while it is as at the start."""
    dropped: int = 0
    """Frames dropped so far, whatever the reason."""
    trouble: str | None = None
    """What is wrong now, in one short sentence; None when all is well."""
    stand_in: str | None = None
    """Name of the detector that answers in place of the one that is left alone; None when that answers."""
    notice: str | None = None
    """The source's own sentence that must be shown."""
    cost_usd: float | None = None
    """What the calls of this run have cost by the price table; None where none are paid."""
    cost_per_hour: float | None = None
    """What an hour costs at the present pace."""
    budget_usd: float | None = None
    """What is left of the narrowest budget; None without one."""
    budget_limit_usd: float | None = None
    """What the run may cost; None without a limit."""
    is_paused: bool = False
    """Whether the user has stopped the calls."""
    delay: float | None = None
    """Seconds that the picture is held back for its answers (mode "aligned"); None when it is live."""
    effort: str | None = None
    """What is saved on following faces, such as "fewer points"; None when nothing is."""
    finder_rate: float | None = None
    """Looks per second of the on-device finder; None when it is off."""
    recording: float | None = None
    """Seconds for which the present clip has been recorded; None when none is."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame, the labels that belong on it, and the state of the run when it was finished."""

    frame: Frame
    faces: tuple[FaceLabel, ...]
    status: Status
    displayed_at: float
    """When it was handed to the sinks, monotonic seconds."""
    image: Image | None = None
    """The annotated picture (BGR, the frame's size); None when no sink asked for pixels."""
    answered_at: float | None = None
    """When the frame that the newest answer is about was captured; None before the first. Without it, no
    faces would mean both "nobody there" and "nobody asked"."""
    looked_at: float | None = None
    """When the newest frame of this scene that anybody looked at for faces was captured; None before that."""
    suspected: tuple[tuple[int, BoundingBox], ...] = ()
    """Number and place of what may be a face besides: not sure enough to be shown, or just lost from sight.
    The numbers are not those of `faces`."""
    clip: str | None = None
    """Id of the clip that the frame was written to, told to those that come after the recorder."""
