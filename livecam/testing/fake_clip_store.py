"""A bucket that is a dict."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from livecam.errors import CloudError
from livecam.stored_video import S3Place, Upload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.errors import LivecamError

PART_SIZE = 8
Step: TypeAlias = Literal["check", "begin", "send", "prove", "describe", "download", "remove"]
"""When it fails: before anything is sent, with an upload begun, with the object there but unproved; the
others before anything is done."""


class FakeClipStore:
    """Fits `ClipStore`; keeps every object in memory, and fails when it was told to.

    Args:
        bucket: its name.
    """

    def __init__(self, bucket: str = "clips") -> None:
        self._bucket = bucket
        self._failures: dict[Step, deque[LivecamError]] = defaultdict(deque)
        self.objects: dict[str, bytes] = {}
        """Of each key."""
        self.resumed: list[Upload | None] = []
        """The upload that each call of `store` was to go on with."""
        self.sent: list[tuple[str, str]] = []
        """Name of the file and key, of each that was sent."""
        self.checks = 0
        """How often the bucket was looked at."""
        self.removed: list[tuple[S3Place, Upload | None]] = []

    def fail(self, step: Step, *errors: LivecamError) -> None:
        """Raise these, one each time that a step is come to."""
        self._failures[step].extend(errors)

    def store(
        self,
        file: Path,
        key: str,
        *,
        upload: Upload | None,
        on_upload: Callable[[Upload | None], None],
        on_bytes: Callable[[int, int], None],
    ) -> tuple[S3Place, str]:
        """Keep a file's content."""
        self.resumed.append(upload)
        self._come_to("begin")
        content = file.read_bytes()
        if upload is None:
            on_upload(Upload(f"upload-{len(self.resumed)}", PART_SIZE))
        on_bytes(len(content) // 2, len(content))
        self._come_to("send")
        self.objects[key] = content
        self.sent.append((file.name, key))
        on_bytes(len(content), len(content))
        self._come_to("prove")
        on_upload(None)
        return S3Place(self._bucket, key, None, _etag(content)), "c2hhMjU2"

    def check(self) -> None:
        """Find the bucket where it should be."""
        self.checks += 1
        self._come_to("check")

    def describe(self, place: S3Place) -> S3Place:
        """Return a place with the ETag of what is there."""
        self._come_to("describe")
        return replace(place, etag=_etag(self._found(place)))

    def size_of(self, place: S3Place) -> int:
        """Return an object's bytes."""
        return len(self._found(place))

    def download(self, place: S3Place, target: Path, on_bytes: Callable[[int, int], None]) -> None:
        """Write an object to a file."""
        self._come_to("download")
        content = self._found(place)
        target.write_bytes(content)
        on_bytes(len(content), len(content))

    def remove(self, place: S3Place, *, upload: Upload | None) -> None:
        """Forget an object; one that is not there is fine."""
        self._come_to("remove")
        self.removed.append((place, upload))
        self.objects.pop(place.key, None)

    def _come_to(self, step: Step) -> None:
        if self._failures[step]:
            raise self._failures[step].popleft()

    def _found(self, place: S3Place) -> bytes:
        if place.key not in self.objects:
            raise CloudError(f"{place.uri} is not there", code="404", blame="user", is_lasting=True)
        return self.objects[place.key]


def _etag(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
