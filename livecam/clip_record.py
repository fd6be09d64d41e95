"""How a clip and its jobs are written down: `livecam.clips/1`, of the command line and of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.clips import Clip
    from livecam.stored_video import Job, StoredVideo


def clip_record(clip: Clip, video: StoredVideo | None, jobs: Sequence[Job]) -> dict[str, Any]:
    """Return a clip as a JSON-ready dict.

    Args:
        clip: as the ledger has it.
        video: as it goes to S3; None of one that does not.
        jobs: those that are told, oldest first.
    """
    return {
        "id": clip.id,
        "file": str(clip.file),
        "state": clip.state,
        "source": clip.source,
        "reason": clip.reason,
        "start": clip.started_at.isoformat(timespec="milliseconds"),
        "duration": clip.duration,
        "frames": clip.frames,
        "width": clip.width,
        "height": clip.height,
        "size": clip.size,
        "problem": clip.problem,
        "s3": video.place.uri if video and video.place and video.state == "stored" else None,
        "upload": None if video is None else {"state": video.state, "problem": video.problem},
        "jobs": [job_record(job) for job in jobs],
    }


def job_record(job: Job) -> dict[str, Any]:
    """Return a job as a JSON-ready dict."""
    return {
        "id": job.job_id,
        "clip": job.video,
        "status": job.state,
        "attempt": job.attempt,
        "message": job.message,
        "faces": job.faces,
        "minutes": job.minutes,
        "results": None if job.results is None else str(job.results),
    }
