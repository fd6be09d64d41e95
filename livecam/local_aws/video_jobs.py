"""Jobs on stored video: which are open, which token started which, and their results in pages.

Pure state that is told the time by its clock; nothing is decoded and nothing is waited for here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from livecam.local_aws.service_errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from livecam.clock import Clock

OPEN_JOBS_LIMIT = 20
"""Jobs of one account that may be open at a time (quotas page)."""
KEPT_FOR = 7 * 24 * 3600.0
"""Seconds that results are kept after the job has ended (developer guide, "Calling video operations")."""
PAGE_TOKEN_VALID_FOR = 24 * 3600.0
"""Seconds (limits page)."""
LARGEST_PAGE = 1000
"""Faces; a larger `MaxResults` is taken for this."""

_PLACE = struct.Struct(">Qd")
"""What a page token says: index of the next face, instant it was issued at."""
_SEAL_BYTES = 16


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a job was asked for: all that must be equal when a token is used again."""

    bucket: str
    name: str
    version: str | None = None
    """Of the object; None for the newest."""
    attributes: Literal["DEFAULT", "ALL"] = "DEFAULT"
    tag: str | None = None
    topic: str | None = None
    """ARN of the topic that is told of the end."""
    role: str | None = None
    """ARN of the role that may publish there."""


@dataclass(frozen=True, slots=True)
class VideoJob:
    """One job as it is at one moment."""

    job_id: str
    request: JobRequest
    status: Literal["IN_PROGRESS", "SUCCEEDED", "FAILED"] = "IN_PROGRESS"
    message: str | None = None
    """Why it failed."""
    metadata: Mapping[str, Any] | None = None
    """The service's `VideoMetadata`; None unless it succeeded."""
    faces: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    """The service's `FaceDetection` objects, by time."""
    ended_at: float | None = None
    """Instant; None while it is in progress."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a job's faces."""

    job: VideoJob
    faces: Sequence[Mapping[str, Any]]
    next_token: str | None
    """For what follows; None on the last page."""


class VideoJobs:
    """All jobs of the endpoint; may be used from any thread.

    Args:
        new_id: makes ids of up to 64 characters that cannot be guessed.
        open_limit: jobs that may be in progress at a time.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        new_id: Callable[[], str] = lambda: secrets.token_hex(32),
        open_limit: int = OPEN_JOBS_LIMIT,
    ) -> None:
        self._clock = clock
        self._new_id = new_id
        self._open_limit = open_limit
        self._key = secrets.token_bytes(32)
        self._jobs: dict[str, VideoJob] = {}
        self._by_token: dict[str, str] = {}
        self._lock = threading.Lock()

    def started_by(self, token: str | None, request: JobRequest) -> VideoJob | None:
        """Return the job that the same request with the same token has started before.

        Raises:
            ServiceError: IdempotentParameterMismatchException, the token belongs to another request.
        """
        with self._lock:
            return self._started_by(token, request)

    def start(self, token: str | None, request: JobRequest, *, caller: str) -> tuple[VideoJob, bool]:
        """Return the job of a request, and whether it is a new one.

        Args:
            token: the same one gives the same job; None: every request is a new job.
            request: what the job is to do.
            caller: ARN of whoever asks, for the message of a refusal.

        Raises:
            ServiceError: IdempotentParameterMismatchException, the token belongs to another request;
                LimitExceededException, as many jobs as may be are in progress.
        """
        with self._lock:
            known = self._started_by(token, request)
            if known is not None:
                return known, False
            count = sum(job.ended_at is None for job in self._jobs.values())
            if count >= self._open_limit:
                text = f"{count} open Jobs for User {caller} Maximum limit: {self._open_limit}"
                raise ServiceError("LimitExceededException", text)
            job = VideoJob(self._new_id(), request)
            self._jobs[job.job_id] = job
            if token is not None:
                self._by_token[token] = job.job_id
            return job, True

    def succeed(
        self, job_id: str, metadata: Mapping[str, Any], faces: Sequence[Mapping[str, Any]]
    ) -> VideoJob:
        """Note the results of a job, faces sorted by time, and return it as it is now."""
        return self._end(job_id, status="SUCCEEDED", metadata=metadata, faces=tuple(faces))

    def fail(self, job_id: str, message: str) -> VideoJob:
        """Note that a job failed, with the service's words, and return it as it is now."""
        return self._end(job_id, status="FAILED", message=message)

    def page(self, job_id: str, *, size: int = LARGEST_PAGE, token: str | None = None) -> Page:
        """Return some of a job's faces: the first ones, or those that follow an earlier page.

        Args:
            job_id: of the job, whatever its state.
            size: faces at most, 1 or more; more than `LARGEST_PAGE` is taken for that.
            token: of the page before; None or empty for the first one.

        Raises:
            ServiceError: ResourceNotFoundException, there is no such job (any more);
                InvalidPaginationTokenException, the token is too old or was not made for this job.
        """
        with self._lock:
            self._forget()
            job = self._jobs.get(job_id)
        if job is None:
            raise ServiceError("ResourceNotFoundException", f"Could not find JobId: {job_id}")
        begin = self._opened(token, job) if token else 0
        end = begin + min(size, LARGEST_PAGE)
        next_token = self._sealed(end, job) if end < len(job.faces) else None
        return Page(job, job.faces[begin:end], next_token)

    def _started_by(self, token: str | None, request: JobRequest) -> VideoJob | None:
        self._forget()
        job_id = None if token is None else self._by_token.get(token)
        if job_id is None:
            return None
        job = self._jobs[job_id]
        if job.request != request:
            text = f"The ClientRequestToken: {token} you have supplied is already in use."
            raise ServiceError("IdempotentParameterMismatchException", text)
        return job

    def _end(self, job_id: str, **outcome: Any) -> VideoJob:  # noqa: ANN401  fields of VideoJob
        with self._lock:
            job = replace(self._jobs[job_id], ended_at=self._clock.now(), **outcome)
            self._jobs[job_id] = job
            return job

    def _forget(self) -> None:
        """Drop the jobs that have been over for long, and their tokens."""
        limit = self._clock.now() - KEPT_FOR
        self._jobs = {
            job_id: job for job_id, job in self._jobs.items() if job.ended_at is None or job.ended_at > limit
        }
        self._by_token = {token: job for token, job in self._by_token.items() if job in self._jobs}

    def _sealed(self, place: int, job: VideoJob) -> str:
        """Return a token for the page that begins with a face."""
        content = _PLACE.pack(place, self._clock.now())
        return base64.b64encode(content + self._seal(content, job)).decode("ascii")

    def _opened(self, token: str, job: VideoJob) -> int:
        """Return the index of the face with which a token's page begins."""
        try:
            sealed = base64.b64decode(token, validate=True)
        except (binascii.Error, ValueError):
            sealed = b""
        content, seal = sealed[: _PLACE.size], sealed[_PLACE.size :]
        if not hmac.compare_digest(seal, self._seal(content, job)):
            raise ServiceError("InvalidPaginationTokenException", "Invalid Pagination Token")
        place, issued_at = _PLACE.unpack(content)
        if self._clock.now() - issued_at >= PAGE_TOKEN_VALID_FOR:
            raise ServiceError("InvalidPaginationTokenException", "Invalid Pagination Token")
        return int(place)

    def _seal(self, content: bytes, job: VideoJob) -> bytes:
        # The job's id is part of it: a token of another job does not fit.
        return hmac.digest(self._key, job.job_id.encode() + content, hashlib.sha256)[:_SEAL_BYTES]
