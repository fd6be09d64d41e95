"""What happened, in sentences for the page. Pure; no secret and no folder is in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from livecam import events
from livecam.redaction import redact

if TYPE_CHECKING:
    from livecam.events import Event

# Folders of this machine are nobody's business but its user's: of a path its last part is told. A device
# (/dev/video0) stays, and so does what follows a host in an address.
_PATH = re.compile(
    r"(?<![\w:/.\\])(?:[A-Za-z]:(?=[\\/])|~)?(?!/dev/)(?:[\\/][^\s\\/'\",;:]+)+[\\/](?=[^\s\\/'\",;])"
)
OFTEN = (
    events.DetectionCompleted,
    events.FrameDropped,
    events.FrameChosen,
    events.FramesPassedOver,
    events.FinderPaceChanged,
    events.FollowingChanged,
    events.SceneCut,
)
"""Events that come so often that a list of the newest would show nothing else."""


def without_folders(text: str) -> str:
    """Return a text without secrets, and with the names of files alone where it has their paths."""
    return _PATH.sub("", redact(text))


def clean(text: str | None) -> str | None:
    """Return `without_folders` of a text that may be missing."""
    return None if text is None else without_folders(text)


_SENTENCES: dict[type[Event], str] = {
    events.SourceOpened: "{0.description} opened, {0.width}x{0.height}",
    events.SourceEnded: "the source ended: {0.reason}",
    events.SourceAwaited: "{0.message}",
    events.SourceTroubled: "{0.message}",
    events.SourceRecovered: "the source is well again after {0.lasted:.1f} s ({0.trouble})",
    events.ModeChanged: "the picture is {0.mode}",
    events.MomentMarked: "marked: {0.text}",
    events.FinderUnavailable: "{0.message}",
    events.DetectionFailed: "{0.detector}: {0.message}",
    events.DetectorUnavailable: "{0.detector}: {0.message}",
    events.CircuitOpened: "{0.detector} is left alone for {0.retry_in:.0f} s: {0.message}",
    events.CircuitClosed: "{0.detector} answers again after {0.lasted:.0f} s",
    events.PaceChanged: "{0.rate:.2g} calls per second from now on ({0.reason})",
    events.BudgetReached: "{0.share:.0%} of the budget of the {0.budget}, ${0.budget_usd:g}, is spent",
    events.PayloadPlanned: "pictures are sent {0.width} pixels wide, quality {0.quality} ({0.reason})",
    events.OutputFailed: "{0.message}",
    events.ClipStarted: "recording clip {0.clip} ({0.reason})",
    events.ClipEnded: "clip {0.clip} is being finished",
    events.ClipRecorded: "clip {0.clip} is on disk, {0.duration:.1f} s",
    events.ClipDamaged: "clip {0.clip}: {0.message}",
    events.ClipRemoved: "clip {0.clip} was deleted: {0.reason}",
    events.RecordingTroubled: "{0.message}",
    events.RecordingRecovered: "recording is well again after {0.lasted:.0f} s",
    events.ClipStored: "clip {0.clip} is on S3",
    events.UploadFailed: "clip {0.clip}: {0.message}",
    events.JobSubmitted: "clip {0.clip} is being analysed",
    events.ResultsFetched: "the results of clip {0.clip} are here, {0.minutes:.1f} minutes of video",
}
_TROUBLES = (
    events.SourceAwaited,
    events.SourceTroubled,
    events.DetectionFailed,
    events.DetectorUnavailable,
    events.FinderUnavailable,
    events.CircuitOpened,
    events.BudgetReached,
    events.OutputFailed,
    events.ClipDamaged,
    events.RecordingTroubled,
    events.UploadFailed,
)


def sentence(event: Event) -> str | None:
    """Return what happened in one sentence; None for what comes so often that figures tell it."""
    match event:
        case events.DetectionPaused(is_paused=is_paused):
            return "sending is paused" if is_paused else "sending goes on"
        case events.JobEnded(clip=clip, status=status, message=message):
            return without_folders(f"the analysis of clip {clip} ended: {message or status}")
        case _:
            text = _SENTENCES.get(type(event))
            return None if text is None else without_folders(text.format(event))


def is_trouble(event: Event) -> bool:
    """Return whether it is something that went wrong."""
    has_failed = isinstance(event, events.JobEnded) and event.status != "SUCCEEDED"
    return has_failed or isinstance(event, _TROUBLES)
