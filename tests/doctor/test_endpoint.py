from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from livecam.aws.whoami import Credentials, Identity, Outlook
from livecam.doctor import endpoint as way
from livecam.doctor.account import Account
from livecam.doctor.connection import Answer, Reached, Tls, ask, reach
from livecam.errors import CloudError, UsageError
from livecam.testing.clock import FakeClock
from tests.doctor.endpoints import endpoint


def an_account(
    endpoint_url: str | None, *, has_credentials: bool = True, clock: FakeClock | None = None
) -> Account:
    clock = clock or FakeClock()
    return Account(
        look_up=lambda: Outlook(None, "us-east-1", endpoint_url, None),
        credentials=lambda: Credentials("x", "y") if has_credentials else None,
        identity=lambda: Identity("", ""),
        is_asked=False,
        connect=lambda url, ca_bundle: reach(url, ca_bundle=ca_bundle, clock=clock),
        ask=lambda url, ca_bundle: ask(url, ca_bundle=ca_bundle, clock=clock),
    )


def test_an_endpoint_that_answers_is_told_with_its_times() -> None:
    with endpoint() as url:
        told = way.reachability(an_account(url), FakeClock())
    assert (told.state, told.text) == ("ok", f"{url} answers at 127.0.0.1: name 0 ms, TCP 0 ms, answer 0 ms")


def test_one_that_does_not_is_a_problem_and_its_clock_is_not_known() -> None:
    nobody = an_account("http://127.0.0.1:1")
    told = way.reachability(nobody, FakeClock())
    assert (told.state, told.text) == ("fail", "no connection to 127.0.0.1 port 1: Connection refused")
    assert "--endpoint-url" in str(told.advice)
    assert way.clocks(nobody).state == "skip"


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [
        (0, "ok", "agrees with the endpoint's"),
        (-10, "ok", "10 s ahead of the endpoint's"),
        (60, "warn", "60 s behind the endpoint's"),
        (-60, "warn", "60 s ahead of the endpoint's"),
        (-3600, "fail", "3600 s ahead of the endpoint's, so that signatures are refused"),
        (86400, "fail", "s behind the endpoint's, so that signatures are refused"),
    ],
)
def test_a_clock_that_is_off_is_told_with_its_direction(seconds: float, state: str, words: str) -> None:
    clock = FakeClock()
    clock.advance(0.5)  # what is told there is cut to a full second
    with endpoint(wall=clock.wall() + timedelta(seconds=seconds)) as url:
        told = way.clocks(an_account(url, clock=clock))
    assert told.state == state
    assert words in told.text
    assert (told.advice is None) == (state == "ok")


def test_an_endpoint_that_tells_no_time_leaves_it_open() -> None:
    with endpoint() as url:
        assert way.clocks(an_account(url)).state == "skip"


def test_without_credentials_or_region_no_connection_is_opened() -> None:
    for account in (an_account("http://127.0.0.1:1", has_credentials=False), an_account(None)):
        assert way.reachability(account, FakeClock()).state == "skip"
        assert way.clocks(account).state == "skip"


def test_an_unclear_address_is_told_once_and_without_its_password() -> None:
    unclear = an_account("http://u:hunter2@127.0.0.1")
    with pytest.raises(UsageError) as caught:
        way.reachability(unclear, FakeClock())
    assert "hunter2" not in str(caught.value)
    assert way.clocks(unclear).state == "skip"


def test_what_another_check_tells_is_skipped_here() -> None:
    def fail() -> Outlook:
        raise CloudError("no such profile", code="X", blame="user")

    broken = Account(look_up=fail, credentials=lambda: None, identity=lambda: Identity("", ""), is_asked=True)
    assert way.reachability(broken, FakeClock()).text == "not known; see what is said above"


@pytest.mark.parametrize(("days", "state"), [(30, "ok"), (3, "warn")])
def test_who_vouches_for_an_endpoint_is_told_and_that_a_certificate_ends_soon(days: int, state: str) -> None:
    clock = FakeClock()
    tls = Tls(0.02, "TLSv1.3", "Amazon", clock.wall() + timedelta(days=days, hours=1))
    encrypted = Account(
        look_up=lambda: Outlook(None, "us-east-1", "https://rekognition.us-east-1.amazonaws.com", None),
        credentials=lambda: Credentials("x", "y"),
        identity=lambda: Identity("", ""),
        is_asked=False,
        connect=lambda *_: Reached("proxy.example", "192.0.2.1", 0.001, 0.01, tls, is_proxy=True),
        ask=lambda *_: Answer(0.03, clock.wall(), None),
    )
    told = way.reachability(encrypted, clock)
    assert (told.state, told.advice is None) == (state, state == "ok")
    assert "through the proxy proxy.example at 192.0.2.1" in told.text
    assert f"TLSv1.3 20 ms, answer 30 ms; certificate by Amazon for {days} more days" in told.text


def test_one_that_takes_connections_and_answers_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecam.doctor.connection.TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = an_account(f"http://127.0.0.1:{silent.getsockname()[1]}")
        told = way.reachability(account, FakeClock())
        assert (told.state, "answers no request within 0.05 s" in told.text) == ("fail", True)
        assert way.clocks(account).state == "skip"
