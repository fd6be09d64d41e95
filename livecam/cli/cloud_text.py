"""What is said of videos on S3 and their jobs: sentences for people, records for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.cli.clip_text import length_text
from livecam.clip_record import job_record
from livecam.pricing import dollars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.analysis.cloud import Cloud
    from livecam.analysis.desk import Outcome
    from livecam.analysis.targets import Target
    from livecam.config import Settings


def estimate_of(settings: Settings, targets: Sequence[Target]) -> dict[str, Any]:
    """Return what would be done with each video and what its analysis costs; sends nothing."""
    from livecam.analysis.uploading import why_not
    from livecam.compose.cost import prices_of
    from livecam.encoding.probe import Unreadable, probe

    prices = prices_of(settings)
    videos = []
    for target in targets:
        file = target.video.file
        try:
            seconds = probe(file).duration if file is not None and file.is_file() else None
        except Unreadable:
            seconds = None
        usd = None if seconds is None else seconds / 60 * prices.clip_minute()
        refused = None if target.video.state == "stored" or file is None else why_not(file)
        videos.append(
            {
                "video": target.video.name,
                "state": target.video.state,
                "seconds": seconds,
                "refused": refused,
                "usd": usd,
            }
        )
    return {
        "videos": videos,
        "usd_per_minute": prices.clip_minute(),
        "is_confirmed": prices.is_confirmed("clip_minute"),
        "as_of": prices.as_of,
        "usd": sum(video["usd"] or 0.0 for video in videos if not video["refused"]),
        "is_analysed": settings.analyze,
    }


def estimate_text(estimate: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return an estimate for people, and what would go wrong."""
    lines, problems = [], []
    for video in estimate["videos"]:
        if video["refused"]:
            problems.append(f"{video['video']} would not be sent: {video['refused']}")
            continue
        price = f", {dollars(video['usd'])}" if video["usd"] is not None and estimate["is_analysed"] else ""
        where = "is on S3" if video["state"] == "stored" else "would be uploaded"
        lines.append(f"{video['video']}: {length_text(video['seconds'])}, {where}{price}")
    if not estimate["videos"]:
        lines.append("nothing is to be done")
    elif estimate["is_analysed"]:
        sure = "" if estimate["is_confirmed"] else "; that figure is not confirmed"
        unknown = sum(video["seconds"] is None and not video["refused"] for video in estimate["videos"])
        rest = f", without {_count(unknown)} whose length is not known" if unknown else ""
        lines.append(
            f"analysis: about {dollars(estimate['usd'])} at ${estimate['usd_per_minute']:.2f} a minute"
            f" (as of {estimate['as_of']}{sure}){rest}; how seconds are rounded is not known"
        )
    return [*lines, "nothing was sent"], problems


def outcome_record(cloud: Cloud, outcome: Outcome) -> dict[str, Any]:
    """Return what became of a video as a JSON-ready dict."""
    video, job = outcome.video, outcome.job
    record: dict[str, Any] = {
        "video": video.name,
        "state": video.state,
        "s3": video.place.uri if video.place and video.state == "stored" else None,
        "version": video.place.version if video.place else None,
        "size": video.size,
        "problem": outcome.problem,
        "job": None,
    }
    if job is not None:
        usd = None if job.minutes is None else cloud.price(job.minutes)
        record["job"] = job_record(job) | {"usd": usd}
    return record


def outcome_text(videos: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return what became of videos for people, and what went wrong."""
    lines = [line for video in videos if (line := _line(video))]
    problems = [str(video["problem"]) for video in videos if video["problem"]]
    if not videos:
        lines.append("nothing is to be done")
    return lines, problems


def _count(videos: int) -> str:
    return "1 video" if videos == 1 else f"{videos} videos"


def _line(video: dict[str, Any]) -> str:
    job = video["job"]
    if job is None:
        return f"{video['s3']}: stored" if video["s3"] and not video["problem"] else ""
    if job["status"] == "fetched":
        entries = "1 face entry" if job["faces"] == 1 else f"{job['faces']} face entries"
        return f"{job['results']}: {entries}, about {dollars(job['usd'] or 0.0)}"
    if job["status"] in ("failed", "expired"):
        return ""
    waits = f" ({job['message']})" if job["message"] else ""
    return f"{video['video']}: {job['status']}{waits}; `livecam clips analyze --wait` fetches the results"
