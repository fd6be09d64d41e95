"""What the page says of a clip: how far it has come, why, and what it cost. Pure; no folder is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from livecam.clip_record import clip_record, job_record
from livecam.dashboard.wording import clean, without_folders
from livecam.overlay.wording import clock_text
from livecam.pricing import dollars
from livecam.recording.disk_room import size_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.clips import Clip, ClipState
    from livecam.stored_video import Job, JobState, StoredVideo, VideoState

KEPT_JOBS = 5
"""Newest jobs of a clip that are told."""
_RECORDING: Final[Mapping[ClipState, str]] = {
    "recording": "being recorded",
    "finalising": "being finished",
    "recorded": "recorded",
    "damaged": "damaged",
    "purging": "being deleted",
}
_UPLOAD: Final[Mapping[VideoState, str]] = {
    "waiting": "waits to be sent to S3",
    "uploading": "being sent to S3",
    "stored": "on S3",
    "refused": "not sent to S3",
    "removing": "being deleted from S3",
}
_ANALYSIS: Final[Mapping[JobState, str]] = {
    "submitting": "being handed in for analysis",
    "submitted": "being analysed",
    "succeeded": "analysed, results are being fetched",
    "failed": "analysis failed",
    "expired": "results were gone before they were fetched",
    "fetched": "results are here",
}
_PASSING: Final = frozenset(
    {"recording", "finalising", "purging", "waiting", "uploading", "removing"}
    | {"submitting", "submitted", "succeeded"}
)
"""States that another one follows."""


def clip_told(
    clip: Clip, video: StoredVideo | None, jobs: Sequence[Job], *, usd_per_minute: float
) -> dict[str, Any]:
    """Return what is known of a clip, JSON-ready: the keys of `livecam clips list --json`, and words.

    Args:
        clip: as the ledger has it.
        video: as it goes to S3; None of one that does not.
        jobs: all of it, oldest first.
        usd_per_minute: price of its analysis.
    """
    minutes = [job.minutes for job in jobs if job.minutes is not None]
    usd = sum(minutes) * usd_per_minute if minutes else None
    return clip_record(clip, video, jobs) | {
        "file": clip.file.name,
        "source": without_folders(clip.source),
        "reason": without_folders(clip.reason),
        "problem": clean(clip.problem),
        "upload": video and {"state": video.state, "problem": clean(video.problem)},
        "jobs": [_job_told(job) for job in jobs[-KEPT_JOBS:]],
        "usd": usd,
        "is_under_way": _is_under_way(clip, video, jobs),
        "words": {
            "length": "" if clip.duration is None else clock_text(round(clip.duration)),
            "size": "" if clip.size is None else size_text(clip.size),
            "why": _why(clip.reason),
            "states": _states(clip, video, jobs),
            "price": "" if usd is None else f"analysis about {dollars(usd)}",
        },
    }


def _job_told(job: Job) -> dict[str, Any]:
    told = job_record(job) | {"message": clean(job.message), "results": job.results and job.results.name}
    del told["clip"]  # it stands in the clip that they are told with
    return told


def _states(clip: Clip, video: StoredVideo | None, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Return how far it has come as texts, each with whether it is something that went wrong."""
    told = [_state(_RECORDING[clip.state], clip.problem, is_trouble=clip.state == "damaged")]
    if video is not None:
        is_trouble = video.state == "refused" or (video.state == "waiting" and video.problem is not None)
        told.append(_state(_UPLOAD[video.state], video.problem, is_trouble=is_trouble))
    if jobs:
        newest = jobs[-1]
        is_trouble = newest.state in ("failed", "expired")
        told.append(_state(_analysis(newest), newest.message, is_trouble=is_trouble))
    elif video is not None and video.wants_analysis and video.state != "refused":
        told.append(_state("waits for its analysis", None))
    return told


def _analysis(job: Job) -> str:
    if job.state != "fetched" or job.faces is None:
        return _ANALYSIS[job.state]
    return f"{_ANALYSIS[job.state]}: {'1 face entry' if job.faces == 1 else f'{job.faces} face entries'}"


def _state(text: str, why: str | None, *, is_trouble: bool = False) -> dict[str, Any]:
    told = f"{text}: {without_folders(why)}" if why else text
    return {"text": told, "is_trouble": is_trouble}


def _is_under_way(clip: Clip, video: StoredVideo | None, jobs: Sequence[Job]) -> bool:
    """Say whether what is told of it will change by itself."""
    states = {clip.state, *([video.state] if video else []), *([jobs[-1].state] if jobs else [])}
    is_awaited = video is not None and video.wants_analysis and video.state == "stored" and not jobs
    return bool(states & _PASSING) or is_awaited


def _why(reason: str) -> str:
    return {"all": "everything is recorded", "by hand": "recorded by hand"}.get(
        reason, f"because of {without_folders(reason)}"
    )
