from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from livecam.aws.whoami import Credentials, Identity, Outlook
from livecam.doctor import account
from livecam.doctor import endpoint as way
from livecam.doctor.account import Account
from livecam.doctor.connection import Answer, Reached, Unreachable, ask, reach
from livecam.errors import CloudError
from livecam.testing.clock import FakeClock
from tests.doctor.endpoints import endpoint

if TYPE_CHECKING:
    from livecam.consent import ConsentScope

AWS = "https://rekognition.us-east-1.amazonaws.com"
FOUND = Credentials("environment variables", "AKIA...WXYZ")


class FakeStore:
    def __init__(self, *, has: bool = False) -> None:
        self._has = has

    def has(self, scope: ConsentScope) -> bool:
        return self._has

    def give(self, scope: ConsentScope) -> None:
        raise AssertionError


def failing(message: str, code: str = "X") -> CloudError:
    return CloudError(message, code=code, blame="user")


def an_account(
    *,
    region: str | None = "us-east-1",
    endpoint_url: str | None = AWS,
    credentials: Credentials | CloudError | None = FOUND,
    arn: str | CloudError = "arn:aws:iam::123456789012:user/ann",
    outlook_error: CloudError | None = None,
    is_asked: bool = False,
) -> Account:
    def identify() -> Identity:
        if isinstance(arn, CloudError):
            raise arn
        return Identity("123456789012", arn)

    def look_up() -> Outlook:
        if outlook_error:
            raise outlook_error
        return Outlook(None, region, endpoint_url, None)

    def find() -> Credentials | None:
        if isinstance(credentials, CloudError):
            raise credentials
        return credentials

    return Account(
        look_up=look_up,
        credentials=find,
        identity=identify,
        is_asked=is_asked,
    )


def test_credentials_are_told_masked_with_where_they_come_from() -> None:
    told = account.credentials(an_account(), FakeClock())
    assert (told.state, told.text) == ("ok", "AKIA...WXYZ from environment variables")


@pytest.mark.parametrize(("is_asked", "state"), [(False, "skip"), (True, "fail")])
def test_no_credentials_are_a_problem_for_who_asked_for_aws(is_asked: bool, state: str) -> None:  # noqa: FBT001
    told = account.credentials(an_account(credentials=None, is_asked=is_asked), FakeClock())
    assert told.state == state
    assert told.advice
    assert "aws configure" in told.advice


def test_without_credentials_and_wish_nothing_of_aws_is_looked_at() -> None:
    unused = an_account(credentials=None, region=None, endpoint_url=None)
    for told in (account.identity(unused), account.region(unused), account.consent(unused, FakeStore())):
        assert told.state == "skip"


def test_an_identity_is_told_and_the_root_user_is_warned_of() -> None:
    assert account.identity(an_account()).text.endswith(
        "account 123456789012, arn:aws:iam::123456789012:user/ann"
    )
    assert account.identity(an_account(arn="arn:aws:iam::123456789012:root")).state == "warn"


@pytest.mark.parametrize(
    ("region", "state", "words"),
    [
        ("us-east-1", "ok", "us-east-1: live pictures (DetectFaces), and stored video"),
        ("eu-central-1", "ok", "eu-central-1: live pictures (DetectFaces), and stored video"),
        ("ca-central-1", "warn", "no stored video"),
        ("eu-south-2", "ok", "not clear"),
        ("eu-west-9", "warn", "eu-west-9 is not among the Regions"),
        (None, "fail", "no Region is set"),
    ],
)
def test_what_exists_in_a_region_is_told_and_an_unknown_one_is_not_refused(
    region: str | None, state: str, words: str
) -> None:
    told = account.region(an_account(region=region))
    assert told.state == state
    assert words in told.text


def test_one_cause_is_told_once() -> None:
    cause = failing("there is no AWS profile")
    broken = an_account(credentials=cause, outlook_error=cause)
    with pytest.raises(CloudError):
        account.credentials(broken, FakeClock())
    for told in (account.identity(broken), account.region(broken), account.consent(broken, FakeStore())):
        assert told.state == "skip"


def test_what_only_the_region_check_knows_it_tells() -> None:
    with pytest.raises(CloudError, match="is no address"):
        account.region(an_account(outlook_error=failing("AWS_ENDPOINT_URL is no address")))


@pytest.mark.parametrize(
    ("endpoint_url", "has", "words"),
    [
        (AWS, True, "given for Amazon Rekognition in us-east-1"),
        (AWS, False, "not given for Amazon Rekognition in us-east-1"),
        ("http://127.0.0.1:4566", False, "not needed: http://127.0.0.1:4566 is on this machine"),
    ],
)
def test_what_was_agreed_to_is_told(endpoint_url: str, has: bool, words: str) -> None:  # noqa: FBT001
    told = account.consent(an_account(endpoint_url=endpoint_url), FakeStore(has=has))
    assert told.state == "ok"
    assert told.text.startswith(words)


@pytest.mark.parametrize("endpoint_url", [None, "http://u:hunter2@127.0.0.1"])
def test_consent_for_an_address_that_is_not_known_is_left_open(endpoint_url: str | None) -> None:
    assert account.consent(an_account(endpoint_url=endpoint_url), FakeStore(has=True)).state == "skip"


def test_several_checks_look_up_once_also_when_it_fails() -> None:
    calls = []

    def find() -> Credentials | None:
        calls.append(1)
        raise failing("expired")

    shared = Account(
        look_up=lambda: Outlook(None, None, None, None),
        credentials=find,
        identity=lambda: Identity("", ""),
        is_asked=False,
    )
    threads = [threading.Thread(target=account.identity, args=[shared]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shared.is_used()
    assert len(calls) == 1


@pytest.mark.parametrize("code", ["UnknownOperationException", "InvalidAction", "501"])
def test_an_endpoint_elsewhere_need_not_serve_sts(code: str) -> None:
    local = an_account(endpoint_url="http://127.0.0.1:4577", arn=failing("no STS", code))
    assert account.identity(local).state == "warn"


@pytest.mark.parametrize(
    ("endpoint_url", "code"),
    [
        (AWS, "UnknownOperationException"),
        (None, "UnknownOperationException"),
        ("http://127.0.0.1:4577", "InvalidClientTokenId"),
    ],
)
def test_an_identity_that_is_refused_otherwise_is_a_problem(endpoint_url: str | None, code: str) -> None:
    with pytest.raises(CloudError, match="refused"):
        account.identity(an_account(endpoint_url=endpoint_url, arn=failing("refused", code)))


def test_what_needs_no_credentials_does_not_wait_for_those_that_take_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(account, "PATIENCE", 0.01)
    never = threading.Event()

    def hang() -> None:
        never.wait()

    with endpoint(wall=FakeClock().wall()) as url:
        slow = Account(
            look_up=lambda: Outlook(None, "us-east-1", url, None),
            credentials=hang,
            identity=lambda: Identity("", ""),
            is_asked=False,
            connect=lambda url, ca_bundle: reach(url, ca_bundle=ca_bundle, clock=FakeClock()),
            ask=lambda url, ca_bundle: ask(url, ca_bundle=ca_bundle, clock=FakeClock()),
        )
        told = [
            account.region(slow),
            account.consent(slow, FakeStore()),
            way.reachability(slow, FakeClock()),
            way.clocks(slow),
        ]
    never.set()
    assert [finding.state for finding in told] == ["ok"] * 4


def test_an_outlook_that_fails_is_told_though_the_credentials_take_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(account, "PATIENCE", 0.01)
    never = threading.Event()

    def fail() -> Outlook:
        raise failing("no address")

    def hang() -> None:
        never.wait()

    slow = Account(look_up=fail, credentials=hang, identity=lambda: Identity("", ""), is_asked=False)
    with pytest.raises(CloudError, match="no address"):
        account.region(slow)
    never.set()


def answering(skew: float | None = 0.0, error: Exception | None = None) -> Account:
    """Return an account whose endpoint answers so far ahead of this machine's clock, or not."""
    clock = FakeClock()

    def answer(*_: object) -> Answer:
        if error:
            raise error
        there = None if skew is None else clock.wall() - timedelta(seconds=skew + 0.5)
        return Answer(0.0, clock.wall(), there)

    return Account(
        look_up=lambda: Outlook(None, "us-east-1", AWS, None),
        credentials=lambda: FOUND,
        identity=lambda: Identity("123456789012", "arn:aws:iam::123456789012:user/ann"),
        is_asked=False,
        connect=lambda *_: Reached("h", "192.0.2.1", 0.0, 0.0, None),
        ask=answer,
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (answering(), None),
        (answering(skew=None), None),
        (answering(skew=-1200), account.WRONG_CLOCK),
        (answering(error=Unreachable("no connection", "look")), account.NOT_REACHED),
    ],
)
def test_what_an_endpoint_would_not_answer_is_not_asked(asked: Account, why: str | None) -> None:
    assert asked.why_not_asked() == why
    told = account.identity(asked)
    assert (told.state, told.text == why) == (("ok", False) if why is None else ("skip", True))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (an_account(credentials=None), account.NO_CREDENTIALS_KNOWN),
        (an_account(credentials=failing("no such profile")), account.NOT_KNOWN),
        (an_account(region=None), account.NOT_KNOWN),
        (an_account(arn=failing("expired", "ExpiredToken")), account.NOT_KNOWN),
        (an_account(arn=failing("no way to STS", "ConnectTimeoutError")), None),
    ],
)
def test_who_is_nobody_to_sts_asks_no_other_service(asked: Account, why: str | None) -> None:
    assert asked.why_not_asked() == why


@pytest.mark.parametrize(
    ("minutes", "is_renewed", "state", "words"),
    [(30, False, "warn", "in 30 minutes"), (30, True, "ok", "renewed by itself"), (90, False, "ok", "UTC")],
)
def test_credentials_that_end_are_told_with_when(
    minutes: int,
    is_renewed: bool,  # noqa: FBT001
    state: str,
    words: str,
) -> None:
    clock = FakeClock()
    ends = clock.wall() + timedelta(minutes=minutes)
    told = account.credentials(
        an_account(credentials=Credentials("env", "AKIA...WXYZ", ends, is_renewed=is_renewed)), clock
    )
    assert told.state == state
    assert f"{ends:%Y-%m-%d %H:%M} UTC" in told.text
    assert words in told.text
