from __future__ import annotations

import base64
import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from livecam.aws import clients
from livecam.aws.clip_store import PART_SIZE, S3ClipStore
from livecam.errors import CloudError, OutputError
from livecam.stored_video import S3Place
from livecam.testing.clock import FakeClock
from tests.aws.bucket import Told, a_bucket, stored
from tests.aws.environment import access_to
from tests.aws.wire import Script, WireServer, answers, http, refuses_in_xml, writes

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.local_aws.server import Running
    from livecam.protocols import ClipStore
    from tests.aws.bucket import Bucket

CONTENT = os.urandom(100_000)
KEY = "2026/11/a b+ü.mp4"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def _one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "PATIENT_ATTEMPTS", 1)


def store_at(server: WireServer) -> S3ClipStore:
    return S3ClipStore(access_to(server.url), "my-clips", clock=FakeClock())


def test_it_fits_the_plug(bucket: Bucket) -> None:
    store: ClipStore = bucket.store()
    assert store is not None


def test_a_small_file_is_stored_in_one_piece_with_its_checksum(bucket: Bucket, file: Path) -> None:
    told = Told()
    place, checksum = stored(bucket.store(part_size=PART_SIZE), file, KEY, told=told)
    assert bucket.content(KEY) == CONTENT
    assert checksum == base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    assert place.uri == f"s3://{bucket.name}/{KEY}"
    assert told.uploads == []
    assert told.counts == [(0, 100_000), (100_000, 100_000)]


def test_in_a_bucket_with_versions_the_place_names_the_one_that_was_written(
    bucket: Bucket, file: Path
) -> None:
    bucket.keep_versions()
    place, _ = stored(bucket.store(), file, KEY)
    bucket.s3.put_object(Bucket=bucket.name, Key=KEY, Body=b"newer")
    assert place.version
    assert bucket.content(KEY, VersionId=place.version) == CONTENT
    bucket.s3.delete_object(Bucket=bucket.name, Key=KEY)
    newer, _ = stored(bucket.store(), file, KEY)
    assert newer.version not in (None, place.version)


def test_how_it_is_kept_is_as_the_settings_say(bucket: Bucket, file: Path) -> None:
    tags = {"project": "a+b = c", "of whom": "me@example.com"}
    store = bucket.store(
        storage_class="STANDARD_IA", encryption="aws:kms", kms_key="arn:aws:kms:x", tags=tags
    )
    stored(store, file, KEY)
    head = bucket.s3.head_object(Bucket=bucket.name, Key=KEY)
    assert head["StorageClass"] == "STANDARD_IA"
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "arn:aws:kms:x")
    assert head["ContentType"] == "video/mp4"
    found = bucket.s3.get_object_tagging(Bucket=bucket.name, Key=KEY)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in found} == tags


def test_a_file_that_is_not_there_is_one_sentence(bucket: Bucket, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"nothing\.mp4 cannot be read"):
        stored(bucket.store(), tmp_path / "nothing.mp4", KEY)


def test_a_bucket_that_is_not_there_is_one_sentence(whole_endpoint: Running, file: Path) -> None:
    store = S3ClipStore(access_to(whole_endpoint.url), "no-such-bucket", clock=FakeClock())
    for act in (store.check, lambda: stored(store, file, KEY)):
        with pytest.raises(CloudError, match="there is no bucket no-such-bucket") as caught:
            act()
        assert caught.value.code == "NoSuchBucket"


def test_a_bucket_that_is_ready_is_not_complained_of(bucket: Bucket) -> None:
    bucket.store().check()


def test_a_bucket_in_another_region_is_told_with_its_region(whole_endpoint: Running) -> None:
    elsewhere = a_bucket(whole_endpoint, region="eu-central-1")
    with elsewhere as made, pytest.raises(CloudError, match="--region eu-central-1") as caught:
        made.store().check()
    assert caught.value.code == "BucketElsewhere"
    assert made.name in str(caught.value)


def test_a_bucket_that_botocore_was_redirected_to_is_told_with_its_region() -> None:
    moved = answers(301, headers={"x-amz-bucket-region": "us-west-2"})
    there = answers(200, headers={"x-amz-bucket-region": "us-west-2"})
    told = "in Region us-west-2 and livecam calls eu-west-1"
    with WireServer([moved, there]) as server, pytest.raises(CloudError, match=told):
        store_at(server).check()


@pytest.mark.usefixtures("_one_attempt")
@pytest.mark.parametrize(
    ("scripts", "told"),
    [
        (
            [answers(403), refuses_in_xml("AccessDenied", status=403)],
            "may not call s3:ListBucket on s3://my-clips",
        ),
        ([answers(403), answers(403)], "AWS says which only to who may s3:ListBucket"),
        ([answers(400), refuses_in_xml("ExpiredToken")], "has expired"),
        ([answers(403), refuses_in_xml("InvalidAccessKeyId", status=403)], "does not know the access key"),
        ([answers(503)], "failed"),
    ],
)
def test_what_is_wrong_with_a_bucket_is_one_sentence(scripts: list[Script], told: str) -> None:
    with WireServer(scripts) as server, pytest.raises(CloudError, match=told) as caught:
        store_at(server).check()
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("_one_attempt")
@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            refuses_in_xml("KMS.NotFoundException", message="Invalid keyId"),
            "KMS key for s3://my-clips/k does not exist",
        ),
        (refuses_in_xml("KMS.DisabledException"), "disabled"),
        (
            refuses_in_xml(
                "AccessDenied", status=403, message="x is not authorized to perform: kms:GenerateDataKey"
            ),
            "allow kms:GenerateDataKey on the key",
        ),
        (refuses_in_xml("AccessDenied", status=403), "may not call s3:PutObject on s3://my-clips/k"),
        (refuses_in_xml("ExpiredToken"), "has expired"),
        (refuses_in_xml("SlowDown", status=503), "fewer requests about my-clips"),
        (refuses_in_xml("BadDigest"), "was not what was sent"),
    ],
)
def test_what_is_wrong_with_storing_is_one_sentence(file: Path, script: Script, told: str) -> None:
    with WireServer([answers(404), script]) as server, pytest.raises(CloudError, match=told) as caught:
        stored(store_at(server), file, "k")
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("_one_attempt")
def test_without_leave_to_look_it_is_stored_and_said_that_it_cannot_be_proved(file: Path) -> None:
    denied = [answers(403), refuses_in_xml("AccessDenied", status=403)]
    done = answers(200, headers={"ETag": '"e"'})
    with WireServer([*denied, done, *denied]) as server, pytest.raises(CloudError, match="s3:GetObject"):
        stored(store_at(server), file, "k")
    assert server.exchanges[2].head.startswith(b"PUT ")


def test_a_place_is_described_as_it_is_now(bucket: Bucket, file: Path) -> None:
    bucket.keep_versions()
    place, _ = stored(bucket.store(), file, KEY)
    assert bucket.store().describe(S3Place(bucket.name, KEY)) == place
    assert bucket.store().size_of(place) == len(CONTENT)
    with pytest.raises(CloudError, match="there is no s3://"):
        bucket.store().describe(S3Place(bucket.name, "nothing"))


def test_an_object_is_fetched_whole(bucket: Bucket, file: Path, tmp_path: Path) -> None:
    bucket.keep_versions()
    place, _ = stored(bucket.store(), file, KEY)
    bucket.s3.put_object(Bucket=bucket.name, Key=KEY, Body=b"newer")
    target, told = tmp_path / "fetched.mp4", Told()
    target.write_bytes(b"before")
    bucket.store().download(place, target, told.count)
    assert target.read_bytes() == CONTENT
    assert told.counts[-1] == (len(CONTENT), len(CONTENT))
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "fetched.mp4"}


def test_an_object_that_was_overwritten_is_not_fetched_for_the_one_before(
    bucket: Bucket, file: Path, tmp_path: Path
) -> None:
    place, _ = stored(bucket.store(), file, KEY)
    bucket.store().download(place, tmp_path / "same.mp4", Told().count)
    bucket.s3.put_object(Bucket=bucket.name, Key=KEY, Body=b"newer")
    with pytest.raises(CloudError, match="overwritten"):
        bucket.store().download(place, tmp_path / "fetched.mp4", Told().count)
    assert not (tmp_path / "fetched.mp4").exists()


def test_an_object_that_comes_in_part_leaves_no_file(tmp_path: Path) -> None:
    short = writes(http(b"only this", length=5000, headers={"ETag": '"e"'}))
    with WireServer([short]) as server, pytest.raises(CloudError) as caught:
        store_at(server).download(S3Place("my-clips", "k"), tmp_path / "k.mp4", Told().count)
    assert caught.value.blame == "network"
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_written_is_one_sentence(bucket: Bucket, file: Path, tmp_path: Path) -> None:
    place, _ = stored(bucket.store(), file, KEY)
    with pytest.raises(OutputError, match="cannot be written"):
        bucket.store().download(place, tmp_path / "nowhere" / "k.mp4", Told().count)


def test_an_endpoint_that_is_not_there_is_one_sentence(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "PATIENT_ATTEMPTS", 1)
    store = S3ClipStore(access_to("http://127.0.0.1:1"), "my-clips", clock=FakeClock())
    with pytest.raises(CloudError, match="nothing listens at"):
        stored(store, file, KEY)
