"""A video on S3 and the jobs that analyse it, as the ledger knows them. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

VideoState: TypeAlias = Literal["waiting", "uploading", "stored", "refused", "removing"]
"""What was begun last, written down before it was.

"waiting": to be uploaded; also after an upload that failed. "uploading": parts are being sent. "stored": it
is on S3, verified. "refused": Rekognition would not take it, so that it was not sent. "removing": its object
is being deleted.
"""
JobState: TypeAlias = Literal["submitting", "submitted", "succeeded", "failed", "expired", "fetched"]
"""What was begun last, or what became of it.

"submitting": the service may or may not have it; asking again with the same token is the same job.
"submitted": it has an id. "succeeded": it has results that are still to be fetched. "failed": it ended
without. "expired": its results were gone before they were fetched. "fetched": its results are in a file.
"""
Attributes: TypeAlias = Literal["DEFAULT", "ALL"]


@dataclass(frozen=True, slots=True)
class S3Place:
    """An object on S3, or where one will be."""

    bucket: str
    key: str
    version: str | None = None
    """Of the object, in a bucket with versions."""
    etag: str | None = None
    """As S3 says it, without quotes; None until it is known."""

    @property
    def uri(self) -> str:
        """The place as people write it."""
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, slots=True)
class Upload:
    """A multipart upload that was begun, to be gone on with after a crash."""

    upload_id: str
    part_size: int
    """Bytes of each part but the last."""


@dataclass(frozen=True, slots=True)
class StoredVideo:
    """One video that goes to S3, is there, or was found there. What is None is not known."""

    name: str
    """Names it in the ledger: a clip's id, else the absolute path of a file, else s3://BUCKET/KEY."""
    state: VideoState
    file: Path | None = None
    """On this machine; None of one that is on S3 only."""
    place: S3Place | None = None
    upload: Upload | None = None
    size: int | None = None
    """Bytes of what was uploaded."""
    checksum: str | None = None
    """SHA-256 as S3 keeps it: base64, with "-N" behind it when it is that of N parts' checksums."""
    wants_analysis: bool = False
    """Whether a job is to be started once it is stored."""
    problem: str | None = None
    """Why it waits or was refused, in one sentence."""


@dataclass(frozen=True, slots=True)
class JobParameters:
    """What StartFaceDetection is asked for beside the video."""

    attributes: Attributes = "ALL"
    """DEFAULT has no emotions."""
    tag: str | None = None
    """JobTag: 1 to 1024 of a-z A-Z 0-9 _ . - : + = /."""
    topic: str | None = None
    """ARN of the SNS topic that is told of the end; together with `role`."""
    role: str | None = None
    """ARN of the role that lets Rekognition publish there."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job of stored video."""

    number: int
    """Names it in the ledger."""
    video: str
    """Name of its `StoredVideo`."""
    place: S3Place
    parameters: JobParameters
    attempt: int
    """1 for the first; another attempt is another job of the same video."""
    token: str
    """ClientRequestToken: the same one is the same job."""
    state: JobState
    began_at: datetime
    """Wall time at which it was first written down, aware, in UTC."""
    job_id: str | None = None
    message: str | None = None
    """The service's StatusMessage, or why it waits, in one sentence."""
    ended_at: datetime | None = None
    faces: int | None = None
    """Face entries in the results, all sampled instants together."""
    minutes: float | None = None
    """Length of the video that was analysed; what is paid for."""
    results: Path | None = None
    """File with the results."""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job stands at the service."""

    status: Literal["IN_PROGRESS", "SUCCEEDED", "FAILED"]
    message: str | None = None
    """StatusMessage: why it failed."""
    duration: float | None = None
    """Seconds of the video, from VideoMetadata."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """The service's VideoMetadata; empty until it has looked at the video."""
