from __future__ import annotations

from datetime import timedelta

import pytest

from livecam.aws.whoami import Credentials, Identity, Outlook
from livecam.doctor import endpoint as way
from livecam.doctor.account import Account
from livecam.doctor.connection import Unreachable
from livecam.errors import CloudError, UsageError
from livecam.testing.clock import FakeClock
from tests.doctor.endpoints import endpoint


def an_account(endpoint_url: str | None, *, has_credentials: bool = True) -> Account:
    return Account(
        look_up=lambda: Outlook(None, "us-east-1", endpoint_url, None),
        credentials=lambda: Credentials("x", "y") if has_credentials else None,
        identity=lambda: Identity("", ""),
        is_asked=False,
    )


def test_an_endpoint_that_answers_is_told_with_its_times() -> None:
    with endpoint() as url:
        told = way.reachability(an_account(url), FakeClock())
    assert (told.state, told.text) == ("ok", f"{url} answers at 127.0.0.1: name 0 ms, TCP 0 ms")


def test_one_that_does_not_is_a_problem_and_its_clock_is_not_known() -> None:
    nobody = an_account("http://127.0.0.1:1")
    with pytest.raises(Unreachable):
        way.reachability(nobody, FakeClock())
    assert way.clocks(nobody, FakeClock()).state == "skipped"


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [
        (0, "ok", "agrees with the endpoint's"),
        (-10, "ok", "10 s ahead of the endpoint's"),
        (60, "warning", "60 s behind the endpoint's"),
        (-60, "warning", "60 s ahead of the endpoint's"),
        (-3600, "problem", "3600 s ahead of the endpoint's, so that signatures are refused"),
        (86400, "problem", "s behind the endpoint's, so that signatures are refused"),
    ],
)
def test_a_clock_that_is_off_is_told_with_its_direction(seconds: float, state: str, words: str) -> None:
    clock = FakeClock()
    clock.advance(0.5)  # what is told there is cut to a full second
    with endpoint(wall=clock.wall() + timedelta(seconds=seconds)) as url:
        told = way.clocks(an_account(url), clock)
    assert told.state == state
    assert words in told.text
    assert (told.advice is None) == (state == "ok")


def test_an_endpoint_that_tells_no_time_leaves_it_open() -> None:
    with endpoint() as url:
        assert way.clocks(an_account(url), FakeClock()).state == "skipped"


def test_without_credentials_or_region_no_connection_is_opened() -> None:
    for account in (an_account("http://127.0.0.1:1", has_credentials=False), an_account(None)):
        assert way.reachability(account, FakeClock()).state == "skipped"
        assert way.clocks(account, FakeClock()).state == "skipped"


def test_an_unclear_address_is_told_once_and_without_its_password() -> None:
    unclear = an_account("http://u:hunter2@127.0.0.1")
    with pytest.raises(UsageError) as caught:
        way.reachability(unclear, FakeClock())
    assert "hunter2" not in str(caught.value)
    assert way.clocks(unclear, FakeClock()).state == "skipped"


def test_what_another_check_tells_is_skipped_here() -> None:
    def fail() -> Outlook:
        raise CloudError("no such profile", code="X", blame="user")

    broken = Account(look_up=fail, credentials=lambda: None, identity=lambda: Identity("", ""), is_asked=True)
    assert way.reachability(broken, FakeClock()).text == "not known; see what is said above"
