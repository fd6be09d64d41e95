"""Deleting an object for good: all its versions, their delete markers, and the parts of uploads of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from livecam.aws.s3_calls import DENIED, of_version
from livecam.errors import CloudError

if TYPE_CHECKING:
    from livecam.aws.s3_calls import S3Calls
    from livecam.stored_video import S3Place, Upload

_AT_ONCE = 1000
"""Versions that one call deletes at most."""
_NO_VERSION = "null"
"""What S3 calls the version of an object that was written while its bucket kept none."""


def remove(calls: S3Calls, place: S3Place, begun: Upload | None) -> None:
    """Delete an object with all its versions, and what was uploaded of one; an object that is gone is fine.

    A bucket that is not there is not: the address may be wrong, and a face still lie at the right one.

    Raises:
        CloudError: something is left, which the message names; or AWS was not reached.
    """
    removal = _Removal(calls, place)
    removal.end_uploads(begun)
    removal.delete_versions()
    if removal.left:
        raise calls.found("NotDeleted", "; ".join(removal.left), place)


class _Removal:
    """Does what it may, and collects what it may not. All else that fails ends it."""

    def __init__(self, calls: S3Calls, place: S3Place) -> None:
        self._calls = calls
        self._place = place
        self.left: list[str] = []

    def end_uploads(self, begun: Upload | None) -> None:
        ids = [begun.upload_id] if begun else []
        try:
            ids += self._listed_uploads()
        except CloudError as error:
            self._note("whether parts of other uploads are left is not known", error)
        for upload_id in dict.fromkeys(ids):
            try:
                self._calls.call(
                    "abort_multipart_upload", "s3:AbortMultipartUpload", self._place, UploadId=upload_id
                )
            except CloudError as error:
                if error.code != "NoSuchUpload":
                    self._note("parts of an upload are left", error)

    def delete_versions(self) -> None:
        try:
            versions = self._versions()
        except CloudError as error:
            self._delete_unseen(error)
            return
        if versions == [_NO_VERSION]:
            # In a bucket that never kept versions this needs no leave to delete them.
            try:
                self._calls.call("delete_object", "s3:DeleteObject", self._place)
            except CloudError as error:
                self._note("the object is left", error)
                return
            versions = self._versions()
        for start in range(0, len(versions), _AT_ONCE):
            self._delete(versions[start : start + _AT_ONCE])

    def _delete(self, versions: list[str]) -> None:
        objects = [{"Key": self._place.key, "VersionId": version} for version in versions]
        bucket = _bucket_of(self._place)
        try:
            answer = self._calls.call(
                "delete_objects",
                "s3:DeleteObjectVersion",
                bucket,
                Delete={"Objects": objects, "Quiet": True},
            )
        except CloudError as error:
            self._note(f"{_counted(len(versions))} left", error)
            return
        refused = Counter(
            f"{failed.get('Code')}: {failed.get('Message')}"
            for failed in answer.get("Errors", ())
            if failed.get("Code") not in ("NoSuchVersion", "NoSuchKey")
        )
        self.left += [f"{_counted(count)} left ({reason})" for reason, count in refused.items()]

    def _delete_unseen(self, denied: CloudError) -> None:
        """Delete what is known of, where versions may not be listed."""
        if denied.code not in DENIED:
            raise denied
        action = "s3:DeleteObjectVersion" if self._place.version else "s3:DeleteObject"
        try:
            answer = self._calls.call("delete_object", action, self._place, **of_version(self._place))
        except CloudError as error:
            self._note("the object is left", error)
            return
        if self._place.version or answer.get("VersionId") or answer.get("DeleteMarker"):
            self._note("whether older versions are left is not known", denied)

    def _note(self, what: str, error: CloudError) -> None:
        """Remember what is left because it was denied."""
        if error.code not in DENIED:
            raise error
        self.left.append(f"{what} ({error})")

    def _listed_uploads(self) -> list[str]:
        listed: list[dict[str, Any]] = []
        for page in self._calls.pages(
            "list_multipart_uploads", "s3:ListBucketMultipartUploads", self._place, Prefix=self._place.key
        ):
            listed += page.get("Uploads", ())
        return [str(each["UploadId"]) for each in listed if each["Key"] == self._place.key]

    def _versions(self) -> list[str]:
        listed: list[dict[str, Any]] = []
        for page in self._calls.pages(
            "list_object_versions", "s3:ListBucketVersions", self._place, Prefix=self._place.key
        ):
            listed += page.get("Versions", ())
            listed += page.get("DeleteMarkers", ())
        return [str(each["VersionId"]) for each in listed if each["Key"] == self._place.key]


def _counted(versions: int) -> str:
    return "1 version is" if versions == 1 else f"{versions} versions are"


def _bucket_of(place: S3Place) -> S3Place:
    return type(place)(place.bucket, "")
