from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from livecam.aws import s3_removal
from livecam.aws.s3_calls import S3Calls
from livecam.errors import CloudError
from livecam.stored_video import S3Place, Upload
from livecam.testing.clock import FakeClock
from tests.aws.environment import access_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.aws.bucket import Bucket

KEY = "a b/ü.mp4"


class Denying(S3Calls):
    """Denies some actions, as policies do; moto has none."""

    def __init__(self, url: str, *denied: str, code: str = "AccessDenied") -> None:
        super().__init__(access_to(url), FakeClock())
        self._denied = denied
        self._code = code

    def call(self, operation: str, action: str, place: S3Place, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        self._deny(action)
        return super().call(operation, action, place, **request)

    def pages(self, operation: str, action: str, place: S3Place, **request: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        self._deny(action)
        return super().pages(operation, action, place, **request)

    def _deny(self, action: str) -> None:
        if action in self._denied:
            raise CloudError(f"may not call {action}", code=self._code, blame="user")


def begin(bucket: Bucket, key: str = KEY) -> Upload:
    upload_id = bucket.s3.create_multipart_upload(Bucket=bucket.name, Key=key)["UploadId"]
    bucket.s3.upload_part(Bucket=bucket.name, Key=key, UploadId=upload_id, PartNumber=1, Body=os.urandom(9))
    return Upload(upload_id, 9)


def put(bucket: Bucket, *keys: str) -> None:
    for key in keys:
        bucket.s3.put_object(Bucket=bucket.name, Key=key, Body=b"x")


def test_an_object_is_deleted_and_its_neighbours_are_not(bucket: Bucket) -> None:
    put(bucket, KEY, KEY + "x", "other")
    bucket.store().remove(S3Place(bucket.name, KEY), upload=None)
    assert bucket.versions() == 2


def test_all_versions_and_marks_of_deletion_are_deleted(bucket: Bucket) -> None:
    bucket.keep_versions()
    put(bucket, KEY, KEY, KEY + "x")
    bucket.s3.delete_object(Bucket=bucket.name, Key=KEY)
    put(bucket, KEY)
    assert bucket.versions() == 5
    bucket.store().remove(S3Place(bucket.name, KEY, "of-one"), upload=None)
    assert bucket.versions() == 1


def test_what_was_written_before_versions_were_kept_is_deleted_too(bucket: Bucket) -> None:
    put(bucket, KEY)
    bucket.keep_versions()
    bucket.store().remove(S3Place(bucket.name, KEY), upload=None)
    assert bucket.versions() == 0


def test_more_versions_than_one_call_deletes(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_removal, "_AT_ONCE", 2)
    bucket.keep_versions()
    put(bucket, *[KEY] * 5)
    bucket.store().remove(S3Place(bucket.name, KEY), upload=None)
    assert bucket.versions() == 0


def test_uploads_that_were_begun_are_ended_known_or_not_and_no_others(bucket: Bucket) -> None:
    known, _, other = begin(bucket), begin(bucket), begin(bucket, KEY + "x")
    bucket.store().remove(S3Place(bucket.name, KEY), upload=known)
    assert bucket.uploads() == [other.upload_id]


def test_what_is_gone_already_is_fine(bucket: Bucket) -> None:
    store = bucket.store()
    store.remove(S3Place(bucket.name, KEY), upload=Upload("gone", 9))
    bucket.keep_versions()
    store.remove(S3Place(bucket.name, KEY), upload=None)
    assert bucket.versions() == 0


@pytest.mark.parametrize(
    ("denied", "told"),
    [
        ("s3:ListBucketMultipartUploads", "parts of other uploads are left is not known"),
        ("s3:AbortMultipartUpload", "parts of an upload are left"),
        ("s3:DeleteObjectVersion", "2 versions are left"),
        ("s3:ListBucketVersions", "older versions are left is not known"),
    ],
)
def test_what_is_left_because_it_was_denied_is_named(bucket: Bucket, denied: str, told: str) -> None:
    bucket.keep_versions()
    put(bucket, KEY, KEY)
    upload = begin(bucket)
    calls = Denying(bucket.running.url, denied)
    with pytest.raises(CloudError, match="is not deleted whole") as caught:
        s3_removal.remove(calls, S3Place(bucket.name, KEY), upload)
    assert told in str(caught.value)
    assert denied in str(caught.value)
    assert caught.value.code == "NotDeleted"
    # What is not denied is done all the same.
    assert bool(bucket.uploads()) == (denied == "s3:AbortMultipartUpload")
    assert (bucket.versions() == 0) == ("Multipart" in denied)


def test_without_leave_to_list_versions_a_bucket_without_them_is_emptied(bucket: Bucket) -> None:
    put(bucket, KEY)
    calls = Denying(bucket.running.url, "s3:ListBucketVersions")
    s3_removal.remove(calls, S3Place(bucket.name, KEY), None)
    assert bucket.versions() == 0


def test_without_leave_to_delete_the_object_is_left(bucket: Bucket) -> None:
    put(bucket, KEY)
    for denied in (["s3:DeleteObject"], ["s3:DeleteObject", "s3:ListBucketVersions"]):
        with pytest.raises(CloudError, match="the object is left"):
            s3_removal.remove(Denying(bucket.running.url, *denied), S3Place(bucket.name, KEY), None)


def test_versions_that_s3_refuses_to_delete_are_counted_by_reason(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.keep_versions()
    put(bucket, KEY, KEY, KEY)
    reasons = [("AccessDenied", "locked"), ("AccessDenied", "locked"), ("NoSuchVersion", "gone")]
    failed = [{"Key": KEY, "Code": code, "Message": message} for code, message in reasons]
    calls = Denying(bucket.running.url)
    true_call = calls.call

    def call(operation: str, action: str, place: S3Place, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        return (
            {"Errors": failed}
            if operation == "delete_objects"
            else true_call(operation, action, place, **request)
        )

    monkeypatch.setattr(calls, "call", call)
    with pytest.raises(CloudError, match=r"2 versions are left \(AccessDenied: locked\)$"):
        s3_removal.remove(calls, S3Place(bucket.name, KEY), None)


@pytest.mark.parametrize(
    "action", ["s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:AbortMultipartUpload"]
)
def test_what_is_no_denial_ends_it_with_its_own_sentence(bucket: Bucket, action: str) -> None:
    upload = begin(bucket)
    calls = Denying(bucket.running.url, action, code="ExpiredToken")
    with pytest.raises(CloudError, match="may not call") as caught:
        s3_removal.remove(calls, S3Place(bucket.name, KEY), upload)
    assert caught.value.code == "ExpiredToken"


def test_a_bucket_that_is_not_there_is_no_proof_that_nothing_is_left(bucket: Bucket) -> None:
    with pytest.raises(CloudError, match="there is no bucket no-such-bucket-at-all"):
        bucket.store().remove(S3Place("no-such-bucket-at-all", KEY), upload=None)
