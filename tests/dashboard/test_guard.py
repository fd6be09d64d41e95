from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import Headers
from websockets.exceptions import InvalidStatus

from livecam.dashboard.access import Access
from livecam.dashboard.guard import SECURITY_HEADERS, Guard
from tests.dashboard.served import PATIENCE

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from tests.dashboard.served import Served

FOREIGN = "http://evil.example"


def test_the_printed_address_gives_a_cookie_and_goes_on_without_the_token(served: Served) -> None:
    answer = served.ask(f"/?t={served.access.token}", cookie="", origin="")
    cookie = answer.headers["set-cookie"]
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert f"livecam_{served.port}=" in cookie
    assert served.access.token not in str(answer.headers)
    assert served.ask("/", cookie=cookie.partition(";")[0], origin="").status == 200


def test_the_address_that_a_browser_was_started_with_is_good_for_once(served: Served) -> None:
    ticket = served.access.ticket()
    answers = [served.ask(f"/?t={ticket}", cookie="", origin="") for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 403]
    assert "set-cookie" not in answers[1].headers


def test_a_link_on_another_page_goes_on_too_so_that_the_cookie_is_sent_then(served: Served) -> None:
    answer = served.ask(
        f"/?t={served.access.token}",
        cookie="",
        origin="",
        sec_fetch_site="cross-site",
        sec_fetch_mode="navigate",
        sec_fetch_dest="document",
    )
    assert answer.status == 200
    assert b"url=/" in answer.data
    assert served.access.token.encode() not in answer.data
    assert "set-cookie" in answer.headers


@pytest.mark.parametrize("query", ["", "?t=", "?t=wrong", "?t=wrong&t=TOKEN", "?token=TOKEN"])
def test_without_the_token_nothing_is_shown(served: Served, query: str) -> None:
    answer = served.ask("/" + query.replace("TOKEN", served.access.token), cookie="", origin="")
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/mjpeg", "/snapshot.jpg", "/events", "/metrics", "/api/controls", "/main.js", "/nothing"]
)
def test_everything_is_behind_the_token(served: Served, path: str) -> None:
    answer = served.ask(path, cookie="", origin="")
    assert answer.status == 403
    assert answer.data.decode().startswith("open the address")


def test_a_token_in_the_address_opens_nothing_but_the_page(served: Served) -> None:
    assert served.ask(f"/metrics?t={served.access.token}", cookie="", origin="").status == 403


def test_the_cookie_of_another_run_is_refused(served: Served) -> None:
    assert served.ask("/", cookie=f"livecam_{served.port}={'0' * 64}").status == 403
    assert served.ask("/", cookie=f"livecam_{served.port + 1}={served.access.cookie}").status == 403
    assert served.ask("/", cookie="x" * 5000).status == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.0.2"])
def test_a_name_that_was_made_to_point_here_is_refused_even_with_the_token(served: Served, host: str) -> None:
    host = f"{host}:{served.port}"
    by_cookie = served.ask("/", host=host, origin="")
    by_token = served.ask(f"/?t={served.access.token}", host=host, cookie="", origin="")
    assert by_cookie.status == by_token.status == 403
    assert "set-cookie" not in by_token.headers


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://localhost:1"])
def test_a_page_of_another_origin_is_refused_whatever_it_knows(served: Served, origin: str) -> None:
    bearer = f"Bearer {served.access.token}"
    assert served.ask("/metrics", origin=origin).status == 403
    assert served.ask("/metrics", origin=origin, cookie="", authorization=bearer).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_what_another_page_embeds_is_refused(served: Served, site: str) -> None:
    assert served.ask("/snapshot.jpg", origin="", sec_fetch_site=site).status == 403
    embedded = served.ask(f"/?t={served.access.token}", origin="", cookie="", sec_fetch_site=site)
    assert embedded.status == 403


@pytest.mark.parametrize(
    "headers",
    [("Origin: OWN", f"Origin: {FOREIGN}"), ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site")],
)
def test_a_header_that_is_there_twice_is_right_twice(served: Served, headers: tuple[str, str]) -> None:
    def status(lines: tuple[str, ...]) -> bytes:
        told = [each.replace("OWN", served.origin) for each in lines]
        head = ["GET /metrics HTTP/1.1", f"Host: {served.host}", f"Cookie: {served.cookie}", *told, "", ""]
        with socket.create_connection(("127.0.0.1", served.port), PATIENCE) as connection:
            connection.sendall("\r\n".join(head).encode())
            return connection.recv(12)

    assert status((headers[0], headers[0])) == b"HTTP/1.1 200"
    assert status(headers) == b"HTTP/1.1 403"


def test_a_change_needs_the_pages_origin_or_authorization(served: Served) -> None:
    def change(**headers: str) -> int:
        return served.ask("/api/controls/record", method="POST", body=b'{"value": true}', **headers).status

    assert change(origin="") == 403
    assert change(origin=FOREIGN) == 403
    assert served.controls.said == []
    assert change() == 200
    assert change(origin="", cookie="", authorization=f"Bearer {served.access.token}") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ""},
        {"origin": FOREIGN},
        {"cookie": ""},
        {"host": "evil.example:PORT"},
        {"cookie": "livecam_PORT=x"},
    ],
)
def test_a_socket_of_another_page_is_refused(served: Served, headers: dict[str, str]) -> None:
    here = {name: value.replace("PORT", str(served.port)) for name, value in headers.items()}
    with pytest.raises(InvalidStatus) as refused, served.watch(**here):
        pass
    assert refused.value.response.status_code == 403


def test_a_program_may_open_a_socket_with_authorization(served: Served) -> None:
    with served.watch(origin="", cookie="", authorization=f"Bearer {served.access.token}"):
        pass


@pytest.mark.parametrize("path", ["/", "/nothing", "/metrics", "/main.js"])
def test_every_answer_has_the_headers_that_keep_it_safe(served: Served, path: str) -> None:
    for answer in (served.ask(path), served.ask(path, cookie="")):
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value
        assert "server" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


def test_the_policy_lets_nothing_inline_and_nothing_foreign_in() -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert policy.startswith("default-src 'none'")


async def test_a_page_may_have_a_policy_of_its_own_and_nothing_else() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        own = [(b"content-security-policy", b"default-src 'none'"), (b"x-frame-options", b"ALLOWALL")]
        await send({"type": "http.response.start", "status": 200, "headers": own})

    access = Access()
    sent: list[Message] = []

    async def take(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    asked = [(b"host", b"localhost"), (b"authorization", f"Bearer {access.token}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": asked}
    await Guard(app, access)(scope, receive, take)
    headers = Headers(raw=sent[0]["headers"])
    assert headers["content-security-policy"] == "default-src 'none'"
    assert headers["x-frame-options"] == "DENY"
