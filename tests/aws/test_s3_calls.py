from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.aws import clients
from livecam.aws.s3_calls import NOT_THERE, S3Calls
from livecam.errors import CloudError
from livecam.stored_video import S3Place
from livecam.testing.clock import FakeClock
from tests.aws.environment import access_to
from tests.aws.wire import Script, WireServer, answers, refuses_in_xml

if TYPE_CHECKING:
    from tests.aws.bucket import Bucket

PLACE = S3Place("my-clips", "a.mp4")


@pytest.fixture(autouse=True)
def _one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "PATIENT_ATTEMPTS", 1)


def head_of(*scripts: Script) -> CloudError:
    with WireServer(list(scripts)) as server:
        calls = S3Calls(access_to(server.url), FakeClock())
        with pytest.raises(CloudError) as caught:
            calls.head(PLACE)
        calls.client.close()
    return caught.value


def test_what_is_not_there_is_told_as_such(bucket: Bucket) -> None:
    calls = S3Calls(access_to(bucket.running.url), FakeClock())
    with pytest.raises(CloudError) as caught:
        calls.head(S3Place(bucket.name, "nothing"))
    assert caught.value.code in NOT_THERE
    assert f"s3://{bucket.name}/nothing" in str(caught.value)


def test_a_version_is_looked_at_by_its_name(bucket: Bucket) -> None:
    bucket.keep_versions()
    first = bucket.s3.put_object(Bucket=bucket.name, Key="k", Body=b"one")["VersionId"]
    bucket.s3.put_object(Bucket=bucket.name, Key="k", Body=b"other")
    calls = S3Calls(access_to(bucket.running.url), FakeClock())
    assert calls.head(S3Place(bucket.name, "k", first))["ContentLength"] == 3
    assert calls.head(S3Place(bucket.name, "k"))["ContentLength"] == 5


@pytest.mark.parametrize(
    ("code", "status", "told"),
    [
        ("AccessDenied", 403, "may not call s3:GetObject on s3://my-clips/a.mp4"),
        ("ExpiredToken", 403, "has expired"),
        ("InvalidAccessKeyId", 403, "does not know the access key"),
        ("RequestTimeTooSkewed", 403, "clock"),
    ],
)
def test_an_answer_without_words_is_asked_for_its_reason(code: str, status: int, told: str) -> None:
    error = head_of(answers(status), refuses_in_xml(code, status=status))
    assert error.code == code
    assert told in str(error)


def test_an_answer_that_stays_without_words_is_told_for_what_it_is() -> None:
    assert head_of(answers(403), answers(403)).code == "403"
    assert head_of(answers(403), answers(206, b"x")).code == "403"


def test_every_page_of_a_list_is_asked_for(bucket: Bucket) -> None:
    for number in range(3):
        bucket.s3.put_object(Bucket=bucket.name, Key=f"k{number}", Body=b"")
    calls = S3Calls(access_to(bucket.running.url), FakeClock())
    pages = calls.pages("list_objects_v2", "s3:ListBucket", S3Place(bucket.name, ""), MaxKeys=1)
    assert [page["Contents"][0]["Key"] for page in pages] == ["k0", "k1", "k2"]


def test_a_list_that_fails_is_a_sentence() -> None:
    with WireServer([refuses_in_xml("SlowDown", status=503)]) as server:
        calls = S3Calls(access_to(server.url), FakeClock())
        with pytest.raises(CloudError, match="fewer requests about my-clips") as caught:
            list(calls.pages("list_objects_v2", "s3:ListBucket", S3Place("my-clips", "")))
        calls.client.close()
    assert caught.value.is_throttle
