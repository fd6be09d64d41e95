from __future__ import annotations

import dataclasses
import hashlib

import pytest

from livecam import consent
from livecam.consent import (
    ClipSending,
    ConsentScope,
    Sending,
    is_needed,
    notice,
    require_consent,
    scope_of,
    why_on_device,
)
from livecam.errors import UsageError

AWS = scope_of("https://rekognition.us-east-1.amazonaws.com", region="us-east-1", profile=None)
HERE = scope_of("http://127.0.0.1:4566", region="us-east-1", profile=None)
SENDING = Sending("camera 0", width=640, quality=80, rate=2.0)
TOLD = {2: "739e51"}
"""Version of the text -> how the SHA-256 of it begins."""


class FakeStore:
    def __init__(self, *given: ConsentScope) -> None:
        self.given = list(given)

    def has(self, scope: ConsentScope) -> bool:
        return scope in self.given

    def give(self, scope: ConsentScope) -> None:
        self.given.append(scope)


class Person:
    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: list[ConsentScope] = []

    def __call__(self, scope: ConsentScope) -> str:
        self.asked.append(scope)
        return self.answer


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:4566",
        "http://127.8.9.10",
        "http://localhost:4566/",
        "HTTPS://LOCALHOST",
        "http://[::1]:80",
        "http://[::ffff:127.0.0.1]",
    ],
)
def test_an_endpoint_on_this_machine_needs_no_consent(endpoint: str) -> None:
    assert not is_needed(endpoint)
    require_consent(scope_of(endpoint, region=None, profile=None), store=FakeStore())


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://rekognition.eu-west-1.amazonaws.com",
        "http://192.168.1.5:4566",
        "http://0.0.0.0:4566",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
        "http://evil.example\\@127.0.0.1",
        "http://evil.example#@127.0.0.1",
        "http://evil.example/@127.0.0.1",
        "http://127.0.0.1 .evil.example",
        "http://127.0.0.1%2eevil.example",
        "http://2130706433",
        "http://[::1",
        "ftp://127.0.0.1",
        "127.0.0.1:4566",
        "",
    ],
)
def test_every_other_endpoint_needs_it_and_so_does_one_that_can_be_read_in_two_ways(endpoint: str) -> None:
    assert is_needed(endpoint)


@pytest.mark.parametrize(
    "endpoint", ["http://a:hunter2@127.0.0.1", "http://h\\x", "http://e\\@127.0.0.1", "nowhere", "http://h:x"]
)
def test_a_scope_is_not_made_of_an_unclear_address_nor_is_a_password_told(endpoint: str) -> None:
    with pytest.raises(UsageError, match="--endpoint-url") as caught:
        scope_of(endpoint, region=None, profile=None)
    assert "hunter2" not in str(caught.value)


def test_a_scope_is_the_same_however_the_address_is_written() -> None:
    one = scope_of(
        "HTTPS://Rekognition.us-east-1.amazonaws.com:443/path?token=x", region="us-east-1", profile=None
    )
    assert one == AWS
    assert one.endpoint == "https://rekognition.us-east-1.amazonaws.com"
    assert one.profile == "default"
    assert scope_of("http://[FE80::1]:8080", region=None, profile="a").endpoint == "http://[fe80::1]:8080"


def test_who_types_yes_is_asked_once() -> None:
    store, person = FakeStore(), Person(" Yes \n")
    require_consent(AWS, store=store, ask=person)
    require_consent(AWS, store=store, ask=person)
    require_consent(AWS, store=store)
    assert person.asked == [AWS]


@pytest.mark.parametrize("answer", ["", "\n", "y\n", "no\n", "yes please\n"])
def test_anything_but_yes_is_no_and_nothing_is_remembered(answer: str) -> None:
    store = FakeStore()
    with pytest.raises(UsageError, match="nothing is sent to Amazon Rekognition in us-east-1"):
        require_consent(AWS, store=store, ask=Person(answer))
    assert store.given == []


@pytest.mark.parametrize("other", ["https://x.example", "eu-west-1", "work"])
def test_a_consent_holds_for_its_endpoint_region_and_profile_alone(other: str) -> None:
    changed = {
        "https://x.example": ConsentScope(other, AWS.region, AWS.profile),
        "eu-west-1": ConsentScope(AWS.endpoint, other, AWS.profile),
        "work": ConsentScope(AWS.endpoint, AWS.region, other),
    }[other]
    with pytest.raises(UsageError):
        require_consent(changed, store=FakeStore(AWS))


def test_where_nobody_can_be_asked_the_error_says_what_to_run() -> None:
    with pytest.raises(UsageError) as caught:
        require_consent(AWS, store=FakeStore())
    assert caught.value.exit_code == 2
    for word in ("Amazon Rekognition in us-east-1", "terminal", "--yes", "--detector on-device"):
        assert word in str(caught.value)


def test_yes_for_one_run_asks_nobody_and_is_not_remembered() -> None:
    store, person = FakeStore(), Person("yes")
    require_consent(AWS, store=store, yes=True, ask=person)
    assert (store.given, person.asked) == ([], [])


def test_the_notice_says_what_where_how_often_for_how_much_and_how_to_take_it_back() -> None:
    said = " ".join(notice(AWS, SENDING).split())
    for words in (
        "stills of camera 0",
        "JPEG (quality 80), made at most 640 pixels wide, at most 2 a second",
        "Amazon Rekognition, Region us-east-1, https://rekognition.us-east-1.amazonaws.com, profile default.",
        "US East list price $0.0010 per image, read 2026-10-07; prices elsewhere differ.",
        "at most $7.20 an hour",
        "not a determination of the person's internal emotional state",
        "EU Artificial Intelligence Act",
        "opt-out policy",
        "livecam consent revoke",
    ):
        assert words in said, words
    assert "not an address of AWS" not in said
    assert "without encryption" not in said


def test_the_notice_fits_80_columns() -> None:
    assert max(map(len, notice(AWS, SENDING).splitlines())) <= 80


def test_an_endpoint_that_is_not_aws_or_not_encrypted_is_told_as_such() -> None:
    said = notice(scope_of("http://192.168.1.5:4566", region=None, profile=None), SENDING)
    assert "whoever runs it gets the" in " ".join(said.split())
    assert "without encryption" in said


def test_of_pictures_that_follow_the_faces_it_is_told_how_large_they_may_be() -> None:
    said = " ".join(notice(AWS, dataclasses.replace(SENDING, is_planned=True)).split())
    assert "JPEG (quality 60 to 92), made some 640 pixels wide and up to their full size" in said
    assert "where faces are small" in said


def test_of_stills_it_is_told_that_each_goes_once() -> None:
    said = " ".join(notice(AWS, Sending("3 pictures", None, 80, None)).split())
    assert "as JPEG (quality 80), each once." in said
    assert "an hour" not in said


def test_a_changed_text_has_a_new_version_so_that_people_are_asked_again() -> None:
    planned = dataclasses.replace(SENDING, is_planned=True)
    text = notice(AWS, SENDING) + notice(AWS, planned)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest.startswith(TOLD[consent.TEXT_VERSION]), (
        f"the text is another one: raise TEXT_VERSION if its meaning changed, and note {digest[:6]} here"
    )


def test_auto_says_in_one_line_why_it_stays_on_device_and_what_to_run() -> None:
    said = why_on_device(AWS)
    assert "\n" not in said
    assert "Amazon Rekognition in us-east-1" in said
    assert "--detector rekognition" in said


S3 = scope_of("https://s3.eu-west-1.amazonaws.com", region="eu-west-1", profile="work")


@pytest.mark.parametrize("is_analysed", [True, False])
def test_the_notice_about_clips_says_what_goes_where_for_how_much_and_how_long(*, is_analysed: bool) -> None:
    sending = ClipSending("each clip of camera 0", "s3://my-clips/films", is_analysed, usd_per_minute=0.1)
    told = notice(S3, sending)
    assert all(len(line) <= 80 for line in told.splitlines())
    text = " ".join(told.split())
    assert "What is sent: each clip of camera 0, whole, with the people in it, to s3://my-clips/films" in text
    assert "Where: Amazon S3, Region eu-west-1, https://s3.eu-west-1.amazonaws.com, profile work." in text
    assert "until you delete it (`livecam clips purge`)" in text
    assert "S3 asks for storage and requests by its own prices." in text
    assert ("about $0.10 per minute of video" in text) == is_analysed
    assert ("where Rekognition analyses the faces" in text) == is_analysed
    assert "EU Artificial Intelligence Act" in text


def test_a_consent_to_send_stills_is_asked_for_again_before_clips_are_sent() -> None:
    stills = scope_of("https://rekognition.eu-west-1.amazonaws.com", region="eu-west-1", profile="work")
    with pytest.raises(UsageError, match="Amazon S3 in eu-west-1"):
        require_consent(S3, store=FakeStore(stills))
