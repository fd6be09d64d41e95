"""What happened, in one sentence for people, and how grave it is: for the log and for the page. Pure."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livecam import events
from livecam.pricing import dollars

if TYPE_CHECKING:
    from livecam.events import Event

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

_SENTENCES: dict[type[Event], str] = {
    events.SourceOpened: "{0.description} opened, {0.width}x{0.height}",
    events.SourceEnded: "the source ended: {0.reason}",
    events.SourceAwaited: "waiting for the source: {0.message}",
    events.SourceTroubled: "{0.message}",
    events.SourceRecovered: "the source is well again after {0.lasted:.1f} s ({0.trouble})",
    events.ModeChanged: "the picture is {0.mode}",
    events.MomentMarked: "marked: {0.text}",
    events.FinderUnavailable: "the on-device finder is off, boxes come from the detector alone: {0.message}",
    events.DetectionFailed: "{0.detector}: {0.message}",
    events.DetectorUnavailable: "{0.detector} cannot be used, the picture goes on without it: {0.message}",
    events.CircuitOpened: "{0.detector} is left alone for {0.retry_in:.0f} s, the picture goes on:"
    " {0.message}",
    events.CircuitClosed: "{0.detector} answers again after {0.lasted:.0f} s",
    events.PaceChanged: "{0.rate:.2g} calls per second from now on ({0.reason})",
    events.PayloadPlanned: "pictures are sent {0.width} pixels wide, quality {0.quality} ({0.reason})",
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
_LEVELS: dict[type[Event], int] = {
    events.ClipEnded: logging.DEBUG,
    events.SourceAwaited: logging.WARNING,
    events.SourceTroubled: logging.WARNING,
    events.FinderUnavailable: logging.WARNING,
    events.DetectionFailed: logging.WARNING,
    events.CircuitOpened: logging.WARNING,
    events.BudgetReached: logging.WARNING,
    events.UploadFailed: logging.WARNING,
    events.DetectorUnavailable: logging.ERROR,
    events.OutputFailed: logging.ERROR,
    events.ClipDamaged: logging.ERROR,
}
"""INFO is what happens; WARNING is less than was asked for, for a while; ERROR is lost."""


def sentence(event: Event) -> str | None:
    """Return what happened, with what may be secret in it; None for what comes often, and figures tell."""
    match event:
        case events.DetectionPaused(is_paused=is_paused):
            return "sending is paused" if is_paused else "sending goes on"
        case events.JobEnded(clip=clip, status=status, message=message):
            return f"the analysis of clip {clip} ended: {message or status}"
        case events.ClipRecorded(is_salvaged=True, file=file):
            return f"taken up: {file}, which was left unfinished"
        case events.BudgetReached():
            return _spent(event)
        case events.OutputFailed(output=output, message=message):
            what = message if output in message else f"{output} stopped: {message}"
            return f"{what}; the run goes on without it"
        case _:
            text = _SENTENCES.get(type(event))
            return None if text is None else text.format(event)


def level(event: Event) -> int:
    """Return a level of `logging`."""
    match event:
        case events.RecordingTroubled(has_stopped=has_stopped):
            return logging.ERROR if has_stopped else logging.WARNING
        case events.PaceChanged(reason=reason):
            return {"throttled": logging.WARNING, "recovering": logging.DEBUG}.get(reason, logging.INFO)
        case events.JobEnded(status=status) if status != "SUCCEEDED":
            return logging.WARNING
        case events.ClipRecorded(is_salvaged=True):
            return logging.WARNING
        case _:
            return _LEVELS.get(type(event), logging.INFO)


def _spent(event: events.BudgetReached) -> str:
    budget = "the budget" if event.budget == "run" else "the daily budget"
    what = f"{budget} of {dollars(event.budget_usd)} is spent"
    if event.share < 1:
        return f"{what} to {event.spent_usd / event.budget_usd:.0%}"
    until = "" if event.budget == "run" else " before midnight (UTC)"
    return f"{what}: no paid call is made{until}"
