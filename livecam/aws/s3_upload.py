"""One file's way to S3: in one piece or in parts, gone on with where it was left, and proved at the end."""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from livecam.aws.file_parts import composite_checksum, part_size_for
from livecam.aws.s3_calls import DENIED, NOT_THERE
from livecam.errors import CloudError
from livecam.stored_video import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from livecam.aws.file_parts import FileInParts, Part
    from livecam.aws.s3_calls import S3Calls
    from livecam.stored_video import S3Place

log = logging.getLogger(__name__)

NO_SUCH_UPLOAD = "NoSuchUpload"


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be uploaded where, and who is told."""

    file: FileInParts
    place: S3Place
    options: Mapping[str, Any]
    """Of the object: content type, storage class, encryption, tags; as PutObject has them."""
    part_size: int
    """Bytes at least; for an upload that is begun."""
    on_upload: Callable[[Upload | None], None]
    on_bytes: Callable[[int, int], None]


def upload(calls: S3Calls, errand: Errand, begun: Upload | None) -> tuple[S3Place, str]:
    """Upload a file, going on with what was begun; return its place with version and ETag, and its checksum.

    Raises:
        CloudError: it failed, or what is there is not what was sent; or, before anything is sent, something
            else is there than an upload of this file was begun for.
        OutputError: the file cannot be read, or changed meanwhile.
    """
    if begun is not None:
        try:
            return _Uploading(calls, errand, begun).run(overwrites=True)
        except CloudError as error:
            if error.code != NO_SUCH_UPLOAD:
                raise
        # It was ended: by hand, by a rule of the bucket, or by a call whose answer was lost.
        errand.on_upload(None)
    return _Uploading(calls, errand, None).run(overwrites=begun is not None)


class _Uploading:
    """One attempt with one size of parts."""

    def __init__(self, calls: S3Calls, errand: Errand, begun: Upload | None) -> None:
        self._calls = calls
        self._errand = errand
        self._begun = begun
        size = errand.file.size
        part_size = begun.part_size if begun else part_size_for(size, errand.part_size)
        self._parts = errand.file.parts(part_size)
        self._part_size = part_size
        self._is_multipart = begun is not None or size > part_size
        self._checksum = composite_checksum(self._parts) if self._is_multipart else self._parts[0].checksum

    def run(self, *, overwrites: bool) -> tuple[S3Place, str]:
        there = self._what_is_there()
        mismatch = self._mismatch(there) if there is not None else None
        if mismatch is not None and not overwrites:
            raise self._calls.found("OtherObject", mismatch, self._errand.place)
        if there is not None and mismatch is None:
            self._give_up_parts()
        else:
            sent = self._send_parts() if self._is_multipart else self._send_whole()
            there = self._proved(sent.get("VersionId"))
        size = self._errand.file.size
        self._errand.on_bytes(size, size)
        if self._is_multipart:
            self._errand.on_upload(None)
        return self._place_of(there), self._checksum

    def _what_is_there(self) -> dict[str, Any] | None:
        """Return what S3 says of the object that is there already; None when none is, as far as is known."""
        try:
            return self._calls.head(self._errand.place)
        except CloudError as error:
            if error.code in NOT_THERE or error.code in DENIED:  # to send may be allowed all the same
                return None
            raise

    def _send_whole(self) -> dict[str, Any]:
        self._errand.on_bytes(0, self._errand.file.size)
        part = self._parts[0]
        body = io.BytesIO(self._errand.file.read(part))
        self._errand.file.check()
        return self._calls.call(
            "put_object",
            "s3:PutObject",
            self._errand.place,
            Body=body,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=part.checksum,
            **self._errand.options,
        )

    def _send_parts(self) -> dict[str, Any]:
        if self._begun is None:
            self._begun = self._begin()
            etags: dict[int, str] = {}
        else:
            etags = self._kept(self._begun)
        done = sum(part.size for part in self._parts if part.number in etags)
        self._errand.on_bytes(done, self._errand.file.size)
        for part in self._parts:
            if part.number not in etags:
                etags[part.number] = self._send_part(part, self._begun)
                done += part.size
                self._errand.on_bytes(done, self._errand.file.size)
        self._errand.file.check()
        listed = [
            {"PartNumber": part.number, "ETag": etags[part.number], "ChecksumSHA256": part.checksum}
            for part in self._parts
        ]
        return self._calls.call(
            "complete_multipart_upload",
            "s3:PutObject",
            self._errand.place,
            UploadId=self._begun.upload_id,
            MultipartUpload={"Parts": listed},
        )

    def _begin(self) -> Upload:
        answer = self._calls.call(
            "create_multipart_upload",
            "s3:PutObject",
            self._errand.place,
            ChecksumAlgorithm="SHA256",
            ChecksumType="COMPOSITE",
            **self._errand.options,
        )
        begun = Upload(str(answer["UploadId"]), self._part_size)
        self._errand.on_upload(begun)
        return begun

    def _send_part(self, part: Part, begun: Upload) -> str:
        # A file object is sent block by block, each with a timeout of its own; bytes would have one for all.
        body = io.BytesIO(self._errand.file.read(part))
        answer = self._calls.call(
            "upload_part",
            "s3:PutObject",
            self._errand.place,
            UploadId=begun.upload_id,
            PartNumber=part.number,
            Body=body,
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=part.checksum,
        )
        return str(answer["ETag"])

    def _kept(self, begun: Upload) -> dict[int, str]:
        """Return the ETags of the parts that S3 has, by number, as far as they are the file's."""
        wanted = {part.number: part for part in self._parts}
        kept = {}
        for page in self._calls.pages(
            "list_parts",
            "s3:ListMultipartUploadParts",
            self._errand.place,
            Key=self._errand.place.key,
            UploadId=begun.upload_id,
        ):
            for listed in page.get("Parts", ()):
                part = wanted.get(listed["PartNumber"])
                if part is not None and self._is_same(part, listed):
                    kept[part.number] = str(listed["ETag"])
        return kept

    def _is_same(self, part: Part, listed: Mapping[str, Any]) -> bool:
        if listed["Size"] != part.size:
            return False
        if checksum := listed.get("ChecksumSHA256"):
            return bool(checksum == part.checksum)
        # Some endpoints list none; their ETag of a part is its MD5.
        md5 = hashlib.md5(self._errand.file.read(part), usedforsecurity=False).hexdigest()
        return bool(listed["ETag"].strip('"') == md5)

    def _proved(self, version: str | None) -> dict[str, Any]:
        """Return what S3 says of the object, which is what was sent.

        Raises:
            CloudError: it is not, or cannot be looked at.
        """
        place = replace(self._errand.place, version=_known(version))
        there = self._calls.head(place)
        if not there.get("ChecksumSHA256"):
            raise self._calls.found("NotProved", "use a service that keeps checksums", place)
        mismatch = self._mismatch(there)
        if mismatch is not None:
            raise self._calls.found("NotWhole", mismatch, place)
        return there

    def _mismatch(self, there: Mapping[str, Any]) -> str | None:
        """Return in what an object is not the file; None when it is."""
        size, checksum = there.get("ContentLength"), there.get("ChecksumSHA256")
        if size != self._errand.file.size:
            return f"it has {size} bytes in place of {self._errand.file.size}"
        # Some endpoints leave the number of parts away; the digest proves as much without.
        if checksum not in (self._checksum, self._checksum.partition("-")[0]):
            return f"its SHA-256 is {checksum} in place of {self._checksum}"
        return None

    def _give_up_parts(self) -> None:
        """Let S3 forget parts that are needed no more: the object is there."""
        if self._begun is None:
            return
        try:
            self._calls.call(
                "abort_multipart_upload",
                "s3:AbortMultipartUpload",
                self._errand.place,
                UploadId=self._begun.upload_id,
            )
        except CloudError as error:
            if error.code != NO_SUCH_UPLOAD:
                log.warning("%s is stored; parts of it may be left: %s", self._errand.place.uri, error)

    def _place_of(self, there: Mapping[str, Any]) -> S3Place:
        return place_of(self._errand.place, there)


def place_of(place: S3Place, there: Mapping[str, Any]) -> S3Place:
    """Return a place with the version and ETag that S3 says of it."""
    return replace(place, version=_known(there.get("VersionId")), etag=str(there["ETag"]).strip('"'))


def _known(version: str | None) -> str | None:
    """Return a version's id; none of what S3 calls "null", which was written without versions."""
    return None if version in (None, "null") else version
