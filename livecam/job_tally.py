"""What the uploads and jobs of a run amount to. Pure; `tally.py` locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.events import ClipStored, JobEnded, JobSubmitted, ResultsFetched, UploadFailed

if TYPE_CHECKING:
    from livecam.events import Event

KEPT_JOBS = 1_000
"""Newest jobs that the summary lists."""


class JobTally:
    """Knows where clips are on S3, and how their jobs stand."""

    def __init__(self) -> None:
        self._uris: dict[str, str] = {}
        self._problems: dict[str, str] = {}
        self._jobs: dict[str, dict[str, Any]] = {}
        self._minutes = 0.0
        self._usd = 0.0

    def note(self, event: Event) -> None:
        """Take note of an event that concerns clips on S3 or their jobs; of no other."""
        match event:
            case ClipStored():
                self._uris[event.clip] = event.uri
                self._problems.pop(event.clip, None)
            case UploadFailed():
                self._problems[event.clip] = event.message
            case JobSubmitted():
                self._job(event.clip, event.job_id)["status"] = "IN_PROGRESS"
            case JobEnded():
                job = self._job(event.clip, event.job_id)
                job["status"], job["message"] = event.status, event.message
            case ResultsFetched():
                job = self._job(event.clip, event.job_id)
                job["faces"], job["results"] = event.faces, event.file
                self._minutes += event.minutes
                self._usd += event.cost_usd
            case _:
                pass

    @property
    def trouble(self) -> str | None:
        """Why a clip is not on S3, the newest first; None when all are."""
        return next(reversed(self._problems.values()), None)

    def with_places(self, clips: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return clips of the summary with where they are on S3."""
        return [clip | {"s3": self._uris.get(clip["id"])} for clip in clips]

    def summary(self) -> dict[str, Any]:
        """Return the parts of the `livecam.run/1` object that are about S3 and jobs."""
        return {
            "uploads": {"stored": len(self._uris), "waiting": dict(self._problems)},
            "jobs": list(self._jobs.values()),
            "analysis": {"minutes": self._minutes, "usd": self._usd},
        }

    def _job(self, clip: str, job_id: str) -> dict[str, Any]:
        key = job_id or clip
        if key not in self._jobs:
            self._jobs[key] = {
                "id": job_id,
                "clip": clip,
                "status": "",
                "faces": None,
                "results": None,
                "message": None,
            }
        if len(self._jobs) > KEPT_JOBS:
            del self._jobs[next(iter(self._jobs))]
        return self._jobs[key]
