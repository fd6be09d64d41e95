from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from livecam.dashboard.app import MOST_BYTES
from tests.dashboard.served import PATIENCE

if TYPE_CHECKING:
    from tests.dashboard.served import Served


def change(served: Served, name: str, body: bytes) -> tuple[int, object]:
    answer = served.ask(f"/api/controls/{name}", method="POST", body=body)
    return answer.status, json.loads(answer.data)


def test_the_page_and_its_scripts_are_served(served: Served) -> None:
    assert b"the page" in served.ask("/").data
    script = served.ask("/main.js")
    assert script.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "//secret.txt", "/%00"],
)  # fmt: skip
def test_nothing_outside_the_pages_folder_is_served(served: Served, path: str) -> None:
    # By hand: clients tidy such paths up.
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n"
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split()[1] in (b"400", b"404")
    assert b"not served" not in answer


def test_a_folder_is_not_listed(served: Served) -> None:
    assert served.ask("/static").status == 404
    assert served.ask("/nothing/").status == 404


def test_a_control_is_set_and_what_holds_now_is_told(served: Served) -> None:
    assert change(served, "record", b'{"value": true}') == (200, {"ok": True, "now": {"record": True}})
    assert served.controls.said == [("record", True)]


def test_what_holds_now_can_be_asked(served: Served) -> None:
    assert json.loads(served.ask("/api/controls").data) == {"record": False}


def test_a_control_that_cannot_be_set_says_why(served: Served) -> None:
    answer = change(served, "colour", b'{"value": 1}')
    assert answer == (422, {"ok": False, "error": "there is no control colour"})


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"true", b"{", b"\xff", b"[" * 4000])
def test_what_is_no_value_is_refused(served: Served, body: bytes) -> None:
    status, answer = change(served, "record", body)
    assert status == 400
    assert answer == {"ok": False, "error": 'a control takes JSON: {"value": ...}'}
    assert served.controls.said == []


def test_a_body_that_is_too_large_is_refused(served: Served) -> None:
    status, _ = change(served, "mark", b'{"value": "' + b"x" * MOST_BYTES + b'"}')
    assert status == 413
    assert served.controls.said == []


def test_a_page_that_goes_while_it_says_a_value_changes_nothing_and_is_no_error(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE) as going:
        head = f"POST /api/controls/record HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n"
        going.sendall(
            f'{head}Origin: {served.origin}\r\nContent-Length: 99\r\n\r\n{{"value": true}}'.encode()
        )
    assert served.ask("/").status == 200
    assert served.controls.said == []


def test_a_change_is_never_made_by_reading(served: Served) -> None:
    assert served.ask("/api/controls/record").status in (404, 405)
    assert served.controls.said == []
