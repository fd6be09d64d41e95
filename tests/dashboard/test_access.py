from __future__ import annotations

import base64

import pytest

from livecam.dashboard.access import Access, addresses, cookie_name, host_name, is_own_origin

SECRET = "secret"  # noqa: S105  what the tests offer
EVERYWHERE = "0.0.0.0"  # noqa: S104  what a user may say


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def test_each_run_has_a_token_of_its_own_that_is_not_shown_in_tracebacks() -> None:
    one, other = Access(), Access()
    assert one.token != other.token
    assert len(one.token) >= 40
    assert one.token not in repr(one)


def test_the_cookie_does_not_hold_the_token() -> None:
    access = Access(token=SECRET)
    assert "secret" not in access.cookie
    assert access.is_cookie(access.cookie)
    assert not access.is_cookie("secret")
    assert not access.is_cookie("wrông")


@pytest.mark.parametrize(
    "header", ["Bearer secret", "bearer  secret", basic("livecam:secret"), basic(":secret")]
)
def test_a_program_sends_the_token_as_authorization(header: str) -> None:
    assert Access(token=SECRET).is_authorization(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "secret",
        "Bearer",
        "Bearer wrong",
        "Bearer secret2",
        basic("secret"),
        basic("secret:x"),
        "Basic %%%",
        "Basic /w==",
    ],
)
def test_anything_else_is_no_authorization(header: str) -> None:
    assert not Access(token=SECRET).is_authorization(header)


@pytest.mark.parametrize("header", ["localhost", "LOCALHOST:9", "127.0.0.1:8600", "[::1]:8600"])
def test_loopback_is_ours_at_any_port(header: str) -> None:
    assert Access().is_own_host(header)


@pytest.mark.parametrize(
    "header",
    ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8600", "192.168.1.5:8600",
     "a@localhost", "localhost/x", "localhost:x", "localhost:99999", "[::1", "x" * 5000],
)  # fmt: skip
def test_other_names_are_not(header: str) -> None:
    assert not Access().is_own_host(header)


def test_where_others_may_connect_addresses_in_numbers_are_ours_and_names_are_not() -> None:
    access = Access(host=EVERYWHERE, extra_hosts=("Cam.Lan",))
    assert access.is_own_host("192.168.1.5:8600")
    assert access.is_own_host("[fe80::1]:8600")
    assert access.is_own_host("cam.lan:8600")
    assert not access.is_own_host("evil.example:8600")


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("http://localhost:8600", "localhost:8600", True),
        ("https://Cam.lan", "cam.lan", True),
        ("http://localhost:8601", "localhost:8600", False),
        ("http://127.0.0.1:8600", "localhost:8600", False),
        ("http://evil.example", "localhost:8600", False),
        ("null", "localhost:8600", False),
        ("file://localhost:8600", "localhost:8600", False),
        ("http://localhost:8600.evil.example", "localhost:8600", False),
    ],
)
def test_an_origin_is_own_when_its_page_came_from_this_host(origin: str, host: str, *, is_own: bool) -> None:
    assert is_own_origin(origin, host) is is_own


def test_two_servers_on_one_machine_have_two_cookies() -> None:
    assert cookie_name("localhost:8600") == "livecam_8600"
    assert cookie_name("localhost:8601") == "livecam_8601"
    assert cookie_name("cam.lan") == "livecam_80"
    assert cookie_name("cam.lan:x") == "livecam_80"


def test_a_host_name_has_no_port_and_no_brackets() -> None:
    assert host_name("[::1]:8600") == "::1"


def test_the_address_is_told_with_its_token() -> None:
    access = Access(token=SECRET)
    assert addresses(access, 8600, {}, is_in_container=False) == ["http://127.0.0.1:8600/?t=secret"]


def test_an_ipv6_address_has_its_brackets() -> None:
    access = Access(host="fd00::5", token=SECRET)
    assert addresses(access, 8600, {}, is_in_container=False)[0] == "http://[fd00::5]:8600/?t=secret"


def test_where_other_machines_can_open_it_the_people_in_the_picture_are_spoken_of() -> None:
    for host in (EVERYWHERE, "192.0.2.7"):
        (told,) = addresses(Access(host=host), 8600, {}, is_in_container=False)[1:]
        assert told == "other machines can open it too: whoever is in the picture has to know of that"
    assert len(addresses(Access(), 8600, {}, is_in_container=False)) == 1


def test_over_ssh_the_tunnel_is_told() -> None:
    lines = addresses(Access(), 8600, {"SSH_CONNECTION": "10.0.0.9 5 10.0.0.2 22"}, is_in_container=False)
    assert "ssh -L 8600:localhost:8600 10.0.0.2" in lines[1]


def test_in_a_container_the_port_to_publish_is_told() -> None:
    closed = addresses(Access(), 8600, {}, is_in_container=True)
    opened = addresses(Access(host=EVERYWHERE), 8600, {}, is_in_container=True)
    assert "-p 127.0.0.1:8600:8600" in closed[1]
    assert "--host 0.0.0.0" in closed[1]
    assert "--host" not in opened[1]
    assert opened[0].startswith("http://127.0.0.1:8600/")


def test_a_ticket_opens_once() -> None:
    access = Access(token=SECRET)
    first, second = access.ticket(), access.ticket()
    assert first != second
    takes = access.takes_ticket
    assert [takes(first), takes(first), takes(second), takes(second)] == [True, False, True, False]
    assert not access.takes_ticket("")
    assert not access.is_token(first)
    assert first not in repr(access)
