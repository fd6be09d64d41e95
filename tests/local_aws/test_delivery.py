"""Every fault as it is on the wire, seen through a bare socket."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from livecam.local_aws.fault_plan import KINDS, plan_from
from tests.local_aws.clients import answer_from, connected, everything_from, signed_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.local_aws.server import Running


@pytest.fixture
def wire(endpoint: Running) -> Iterator[socket.socket]:
    with connected(endpoint.port) as connection:
        yield connection


def ask(endpoint: Running, wire: socket.socket, kind: str, **plan: object) -> None:
    endpoint.change_faults(plan_from({"faults": [{"kind": kind}], **plan}, "test"))
    wire.sendall(signed_request(endpoint.url))


def outcome_of(endpoint: Running) -> str:
    (entry,) = endpoint.requests()
    return entry.outcome


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [("not-object", 200, b"[1]"), ("empty", 200, b""), ("incomplete", 200, b"{}")],
)
def test_a_body_is_another_than_it_should_be(
    kind: str, status: int, body: bytes, endpoint: Running, wire: socket.socket
) -> None:
    ask(endpoint, wire, kind)
    found_status, headers, found_body = answer_from(wire)
    assert (found_status, found_body, headers["content-length"]) == (status, body, str(len(body)))
    assert outcome_of(endpoint) == kind


def test_a_gateway_says_502_in_html(endpoint: Running, wire: socket.socket) -> None:
    ask(endpoint, wire, "bad-gateway")
    status, headers, body = answer_from(wire)
    assert (status, headers["content-type"]) == (502, "text/html")
    assert b"<html>" in body


def test_malformed_json_is_cut_and_has_the_length_that_it_says(
    endpoint: Running, wire: socket.socket
) -> None:
    ask(endpoint, wire, "malformed")
    status, headers, body = answer_from(wire)
    assert (status, len(body)) == (200, int(headers["content-length"]))
    assert body.startswith(b'{"FaceDetails"')
    with pytest.raises(ValueError, match="line 1"):
        json.loads(body)


def test_a_truncated_answer_is_shorter_than_it_says_and_ends_in_order(
    endpoint: Running, wire: socket.socket
) -> None:
    ask(endpoint, wire, "truncate")
    head, _, body = everything_from(wire).partition(b"\r\n\r\n")  # a reset would raise
    (said,) = [int(line.split()[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length")]
    assert 0 < len(body) < said


def test_a_reset_in_the_body_comes_after_half_of_it(endpoint: Running, wire: socket.socket) -> None:
    ask(endpoint, wire, "reset-body")
    received = wire.recv(65536)
    with pytest.raises(ConnectionResetError):
        everything_from(wire)
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert received.partition(b"\r\n\r\n")[2].startswith(b'{"FaceDetails"')


def test_a_reset_in_the_upload_comes_while_the_client_still_sends(
    endpoint: Running, wire: socket.socket
) -> None:
    endpoint.change_faults(plan_from({"faults": [{"kind": "reset-upload"}]}, "test"))
    request = signed_request(endpoint.url)
    wire.sendall(request[: len(request) * 3 // 4])  # never the rest
    with pytest.raises(ConnectionResetError):
        wire.recv(100)
    (entry,) = endpoint.requests()
    assert (entry.outcome, entry.received_at, entry.status) == ("reset-upload", None, None)


def test_a_server_that_hangs_up_says_nothing(endpoint: Running, wire: socket.socket) -> None:
    ask(endpoint, wire, "hang-up")
    assert everything_from(wire) == b""


def test_garbage_is_not_http(endpoint: Running, wire: socket.socket) -> None:
    ask(endpoint, wire, "garbage")
    received = everything_from(wire)
    assert received
    assert not received.startswith(b"HTTP")


def test_a_stalled_server_is_silent_and_notices_that_the_client_leaves(
    endpoint: Running, wire: socket.socket
) -> None:
    ask(endpoint, wire, "stall")
    wire.settimeout(0.3)
    with pytest.raises(TimeoutError):
        wire.recv(1)
    assert endpoint.requests() == []
    wire.settimeout(5)
    wire.shutdown(socket.SHUT_WR)
    assert everything_from(wire) == b""
    (entry,) = endpoint.requests()
    assert (entry.outcome, entry.answered_at, entry.status) == ("stall", None, None)


@pytest.mark.parametrize(("kind", "whole"), [("drip-head", b""), ("drip-body", b"\r\n\r\n")])
def test_a_dripping_answer_comes_a_byte_at_a_time(
    kind: str, whole: bytes, endpoint: Running, wire: socket.socket
) -> None:
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    ask(endpoint, wire, kind, drip_pause=0.05)
    received = b""
    while whole not in received or not received:
        received += wire.recv(65536)
    pieces = [wire.recv(65536) for _ in range(4)]
    assert max(len(piece) for piece in pieces) < 20  # of some thousand
    assert received.startswith(b"H")


def test_a_dripping_answer_is_whole_in_the_end(endpoint: Running, wire: socket.socket) -> None:
    ask(endpoint, wire, "drip-body", drip_pause=0)
    status, _, body = answer_from(wire)
    assert status == 200
    assert json.loads(body)["FaceDetails"]


def test_a_drip_ends_when_the_client_leaves(endpoint: Running) -> None:
    with connected(endpoint.port) as wire:
        ask(endpoint, wire, "drip-head", drip_pause=0.01)
        wire.recv(1)
    with connected(endpoint.port) as wire:
        ask(endpoint, wire, "empty")
        assert answer_from(wire)[0] == 200


def test_every_kind_of_fault_is_tried_in_this_file() -> None:
    with open(__file__, encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    assert [kind for kind in KINDS if f'"{kind}"' not in text and kind != "error"] == []
