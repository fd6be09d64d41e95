from __future__ import annotations

import asyncio
import errno
from typing import TYPE_CHECKING

import pytest

from livecam.local_aws import connection
from livecam.local_aws.app import LARGEST_BODY, LARGEST_JSON
from livecam.local_aws.connection import LARGEST_HEAD, Connection
from livecam.local_aws.fault_plan import plan_from
from livecam.local_aws.http_messages import Response
from livecam.testing.clock import FakeClock
from tests.local_aws.clients import answer_from, connected, everything_from, signed_request

if TYPE_CHECKING:
    from livecam.local_aws.server import Running

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
FOR_REKOGNITION = b"X-Amz-Target: RekognitionService.DetectFaces\r\n"


def test_a_connection_serves_one_request_after_another(endpoint: Running) -> None:
    with connected(endpoint.port) as wire:
        for _ in range(3):
            wire.sendall(signed_request(endpoint.url))
            assert answer_from(wire)[0] == 200


def test_requests_may_be_sent_before_the_answers_have_come(endpoint: Running) -> None:
    with connected(endpoint.port) as wire:
        wire.sendall(
            signed_request(endpoint.url) + signed_request(endpoint.url, headers={"Connection": "close"})
        )
        assert everything_from(wire).count(b"HTTP/1.1 200 OK") == 2


def test_a_client_that_asks_first_is_told_to_go_on(endpoint: Running) -> None:
    head, _, body = signed_request(endpoint.url, headers={"Expect": "100-continue"}).partition(b"\r\n\r\n")
    with connected(endpoint.port) as wire:
        wire.sendall(head + b"\r\n\r\n")
        assert wire.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.sendall(body)
        assert answer_from(wire)[0] == 200


def test_a_body_may_come_in_chunks(endpoint: Running) -> None:
    head, _, body = signed_request(
        endpoint.url, headers={"Transfer-Encoding": "chunked", "Content-Length": "0"}
    ).partition(b"\r\n\r\n")
    head = head.replace(b"Content-Length: 0\r\n", b"")
    chunks = b"".join(b"%x;note\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:]))
    with connected(endpoint.port) as wire:
        wire.sendall(head + b"\r\n\r\n" + chunks + b"0\r\nTrailer: x\r\n\r\n")
        assert answer_from(wire)[0] == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        HEAD + b"Content-Length: many\r\n\r\n",
        HEAD + b"Content-Length: -5\r\n\r\n",
        HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nhello\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 200_000,
        b"GET / HTTP/1.1\r\nA: " + b"a" * (LARGEST_HEAD + 200),
    ],
)
def test_what_is_not_http_gets_400_and_the_end(sent: bytes, endpoint: Running) -> None:
    with connected(endpoint.port) as wire:
        wire.sendall(sent)
        assert wire.recv(65536).startswith(b"HTTP/1.1 400 ")
        assert everything_from(wire) == b""


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1),
        HEAD + CHUNKED + b"%x\r\n" % (LARGEST_BODY + 1),
        HEAD + CHUNKED + b"1\r\na\r\n%x\r\n" % LARGEST_BODY,
        HEAD + CHUNKED + b"0\r\n" + b"A: 1\r\n" * LARGEST_HEAD,
        HEAD + FOR_REKOGNITION + b"Content-Length: %d\r\n\r\n" % (LARGEST_JSON + 1),
        HEAD.replace(b"/ ", b"/_livecam/faults ") + b"Content-Length: %d\r\n\r\n" % (LARGEST_JSON + 1),
    ],
)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(sent: bytes, endpoint: Running) -> None:
    with connected(endpoint.port) as wire:
        wire.sendall(sent)
        assert everything_from(wire).startswith(b"HTTP/1.1 413 ")
    assert {entry.outcome for entry in endpoint.requests()} <= {"HTTP 413"}


@pytest.mark.parametrize("rest", [b"Content-Length: 9\r\n\r\nhello", CHUNKED + b"9\r\nhello", CHUNKED + b"9"])
def test_a_client_that_pauses_too_long_in_a_body_is_told_and_the_connection_ends(
    rest: bytes, endpoint: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BODY_PATIENCE", 0.02)
    with connected(endpoint.port) as wire:
        wire.sendall(HEAD + rest)
        assert everything_from(wire).startswith(b"HTTP/1.1 408 ")
    assert [entry.outcome for entry in endpoint.requests()] == ["HTTP 408"]


class _GoneClient(asyncio.StreamWriter):
    """Its client has reset the connection just now."""

    def __init__(self) -> None:
        self.written = b""

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    async def drain(self) -> None:
        pass

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    def __del__(self) -> None:
        """Leave what was never opened."""


async def test_a_client_that_goes_while_it_is_refused_is_no_failure() -> None:
    reader, writer = asyncio.StreamReader(), _GoneClient()
    reader.feed_eof()
    await Connection(reader, writer, FakeClock()).send_last(Response(400, b"no"))
    assert writer.written.startswith(b"HTTP/1.1 400 ")


def test_a_client_that_leaves_in_the_middle_does_no_harm_and_is_recorded(endpoint: Running) -> None:
    with connected(endpoint.port) as wire:
        wire.sendall(signed_request(endpoint.url)[:-10])
    with connected(endpoint.port) as wire:
        wire.sendall(signed_request(endpoint.url))
        assert answer_from(wire)[0] == 200
    assert sorted(entry.outcome for entry in endpoint.requests()) == ["client left", "ok"]


def test_a_slow_uplink_takes_a_body_in_at_its_rate(endpoint: Running) -> None:
    request = signed_request(endpoint.url)
    size = len(request.partition(b"\r\n\r\n")[2])
    endpoint.change_faults(plan_from({"uplink": size / 0.2}, "test"))
    with connected(endpoint.port) as wire:
        wire.sendall(request)
        assert answer_from(wire)[0] == 200
    (entry,) = endpoint.requests()
    assert entry.received_at is not None
    assert entry.received_at - entry.arrived_at >= 0.2
