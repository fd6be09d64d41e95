"""A bucket at the local endpoint, a store that keeps videos in it, and what a callback was told."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from livecam.aws.clip_store import LEAST_PART_SIZE, S3ClipStore
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from livecam.testing.clock import FakeClock
from tests.aws.environment import access_to
from tests.local_aws import clients

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.local_aws.server import Running
    from livecam.stored_video import S3Place, Upload

PART = LEAST_PART_SIZE
REGION = "eu-west-1"


@dataclass
class Bucket:
    """One bucket, seen with an unmodified boto3."""

    name: str
    running: Running
    s3: Any

    def store(self, **settings: Any) -> S3ClipStore:  # noqa: ANN401
        made: dict[str, Any] = {"part_size": PART, "clock": FakeClock()} | settings
        return S3ClipStore(access_to(self.running.url), self.name, **made)

    def content(self, key: str, **request: Any) -> bytes:  # noqa: ANN401
        body: bytes = self.s3.get_object(Bucket=self.name, Key=key, **request)["Body"].read()
        return body

    def keep_versions(self) -> None:
        self.s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})

    def versions(self) -> int:
        listed = self.s3.list_object_versions(Bucket=self.name)
        return len(listed.get("Versions", ())) + len(listed.get("DeleteMarkers", ()))

    def uploads(self) -> list[str]:
        listed = self.s3.list_multipart_uploads(Bucket=self.name)
        return [each["UploadId"] for each in listed.get("Uploads", ())]

    def whole_parts_received(self) -> int:
        """Return how many requests with a part of the least size the endpoint had, of any bucket."""
        return sum(entry.bytes_received == PART for entry in self.running.requests())


@dataclass
class Told:
    """What the callbacks of an upload were told."""

    uploads: list[Upload | None] = field(default_factory=list)
    counts: list[tuple[int, int]] = field(default_factory=list)

    def count(self, done: int, total: int) -> None:
        self.counts.append((done, total))


def stored(
    store: S3ClipStore, file: Path, key: str, *, upload: Upload | None = None, told: Told | None = None
) -> tuple[S3Place, str]:
    told = told or Told()
    return store.store(file, key, upload=upload, on_upload=told.uploads.append, on_bytes=told.count)


@contextmanager
def an_endpoint() -> Iterator[Running]:
    """Run an endpoint that has S3."""
    with in_background(Setup(eyes=CannedEyes())) as running:
        yield running


@contextmanager
def a_bucket(running: Running, region: str = REGION) -> Iterator[Bucket]:
    """Make a bucket; moto's are shared by all endpoints of a process, so its name is its own."""
    s3, name = clients.client("s3", running.url), f"clips-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    yield Bucket(name, running, s3)
    s3.close()
