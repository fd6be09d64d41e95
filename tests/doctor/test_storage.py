from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.aws.clients import AwsAccess
from livecam.aws.clip_store import S3ClipStore
from livecam.aws.wiring import BucketFacts, Wiring
from livecam.config.settings import Settings
from livecam.doctor import storage
from livecam.doctor.storage import CloudClips
from livecam.errors import CloudError
from livecam.testing.clock import FakeClock
from tests.aws.bucket import REGION, a_bucket, an_endpoint
from tests.aws.environment import access_to, use_stub_environment
from tests.doctor.cloud_clips import FakeWiring, an_account, cloud_clips

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.local_aws.server import Running


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with an_endpoint() as made:
        yield made


def clips_at(running: Running, bucket: str, wiring: Wiring | None = None) -> CloudClips:
    access = access_to(running.url)
    account = an_account(endpoint_url=running.url)
    settings = Settings(upload=f"s3://{bucket}/livecam")
    return CloudClips(account, access, settings, wiring or Wiring(access, FakeClock()), FakeClock())


def fails(code: str) -> None:
    raise CloudError("may not call rekognition:GetFaceDetection", code=code, blame="user")


def test_a_bucket_is_looked_at_and_left_as_it_is(running: Running) -> None:
    with a_bucket(running) as bucket:
        told = storage.bucket(clips_at(running, bucket.name, FakeWiring()))
        assert (told.state, bucket.versions()) == ("ok", 0)
        assert f"s3://{bucket.name} is in {REGION}" in told.text


def test_a_bucket_that_could_be_made_public_is_warned_of(running: Running) -> None:
    with a_bucket(running) as bucket:
        told = storage.bucket(clips_at(running, bucket.name))
    assert told.state == "warn"
    assert "put-public-access-block" in str(told.advice)


@pytest.mark.parametrize(
    ("facts", "state", "words"),
    [
        (BucketFacts(keeps_versions=True, is_closed=True, ends_uploads=True), "ok", "keeps versions"),
        (BucketFacts(keeps_versions=False, is_closed=True, ends_uploads=False), "warn", "ended left"),
        (
            BucketFacts(keeps_versions=None, is_closed=None, ends_uploads=None),
            "ok",
            "versions, public access",
        ),
    ],
)
def test_what_is_set_at_a_bucket_is_judged(
    running: Running, facts: BucketFacts, state: str, words: str
) -> None:
    with a_bucket(running) as bucket:
        told = storage.bucket(clips_at(running, bucket.name, FakeWiring(facts=facts)))
    assert told.state == state
    assert words in told.text


def test_a_bucket_elsewhere_or_nowhere_is_a_problem(running: Running) -> None:
    with a_bucket(running, "eu-central-1") as bucket, pytest.raises(CloudError, match="eu-central-1"):
        storage.bucket(clips_at(running, bucket.name))
    with pytest.raises(CloudError, match="there is no bucket"):
        storage.bucket(clips_at(running, "no-such-bucket"))


def test_a_bucket_that_may_not_be_listed_names_the_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(S3ClipStore, "check", lambda _: fails("AccessDenied"))
    told = storage.bucket(cloud_clips())
    assert told.state == "fail"
    assert "s3:ListBucket" in str(told.advice)


def test_a_job_that_nobody_has_shows_that_jobs_may_be_asked_about(running: Running) -> None:
    told = storage.jobs(clips_at(running, "clips"))
    assert told.state == "ok"
    assert "results may be fetched in eu-west-1" in told.text


def test_who_may_not_fetch_results_is_told_so() -> None:
    with pytest.raises(CloudError, match="GetFaceDetection"):
        storage.jobs(cloud_clips(), lambda: fails("AccessDeniedException"))


def test_an_endpoint_elsewhere_need_not_serve_jobs() -> None:
    elsewhere = cloud_clips(account=an_account(endpoint_url="http://127.0.0.1:1"))
    assert storage.jobs(elsewhere, lambda: fails("UnknownOperationException")).state == "warn"
    with pytest.raises(CloudError):
        storage.jobs(cloud_clips(), lambda: fails("UnknownOperationException"))


def test_a_region_without_stored_video_is_a_problem() -> None:
    told = storage.jobs(cloud_clips(account=an_account(region="ca-central-1")))
    assert told.state == "fail"
    assert "no stored video in ca-central-1" in told.text


@pytest.mark.parametrize("check", [storage.bucket, storage.jobs])
def test_clips_that_stay_here_need_nothing_of_aws(check: object) -> None:
    for clips in (
        cloud_clips(settings={"upload": None}),
        cloud_clips(account=an_account(has_credentials=False)),
        cloud_clips(account=an_account(region=None)),
        CloudClips(an_account(), AwsAccess(), None, FakeWiring(), FakeClock()),
    ):
        assert callable(check)
        assert check(clips).state == "skip"
