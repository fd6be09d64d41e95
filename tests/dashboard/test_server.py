from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import numpy as np
import pytest
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.uri import parse_uri

from livecam.dashboard import server as server_module
from livecam.dashboard.access import Access
from livecam.dashboard.server import FrugalSocket, WebServer
from livecam.errors import UsageError
from livecam.frames import Frame
from tests.builders import a_picture
from tests.dashboard.served import PATIENCE, Served, make_parts

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Receive, Scope, Send


CLIENTS = ("urllib3", "websockets.client")


def connected(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), PATIENCE)


def has_ended(served: Served) -> bool:
    thread = served.server._thread
    if thread is not None:
        thread.join(PATIENCE)  # a machine with much else to do may take longer than `stop` waits
    return thread is not None and not thread.is_alive()


def test_a_port_that_is_taken_is_told_with_the_way_out(served: Served, static: Path) -> None:
    other = WebServer(make_parts(), Access(), port=served.port, static=static)
    with pytest.raises(UsageError, match=rf"port {served.port} .*: choose another --port"):
        other.start()
    other.stop()


def test_a_port_that_nobody_asked_for_gives_way_to_any_that_is_free(served: Served, static: Path) -> None:
    other = WebServer(make_parts(), Access(), port=served.port, is_port_firm=False, static=static)
    port = other.start()
    other.stop()
    assert port not in {0, served.port}
    assert other.port == port


def test_an_address_that_is_none_of_this_machine_is_told(static: Path) -> None:
    with pytest.raises(UsageError, match=r"--host nowhere\.invalid is no address"):
        WebServer(make_parts(), Access(host="nowhere.invalid"), port=0, static=static).start()
    with pytest.raises(UsageError, match=r"192\.0\.2\.1"):
        WebServer(make_parts(), Access(host="192.0.2.1"), port=0, static=static).start()


def test_it_is_started_once(served: Served) -> None:
    assert served.server.start() == served.port == served.server.port


def test_it_ends_with_viewers_attached_that_are_told_so(served: Served) -> None:
    served.parts.hub.put(a_picture())
    with served.watch() as watching, served.watch() as silent:
        mjpeg, events = served.stream("/mjpeg"), served.stream("/events")
        watching.recv(PATIENCE)
        mjpeg.readline()
        events.readline()
        served.server.stop()
        assert has_ended(served)
        for each in (watching, silent):
            with contextlib.suppress(ConnectionClosed):
                while each.recv(PATIENCE):
                    pass
            assert each.close_code in (1001, 1012)
        events.close()
        mjpeg.close()


def test_it_ends_with_a_client_that_does_not_take_what_it_asked_for(served: Served) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2400, 4000, 3), np.uint8)
    served.parts.hub.put(a_picture(Frame("test", 1, 100.0, 0.0, noise)))
    with connected(served) as deaf:
        deaf.sendall(
            f"GET /snapshot.jpg HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n\r\n".encode()
        )
        assert deaf.recv(12) == b"HTTP/1.1 200"
        served.server.stop()
        assert has_ended(served)


def test_it_ends_with_a_request_that_never_came(served: Served) -> None:
    with connected(served) as slow:
        slow.sendall(b"GET / HT")
        served.server.stop()
        assert has_ended(served)


def test_it_may_be_stopped_twice_and_before_it_was_started(served: Served, static: Path) -> None:
    served.server.stop()
    served.server.stop()
    WebServer(make_parts(), Access(), port=0, static=static).stop()


def test_a_picture_after_the_end_is_of_no_harm(served: Served) -> None:
    served.server.stop()
    served.parts.hub.put(a_picture())


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: local", b"GET / HTTP/1.1\r\n" * 2])
def test_a_request_that_does_not_come_is_not_waited_for(
    static: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(server_module, "HEADERS_WITHIN", 0.05)
    served = Served(static)
    with connected(served) as slow:
        slow.sendall(said)
        answer = b"".join(iter(lambda: slow.recv(65536), b""))  # ends when the server closes
    assert b"200" not in answer
    served.close()


def test_a_socket_is_waited_for_longer_than_a_request(static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "HEADERS_WITHIN", 0.05)
    served = Served(static)
    with served.watch() as watching:
        with connected(served) as slow:
            slow.recv(1)  # closed: more than 0.05 s have passed
        served.parts.hub.put(a_picture())
        assert watching.recv(PATIENCE)
    served.close()


def test_headers_without_end_are_refused(served: Served) -> None:
    with connected(served) as flooding:
        flooding.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 60_000)
        answer = flooding.recv(65536)
    assert b" 400 " in answer.split(b"\r\n")[0] + b" "


def test_no_log_line_holds_the_token(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    served.ask(f"/?t={served.access.token}", cookie="", origin="")
    served.ask("/", authorization=f"Bearer {served.access.token}")
    with served.watch():
        pass
    own = [each.getMessage() for each in caplog.records if not each.name.startswith(CLIENTS)]
    assert not [line for line in own if served.access.token in line or served.access.cookie in line]


class FakeTransport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.is_lost = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        return self.is_lost

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def close(self) -> None:
        pass


async def test_answers_to_pings_that_nobody_reads_do_not_pile_up() -> None:
    is_open = asyncio.Event()

    async def accepting(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        is_open.set()
        await receive()

    config = server_module._config(accepting, 1000)
    config.load()
    state, transport = ServerState(), FakeTransport()
    frugal = FrugalSocket(config, state, {})
    frugal.connection_made(transport)
    client = ClientProtocol(parse_uri("ws://localhost/live"))
    client.send_request(client.connect())
    frugal.data_received(b"".join(client.data_to_send()))
    await is_open.wait()
    client.receive_data(b"".join(transport.written))
    transport.written.clear()

    def ping() -> int:
        client.send_ping(b"x" * 100)
        frugal.data_received(b"".join(client.data_to_send()))
        return sum(map(len, transport.written))

    frugal.pause_writing()
    assert [ping(), ping()] == [0, 0]
    frugal.resume_writing()
    assert [ping(), ping()] == [102, 204]
    transport.is_lost = True  # what was sent before it went may still be read
    assert ping() == 204
    frugal.connection_lost(None)
    await asyncio.gather(*state.tasks)


def test_a_text_that_is_none_ends_its_connection_alone(served: Served) -> None:
    with served.watch() as broken, served.watch() as watching:
        broken.send(b"\xff\xfe", text=True)
        with pytest.raises(ConnectionClosed):
            broken.recv(PATIENCE)
        assert broken.close_code == 1007
        served.parts.hub.put(a_picture())
        assert watching.recv(PATIENCE)


def test_a_handshake_that_is_none_is_refused_and_its_connection_ended(served: Served) -> None:
    handshake = f"GET /live HTTP/1.1\r\nHost: {served.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
    with connected(served) as odd:
        odd.sendall(f"{handshake}{key}X: {'x' * 9000}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: odd.recv(65536), b""))  # ends when the server closes
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_who_has_no_token_cannot_fill_the_log(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    with connected(served) as garbling:
        garbling.sendall(b"\0\1\2\r\n\r\n")
        assert b" 400 " in garbling.recv(65536)
    assert [each for each in caplog.records if not each.name.startswith(CLIENTS)] == []
