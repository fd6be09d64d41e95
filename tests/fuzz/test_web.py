"""What comes to the browser view's port: a stranger gets nothing, and the next one is served as ever."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from livecam.clock import SystemClock
from livecam.dashboard.live_socket import POLICY_VIOLATION
from livecam.sources.browser_camera import BrowserCamera
from livecam.testing.recording_slot import RecordingSlot
from tests.builders import a_frame, a_label, a_picture
from tests.dashboard.served import PATIENCE, Served
from tests.dashboard.test_camera_socket import a_message
from tests.fuzz.cases import fuzzed
from tests.fuzz.damage import CHANGES, DAMAGE, TEXTS, VALUES, Changes, Damage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

PAGE = b"<!doctype html><title>the page</title>"
PATHS = [
    "/",
    "/api/controls",
    "/api/controls/record",
    "/api/clips",
    "/api/clips/x",
    "/events",
    "/snapshot.jpg",
    "/metrics",
    "/main.js",
    "/api/camera",
    "/live",
    "/camera",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "//etc/passwd",
    "/..%2fsecret.txt",
    "/%00",
    "/?t=x",
    "/api/clips/../../x/video",
]
METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "G E T", ""]
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Host",
            "Origin",
            "Cookie",
            "Authorization",
            "Content-Length",
            "Transfer-Encoding",
            "Range",
            "Expect",
            "Upgrade",
            "Connection",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-Fetch-Site",
            "X",
        ]
    ),
    st.one_of(
        st.sampled_from(
            ["", "chunked", "-1", "9" * 30, "bytes=0-", "bytes=9-1", "null", "Bearer x", "Basic ===="]
        )
        | st.sampled_from(
            ["websocket", "Upgrade", "13", "a=b; c", "x" * 9000, "same-origin", "100-continue"]
        ),
        st.text(max_size=20),
    ),
    max_size=5,
)


class Page:
    """A server with a camera to be lent, and one picture that was shown."""

    def __init__(self, folder: Path) -> None:
        static = folder / "page" / "static"
        static.mkdir(parents=True)
        (static / "index.html").write_bytes(PAGE)
        (static / "main.js").write_text("export {};\n", encoding="utf-8")
        (static.parent / "secret.txt").write_text("not served", encoding="utf-8")
        self.slot = RecordingSlot()
        self.camera = BrowserCamera(clock=SystemClock(), publish=lambda _: None, wants_all=lambda: True)
        self.camera.open()
        self.camera.start(self.slot)
        self.served = Served(static, camera=self.camera)
        self.served.parts.hub.put(a_picture(a_frame(), a_label()))

    def assert_serves(self) -> None:
        """See that a browser with the cookie gets the page."""
        answer = self.served.ask("/")
        assert (answer.status, answer.data) == (200, PAGE)

    def sent(self, data: bytes) -> bytes:
        """Send bytes, end, and return what comes until the server has ended too."""
        with socket.create_connection(("127.0.0.1", self.served.port), PATIENCE) as wire:
            received = bytearray()
            with contextlib.suppress(ConnectionError):
                wire.sendall(data)
                wire.shutdown(socket.SHUT_WR)
                while more := wire.recv(65536):
                    received += more
            return bytes(received)

    def close(self) -> None:
        self.served.close()
        self.camera.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    running = Page(tmp_path_factory.mktemp("web"))
    yield running
    running.close()


def a_request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("utf-8", "replace") + body


def statuses(answer: bytes) -> list[int]:
    return [int(line[9:12]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


@fuzzed(
    100,
    method=st.sampled_from(METHODS),
    path=st.one_of(st.sampled_from(PATHS), st.text(max_size=20).map("/".__add__)),
    headers=HEADERS,
    body=st.binary(max_size=50),
    damage=st.one_of(st.none(), DAMAGE),
)
def test_a_stranger_gets_nothing_whatever_is_sent(
    page: Page, method: str, path: str, headers: dict[str, str], body: bytes, damage: Damage | None
) -> None:
    usual = {"Host": page.served.host, "Connection": "close", "Content-Length": str(len(body))}
    request = a_request(method, path, usual | headers, body)
    answer = page.sent(request if damage is None else damage.of(request))
    assert b"the page" not in answer
    assert b"not served" not in answer
    assert set(statuses(answer)) <= {400, 403}
    page.assert_serves()


@fuzzed(
    100,
    method=st.sampled_from(METHODS),
    path=st.one_of(st.sampled_from(PATHS), st.text(max_size=20).map("/".__add__)),
    headers=HEADERS,
    body=st.one_of(st.binary(max_size=50), VALUES.map(lambda value: json.dumps({"value": value}).encode())),
)
def test_the_page_itself_gets_no_error_of_the_server_whatever_it_sends(
    page: Page, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    usual = {"Host": page.served.host, "Origin": page.served.origin, "Cookie": page.served.cookie}
    framed = usual | {"Connection": "close", "Content-Length": str(len(body))}
    answer = page.sent(a_request(method, path, framed | headers, body))
    assert b"not served" not in answer
    assert all(status < 500 for status in statuses(answer)), answer[:200]
    page.assert_serves()


def closed_with(wire: ClientConnection) -> int | None:
    """Read to the end and return the code that the server closed with."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            wire.recv(PATIENCE)
    return wire.close_code


SAID = st.one_of(
    TEXTS,
    CHANGES.map(lambda changes: json.dumps(changes.of({"type": "ack", "seq": 1}))),
    CHANGES.map(lambda changes: json.dumps(changes.of({"type": "want", "width": 640}))),
    CHANGES.map(lambda changes: json.dumps(changes.of({"type": "use", "page": "p", "take_over": True}))),
    CHANGES.map(lambda changes: json.dumps(changes.of({"type": "hidden", "value": True}))),
    st.sampled_from(
        ['{"type": "use", "page": "p", "take_over": true}', '{"type": "ack", "seq": 1}', "[" * 900]
    ),
)


@fuzzed(80, said=st.lists(st.one_of(SAID, st.binary(max_size=40)), min_size=1, max_size=5))
def test_a_viewer_that_says_anything_is_understood_or_sent_away(page: Page, said: list[Any]) -> None:
    with page.served.watch("/live") as wire:
        with contextlib.suppress(ConnectionClosed):
            for each in said:
                wire.send(each.encode("utf-8", "replace").decode() if isinstance(each, str) else each)
            wire.send("that is all")  # which no page says
        assert closed_with(wire) == POLICY_VIOLATION
    page.assert_serves()


def a_damaged_message(changes: Changes | None, damage: Damage | None) -> bytes:
    """Return a picture as a page sends it, with something wrong in its words or its bytes."""
    message = a_message()
    if changes is not None:
        head = json.dumps(changes.of({"captured_ms": 1234.5, "width": 64, "height": 48})).encode()
        message = (
            struct.pack(">I", len(head)) + head + a_message()[4 + struct.unpack_from(">I", message)[0] :]
        )
    return message if damage is None else damage.of(message)


@fuzzed(
    80,
    said=st.lists(SAID, max_size=2),
    message=st.builds(a_damaged_message, st.one_of(st.none(), CHANGES), st.one_of(st.none(), DAMAGE)),
)
def test_a_page_that_lends_its_camera_delivers_pictures_or_is_sent_away(
    page: Page, said: list[str], message: bytes
) -> None:
    before = len(page.slot.frames)
    with page.served.watch("/camera") as wire:
        with contextlib.suppress(ConnectionClosed):
            wire.send('{"type": "use", "page": "p", "take_over": true}')
            for each in said:
                wire.send(each.encode("utf-8", "replace").decode())
            wire.send(message)
            wire.send("that is all")
        assert closed_with(wire) == POLICY_VIOLATION
    assert all(frame.image.shape == (48, 64, 3) for frame in page.slot.frames[before:])
    del page.slot.frames[:]
    page.assert_serves()


@fuzzed(40, path=st.sampled_from(PATHS), headers=HEADERS)
def test_a_socket_is_opened_for_nobody_without_the_cookie(
    page: Page, path: str, headers: dict[str, str]
) -> None:
    sent = {name: value.encode("ascii", "replace").decode() for name, value in headers.items()}
    kept = {
        name: value for name, value in sent.items() if value.isprintable() and name in ("Authorization", "X")
    }
    with pytest.raises((InvalidHandshake, ConnectionClosed, OSError)):
        page.served.watch(
            path,
            cookie=f"livecam_{page.served.port}={sent.get('Cookie', '').strip()[:50]}x"
            if sent.get("Cookie", "").isalnum()
            else "",
            **kept,
        ).close()
    page.assert_serves()
