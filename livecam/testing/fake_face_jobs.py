"""A service of jobs that does what it was told."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from livecam.stored_video import JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from livecam.errors import LivecamError
    from livecam.stored_video import JobParameters, S3Place

IN_PROGRESS = JobStatus("IN_PROGRESS")
Step: TypeAlias = Literal["start", "started", "status", "faces", "finished"]
"""When it fails: before a job is there; with the job there and its answer lost; after half of the faces."""


class FakeFaceJobs:
    """Fits `FaceJobs`; jobs are in progress until they are told to end, and it fails when it was told to."""

    def __init__(self) -> None:
        self._failures: dict[Step, deque[LivecamError]] = defaultdict(deque)
        self._by_token: dict[str, str] = {}
        self._statuses: dict[str, JobStatus] = {}
        self._faces: dict[str, Sequence[Mapping[str, Any]]] = {}
        self.starts: list[tuple[S3Place, JobParameters, str]] = []
        """Place, parameters and token of each call of `start`."""
        self.asked: list[str] = []
        """Id of each call of `status`."""
        self.listened: list[tuple[frozenset[str], float]] = []
        """Ids and timeout of each call of `finished`."""
        self.told: deque[frozenset[str]] | None = None
        """What the queue says next, nothing when it is empty; None: there is no queue."""

    @property
    def jobs(self) -> list[str]:
        """Ids of the jobs there are, in the order in which they were started."""
        return list(self._statuses)

    def fail(self, step: Step, *errors: LivecamError) -> None:
        """Raise these, one each time that a step is come to."""
        self._failures[step].extend(errors)

    def end(
        self, job_id: str, faces: Sequence[Mapping[str, Any]] = (), *, milliseconds: int = 60_000
    ) -> None:
        """Let a job succeed with these FaceDetection objects."""
        metadata = {"DurationMillis": milliseconds, "Codec": "h264"}
        self._statuses[job_id] = JobStatus("SUCCEEDED", None, milliseconds / 1000, metadata)
        self._faces[job_id] = faces

    def end_badly(self, job_id: str, message: str | None) -> None:
        """Let a job fail with this StatusMessage."""
        self._statuses[job_id] = JobStatus("FAILED", message)

    def start(self, place: S3Place, parameters: JobParameters, token: str) -> str:
        """Start a job, or find the one of that token."""
        self.starts.append((place, parameters, token))
        self._come_to("start")
        job_id = self._by_token.setdefault(token, f"job-{len(self._by_token) + 1}")
        self._statuses.setdefault(job_id, IN_PROGRESS)
        self._come_to("started")
        return job_id

    def status(self, job_id: str) -> JobStatus:
        """Return how a job stands."""
        self.asked.append(job_id)
        self._come_to("status")
        return self._statuses[job_id]

    def faces(self, job_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield a job's faces."""
        faces = self._faces[job_id]
        middle = len(faces) // 2
        yield from faces[:middle]
        self._come_to("faces")
        yield from faces[middle:]

    def finished(self, ours: frozenset[str], timeout: float) -> frozenset[str] | None:
        """Return what the queue was told, those of `ours` alone."""
        self.listened.append((ours, timeout))
        self._come_to("finished")
        if self.told is None:
            return None
        return self.told.popleft() & ours if self.told else frozenset()

    def _come_to(self, step: Step) -> None:
        if self._failures[step]:
            raise self._failures[step].popleft()
