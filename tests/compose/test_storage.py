from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from livecam.compose import storage
from livecam.compose.detector import Permission
from livecam.compose.storage import bucket_and_prefix, cloud_of, place_for, require_upload_consent, store_of
from livecam.config import load_settings
from livecam.consent import ClipSending, ConsentScope
from livecam.errors import UsageError
from livecam.state.consent import ConsentStore
from livecam.stored_video import JobParameters, S3Place
from tests.archive.samples import an_archive
from tests.aws.environment import use_stub_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.config import Settings
    from livecam.consent import Sending
    from livecam.protocols import ClipStore

BEGAN_AT = datetime(2026, 10, 7, 12, 34, 56, tzinfo=UTC)
AWAY = "https://s3.example.com"
HERE = "http://127.0.0.1:4577"


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)


def settings(**given: object) -> Settings:
    return load_settings({"region": "eu-west-1", "upload": "s3://my-clips/films", **given})


def key_of(name: str = "clip", *, source: str = "camera 0", **given: object) -> str:
    place = place_for(settings(**given), name, source=source, began_at=BEGAN_AT)
    assert place.bucket == "my-clips"
    return place.key


@pytest.mark.parametrize(
    ("uri", "parts"),
    [
        ("s3://bucket", ("bucket", "")),
        ("s3://bucket/a", ("bucket", "a")),
        ("s3://bucket/a/b", ("bucket", "a/b")),
        ("", ("", "")),
    ],
)
def test_an_address_has_a_bucket_and_perhaps_a_prefix(uri: str, parts: tuple[str, str]) -> None:
    assert bucket_and_prefix(uri) == parts


def test_a_clip_goes_under_the_prefix_by_its_id_unless_it_is_said_otherwise() -> None:
    assert key_of("20261007-123456-abcdef") == "films/20261007-123456-abcdef.mp4"
    assert key_of(upload="s3://my-clips") == "clip.mp4"
    assert key_of(upload="s3://my-clips/a/b/") == "a/b/clip.mp4"
    assert (
        key_of(key_template="{date}/{source}/{time}-{id}.mp4", source="rtsp://h/1")
        == "films/2026-10-07/rtsp---h-1/123456-clip.mp4"
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("../../etc", "etc"),
        ("a/b\\c", "a-b-c"),
        ("..", "unknown"),
        ("", "unknown"),
        ("caméra 漢", "caméra-漢"),
        ("x\n\x00\u202ey", "x---y"),
        ("{id}", "id"),
        ("a" * 500, "a" * 120),
    ],
)
def test_no_name_of_a_source_leads_elsewhere(source: str, said: str) -> None:
    assert key_of(source=source, key_template="{source}/{id}.mp4") == f"films/{said}/clip.mp4"


@pytest.mark.parametrize("name", ["...", "---", "//", ""])
def test_a_name_of_which_nothing_is_left_is_a_name_all_the_same(name: str) -> None:
    assert key_of(name) == "films/video.mp4"


def test_what_is_set_is_what_is_asked_for(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    cloud = cloud_of(
        settings(
            face_attributes="DEFAULT",
            job_tag="t",
            sns_topic="arn:aws:sns:eu-west-1:123456789012:AmazonRekognition-x",
            role_arn="arn:aws:iam::123456789012:role/r",
            keep_local=False,
        ),
        archive,
    )
    assert cloud.parameters == JobParameters(
        "DEFAULT", "t", "arn:aws:sns:eu-west-1:123456789012:AmazonRekognition-x",
        "arn:aws:iam::123456789012:role/r",
    )  # fmt: skip
    assert not cloud.keeps_local
    assert cloud.archive is archive


@pytest.mark.parametrize(
    ("given", "bucket", "stored_in"),
    [
        ({}, None, "my-clips"),
        ({"upload": None}, None, None),
        ({"upload": None}, "other", "other"),
        ({}, "other", "other"),
    ],
)
def test_videos_go_to_the_bucket_that_is_said(
    given: dict[str, object],
    bucket: str | None,
    stored_in: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    buckets: list[str] = []
    make = storage.store_of

    def noted(how: Settings, name: str) -> ClipStore:
        buckets.append(name)
        return make(how, name)

    monkeypatch.setattr(storage, "store_of", noted)
    cloud = cloud_of(settings(**given), an_archive(tmp_path), bucket=bucket)
    assert buckets == ([stored_in] if stored_in else [])
    assert (cloud.store is None) == (stored_in is None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sns_topic": "arn:aws:sns:eu-west-1:1:t"}, "give --sns-topic and --role-arn together"),
        ({"role_arn": "arn:aws:iam::1:role/r"}, "give --sns-topic and --role-arn together"),
        ({"queue_url": "https://sqs.example/q"}, "--queue-url is given without --sns-topic"),
        ({"kms_key": "alias/mine"}, "--kms-key is given without --encryption aws:kms"),
        ({"kms_key": "k", "encryption": "AES256"}, "--kms-key is given without --encryption aws:kms"),
    ],
)
def test_what_goes_only_with_something_else_is_refused_alone(
    given: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=sentence):
        cloud_of(settings(**given), an_archive(tmp_path))


def test_a_store_is_made_of_all_that_is_set_without_a_connection() -> None:
    how = settings(tag=["a=b=c", "d="], encryption="aws:kms", kms_key="alias/k", storage_class="STANDARD_IA")
    assert store_of(how, "my-clips")._options == {  # type: ignore[attr-defined]
        "StorageClass": "STANDARD_IA",
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": "alias/k",
        "Tagging": "a=b%3Dc&d=",
    }


def test_an_endpoint_on_this_machine_needs_no_consent() -> None:
    require_upload_consent(settings(endpoint_url=HERE), Permission(), clips="a clip")


def test_without_consent_nothing_is_sent(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"you have not agreed to send pictures to https://s3\.example\.com"):
        require_upload_consent(settings(endpoint_url=AWAY), Permission(), clips="a clip")


def test_who_says_yes_is_asked_for_nothing_and_nothing_is_remembered() -> None:
    store = ConsentStore()
    require_upload_consent(settings(endpoint_url=AWAY), Permission(yes=True, store=store), clips="a clip")
    assert store.list() == ()


def test_people_are_asked_once_with_what_would_be_sent_and_where_to() -> None:
    asked: list[Sending | ClipSending] = []
    store = ConsentStore()

    def asker(sending: Sending | ClipSending) -> Callable[[ConsentScope], str]:
        def ask(scope: ConsentScope) -> str:
            assert scope == ConsentScope(AWAY, "eu-west-1", "default")
            asked.append(sending)
            return "yes"

        return ask

    for _ in range(2):
        require_upload_consent(
            settings(endpoint_url=AWAY, analyze=True), Permission(asker=asker, store=store), clips="3 clips"
        )
    (sending,) = asked
    assert isinstance(sending, ClipSending)
    assert (sending.clips, sending.uri, sending.is_analysed) == ("3 clips", "s3://my-clips/films", True)
    assert sending.usd_per_minute > 0


def test_a_consent_to_stills_is_none_to_clips() -> None:
    store = ConsentStore()
    store.give(ConsentScope("https://rekognition.eu-west-1.amazonaws.com", "eu-west-1", "default"))
    with pytest.raises(UsageError, match="Amazon S3 in eu-west-1"):
        require_upload_consent(settings(), Permission(store=store), clips="a clip")


def test_where_a_video_goes_is_a_place_without_a_version() -> None:
    assert place_for(settings(), "x", source="", began_at=BEGAN_AT) == S3Place("my-clips", "films/x.mp4")
