"""Videos in a bucket on S3: stored and proved to be whole, looked at, fetched, deleted for good."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from livecam.aws import s3_removal, s3_upload
from livecam.aws.file_parts import FileInParts
from livecam.aws.s3_calls import S3Calls, of_version
from livecam.aws.s3_upload import Errand, place_of
from livecam.clock import SystemClock
from livecam.errors import CloudError, OutputError
from livecam.stored_video import S3Place
from livecam.whole_file import make_anew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.stored_video import Upload

_SYSTEM_CLOCK = SystemClock()

PART_SIZE = 8 * 1024 * 1024
"""Bytes of a part: what is sent again after a crash at most, and what is held in memory."""
LEAST_PART_SIZE = 5 * 1024 * 1024
"""S3 takes no smaller ones, but for the last."""
_PIECE = 256 * 1024
"""Bytes that are fetched at a time."""
_CONTENT_TYPES = {".mp4": "video/mp4", ".mov": "video/quicktime"}


class S3ClipStore:
    """A `ClipStore` in a bucket; the client is made with the first call.

    Memory is bounded by a part. An exception of a callback ends an upload between parts; `upload` goes on.

    Args:
        access: whose account, where.
        bucket: its name.
        storage_class: such as "STANDARD_IA"; None leaves it to S3.
        encryption: "" leaves it to the bucket, "AES256" is SSE-S3, "aws:kms" SSE-KMS.
        kms_key: ARN or id of the key for "aws:kms"; None is the account's own for S3.
        tags: of each object.
        part_size: bytes; at least `LEAST_PART_SIZE`.
        clock: tells by how much this machine's clock is off when a request is refused for it.
    """

    def __init__(  # noqa: PLR0913  each is a setting of its own
        self,
        access: AwsAccess,
        bucket: str,
        *,
        storage_class: str | None = None,
        encryption: str = "",
        kms_key: str | None = None,
        tags: Mapping[str, str] | None = None,
        part_size: int = PART_SIZE,
        clock: Clock = _SYSTEM_CLOCK,
    ) -> None:
        self._calls = S3Calls(access, clock)
        self._bucket = bucket
        self._part_size = max(part_size, LEAST_PART_SIZE)
        wanted = {
            "StorageClass": storage_class,
            "ServerSideEncryption": encryption,
            "SSEKMSKeyId": kms_key if encryption == "aws:kms" else None,
            "Tagging": urlencode(tags, quote_via=quote) if tags else None,
        }
        self._options = {name: value for name, value in wanted.items() if value}

    def store(
        self,
        file: Path,
        key: str,
        *,
        upload: Upload | None,
        on_upload: Callable[[Upload | None], None],
        on_bytes: Callable[[int, int], None],
    ) -> tuple[S3Place, str]:
        """Upload a file and prove that it is there whole; see `ClipStore`."""
        content_type = _CONTENT_TYPES.get(file.suffix.lower(), "application/octet-stream")
        with FileInParts(file) as parts:
            errand = Errand(
                file=parts,
                place=S3Place(self._bucket, key),
                options=self._options | {"ContentType": content_type},
                part_size=self._part_size,
                on_upload=on_upload,
                on_bytes=on_bytes,
            )
            return s3_upload.upload(self._calls, errand, upload)

    def remove(self, place: S3Place, *, upload: Upload | None) -> None:
        """Delete an object of any bucket with all its versions, and what was uploaded; see `ClipStore`."""
        s3_removal.remove(self._calls, place, upload)

    def check(self) -> None:
        """See whether the bucket is there, may be listed, and is in the Region that is called.

        Whether it may be written to is not known before something is: the key that it encrypts with, too.

        Raises:
            CloudError: it is missing, elsewhere ("BucketElsewhere"), or may not be looked at; in the last
                case ("403", "AccessDenied") it may be possible to write to it all the same.
        """
        place = S3Place(self._bucket, "")
        try:
            answer = self._calls.call("head_bucket", "s3:ListBucket", place)
        except CloudError as error:
            if error.code in ("400", "403", "404"):
                # An answer to HEAD has no body; one to a list says why.
                self._calls.call("list_objects_v2", "s3:ListBucket", place, MaxKeys=1)
            raise
        region, called = answer.get("BucketRegion"), self._calls.client.meta.region_name
        # botocore follows S3 to another Region by itself; Rekognition does not.
        if region and region != called:
            raise self._calls.found("BucketElsewhere", "", place, region=str(region))

    def describe(self, place: S3Place) -> S3Place:
        """Return a place with the version and ETag of the object that is there now.

        Raises:
            CloudError: it is not there, or may not be looked at.
        """
        return place_of(place, self._calls.head(place))

    def size_of(self, place: S3Place) -> int:
        """Return how many bytes an object has.

        Raises:
            CloudError: it is not there, or may not be looked at.
        """
        return int(self._calls.head(place)["ContentLength"])

    def download(self, place: S3Place, target: Path, on_bytes: Callable[[int, int], None]) -> None:
        """Fetch an object into a file, which is there whole or not at all.

        Args:
            place: the object; in its version, else only if it still has the ETag that is known of it.
            target: the file; one that is there is replaced.
            on_bytes: told how many bytes have come, of how many.

        Raises:
            CloudError: it could not be fetched whole.
            OutputError: the file cannot be written.
        """
        request = dict(of_version(place))
        if place.etag and not place.version:
            request["IfMatch"] = f'"{place.etag}"'
        answer = self._calls.call("get_object", "s3:GetObject", place, **request)
        part = target.with_name(f".{target.name}.part")
        try:
            make_anew(part)  # there are people in it
            self._fetch(answer, place, part, on_bytes)
            part.replace(target)
        except OSError as error:
            raise OutputError(
                f"{target} cannot be written ({error.strerror or error}): choose another folder, or make room"
            ) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def _fetch(
        self, answer: Mapping[str, Any], place: S3Place, part: Path, on_bytes: Callable[[int, int], None]
    ) -> None:
        total, done = int(answer["ContentLength"]), 0
        with contextlib.closing(answer["Body"]) as body, part.open("wb") as file:
            for piece in self._pieces(body, place):
                file.write(piece)
                done += len(piece)
                on_bytes(done, total)
            file.flush()
            os.fsync(file.fileno())
        if done != total:
            raise self._calls.found("CutShort", f"{done} of {total} bytes came", place)

    def _pieces(self, body: Any, place: S3Place) -> Iterator[bytes]:  # noqa: ANN401  botocore has no types
        try:
            yield from body.iter_chunks(_PIECE)
        except Exception as error:
            raise self._calls.translated(error, "s3:GetObject", place) from error
