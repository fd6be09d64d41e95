"""What happened, as frozen records. One JSON object each in `--events`.

An event's `type` in JSON is its class name in snake_case. A new field is fine; a renamed one breaks readers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.frames import SourceInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Anything worth telling to a log, a HUD or a summary."""

    at: float
    """Instant, monotonic seconds."""
    source: str
    """Id of the source that it concerns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOpened(Event):
    """A source was opened; the figures are what was granted, not what was asked."""

    description: str
    width: int
    height: int
    fps: float | None

    @classmethod
    def of(cls, info: SourceInfo, *, at: float) -> SourceOpened:
        """Return the event of a source that said `info` at instant `at`."""
        return cls(
            at=at,
            source=info.source,
            description=info.description,
            width=info.width,
            height=info.height,
            fps=info.fps,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEnded(Event):
    """A source delivered its last frame."""

    reason: str
    """"end of file", "duration reached", "closed by user", "interrupted", "terminated" or an error."""
    captured: int
    """Frames it delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAwaited(Event):
    """A source is not there yet; it is tried again until it is."""

    message: str
    """Why it could not be opened this time, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTroubled(Event):
    """Something is wrong with a source that had delivered; the run goes on."""

    trouble: str
    """"lost", "stalled", "frozen", "black" or "slow"."""
    message: str
    """What is wrong, in one sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecovered(Event):
    """A source is well again."""

    trouble: str
    """What had been wrong, as in `SourceTroubled`."""
    lasted: float
    """Seconds since that was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionPaused(Event):
    """The user stopped the calls, or let them go on."""

    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameDropped(Event):
    """A frame was lost on purpose, before work was done on it."""

    frame: int
    reason: str
    """"picture path busy", "output busy" or "recorder busy"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeChanged(Event):
    """The user chose how the picture and its answers go together."""

    mode: str
    """"live" or "aligned"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentMarked(Event):
    """The user marked this moment, with a text to find it by."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneCut(Event):
    """A frame shows another scene than the one before: every face was dropped."""

    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingChanged(Event):
    """Following faces from frame to frame costs more, or again less, than it may."""

    effort: str
    """"full", "fewer points" or "every second frame"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinderPaceChanged(Event):
    """The on-device finder looks more rarely, or again more often, to keep within its share of a core."""

    rate: float
    """Looks per second from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinderUnavailable(Event):
    """The on-device finder cannot be used; boxes come from the detector and from following alone."""

    error: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameChosen(Event):
    """A frame was worth a call and was sent."""

    frame: int
    reason: str
    """Why, such as "new face", "changed" or "label old"; see `livecam/selection/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FramesPassedOver(Event):
    """Frames were not worth a call, one after the other, for the same reason."""

    reason: str
    """Why not, such as "unchanged", "nobody" or "blurred"."""
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetReached(Event):
    """Paid calls have come near to what they may cost, or to it."""

    budget: str
    """"run" or "day"."""
    share: float
    """Of the budget that is spent: 0.8 is told, at 1 paid calls stop."""
    spent_usd: float
    budget_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadPlanned(Event):
    """The picture that is sent has another size from now on."""

    width: int
    """Pixels."""
    quality: int
    """JPEG quality, 10..100."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionCompleted(Event):
    """A detector answered about a frame."""

    frame: int
    detector: str
    faces: int
    captured_at: float
    requested_at: float
    responded_at: float
    timing: Mapping[str, float] = field(default_factory=dict)
    """Seconds per part of the call."""
    frame_age: float | None = None
    """Seconds from the capture of the frame to its sending; None when it was not sent anywhere."""
    bytes_sent: int | None = None
    """Size of the encoded picture."""
    request_id: str | None = None
    """The service's own id of the call."""
    is_cold: bool = False
    """Whether a connection had to be opened for it."""
    cost_usd: float = 0.0
    """What it cost by the price table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionFailed(Event):
    """A detector did not answer about a frame."""

    frame: int
    detector: str
    error: str
    """The service's error code, or the name of our own error."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorUnavailable(Event):
    """A detector could not be made ready; the picture goes on without it."""

    detector: str
    error: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceChanged(Event):
    """The calls were made rarer or, little by little, more frequent again; or the user asked for a rate."""

    rate: float
    """Calls per second from now on."""
    reason: str
    """"throttled", "recovering", "recovered" when it is what was asked for again, or "set by the user"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitOpened(Event):
    """A detector will fail for a while, whatever it is asked; it is left alone, then tried once."""

    detector: str
    error: str
    message: str
    """What was wrong and what to do, in one sentence."""
    retry_in: float
    """Seconds until it is tried once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitClosed(Event):
    """A detector answers again."""

    detector: str
    lasted: float
    """Seconds since its circuit opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFailed(Event):
    """An output stopped; the run goes on without it."""

    output: str
    """File or window concerned."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipStarted(Event):
    """Frames are being recorded into a new clip."""

    clip: str
    """Id of the clip."""
    file: str
    """Where it will be."""
    reason: str
    """"all", "by hand", or the rule that began it."""
    pre_roll: float
    """Seconds of the clip that were captured before this instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipEnded(Event):
    """The last frame of a clip was taken; it is made into a file that others can read."""

    clip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRecorded(Event):
    """A clip is whole and on disk."""

    clip: str
    file: str
    started_at: str
    """Wall time of its first frame, ISO 8601, UTC."""
    reason: str
    duration: float
    frames: int
    size: int
    """Bytes."""
    is_salvaged: bool = False
    """Whether a livecam that was killed, or whose disk was full, had left it unfinished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipDamaged(Event):
    """No picture of a clip can be read, or it could not be finished now; its file is kept."""

    clip: str
    file: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipRemoved(Event):
    """A clip was deleted, because it was older, or all clips larger, than the user wants to keep."""

    clip: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingTroubled(Event):
    """Recording is in danger, or has stopped; the picture goes on."""

    has_stopped: bool
    message: str
    """What is wrong and what to do, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRecovered(Event):
    """Recording goes on, or is in danger no more."""

    lasted: float
    """Seconds since the trouble was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipStored(Event):
    """A clip is on S3, proved to be whole."""

    clip: str
    uri: str
    """s3://BUCKET/KEY."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFailed(Event):
    """A clip could not be uploaded; it waits in the ledger, or Rekognition would refuse it."""

    clip: str
    error: str
    message: str
    is_refused: bool = False
    """Whether it was not sent because Rekognition would not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSubmitted(Event):
    """The service has begun to analyse a video."""

    clip: str
    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEnded(Event):
    """A job is over, or has come to nothing."""

    clip: str
    job_id: str
    """Empty where none could be started."""
    status: str
    """"SUCCEEDED", "FAILED", "EXPIRED" or "REFUSED"."""
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsFetched(Event):
    """The results of a job are in a file."""

    clip: str
    job_id: str
    file: str
    faces: int
    """Face entries, all sampled instants together."""
    minutes: float
    """Of video that were analysed."""
    cost_usd: float
    """By the price table, which says what is unconfirmed."""
