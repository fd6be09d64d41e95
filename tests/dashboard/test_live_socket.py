from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed

from livecam.dashboard.hub import MOST_VIEWERS
from livecam.dashboard.live_socket import MOST_STRAYS
from livecam.dashboard.message import split_message
from tests.builders import a_frame, a_label, a_picture
from tests.dashboard.served import PATIENCE, Served

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.sync.client import ClientConnection

SOON = 0.05
"""Seconds in which nothing is to come; a machine that is slow can only let a test pass."""


def put(served: Served, sequence: int, *, width: int = 64) -> None:
    served.parts.hub.put(a_picture(a_frame(sequence, width=width, height=width // 2), a_label()))


def next_of(socket: ClientConnection) -> tuple[dict[str, Any], bytes]:
    message = socket.recv(PATIENCE)
    assert isinstance(message, bytes)
    return split_message(message)


def say(socket: ClientConnection, **said: object) -> None:
    socket.send(json.dumps(said))


def closing_code(socket: ClientConnection) -> int | None:
    with contextlib.suppress(ConnectionClosed):
        while socket.recv(PATIENCE):
            pass
    return socket.close_code


def test_the_newest_picture_comes_with_what_is_said_about_it(served: Served) -> None:
    put(served, 4)
    with served.watch() as socket:
        head, jpeg = next_of(socket)
    assert (head["seq"], head["frame"], len(head["faces"])) == (1, 4, 1)
    assert head["mirror"] is False
    assert jpeg[:2] == b"\xff\xd8"


def shown_until(served: Served, socket: ClientConnection, *, has_picture: bool) -> dict[str, Any]:
    """Show pictures until what was said last is heeded; return what was said of that one."""
    for number in range(1000):
        put(served, number)
        head, jpeg = next_of(socket)
        say(socket, type="ack", seq=head["seq"])
        if (jpeg[:2] == b"\xff\xd8") == has_picture:
            return head
    raise AssertionError("it was not heeded")


def test_a_page_that_wants_no_picture_is_told_of_faces_all_the_same(served: Served) -> None:
    with served.watch() as socket:
        say(socket, type="want", width=0)
        assert len(shown_until(served, socket, has_picture=False)["faces"]) == 1
        encoded = served.parts.hub.encoded
        shown_until(served, socket, has_picture=False)
        assert served.parts.hub.encoded == encoded
        say(socket, type="want", width=640)
        shown_until(served, socket, has_picture=True)


def test_a_mirrored_view_is_told_to_be_one(static: Path) -> None:
    served = Served(static, mirror=True)
    put(served, 1)
    with served.watch() as socket:
        assert next_of(socket)[0]["mirror"] is True
    served.close()


def test_no_third_picture_comes_before_one_is_acknowledged_and_then_it_is_the_newest(served: Served) -> None:
    put(served, 1)
    with served.watch() as socket:
        next_of(socket)
        put(served, 2)
        next_of(socket)
        for sequence in range(3, 50):
            put(served, sequence)
        with pytest.raises(TimeoutError):
            socket.recv(SOON)
        encoded = served.parts.hub.encoded
        say(socket, type="ack", seq=1, drawn_at_ms=12.5)
        assert next_of(socket)[0]["frame"] == 49
    assert encoded == 2  # what nobody had room for was not encoded
    assert served.parts.hub.encoded == 3


def test_a_viewer_that_says_nothing_does_not_hold_up_another(served: Served) -> None:
    put(served, 0)
    with served.watch() as silent, served.watch() as lively:
        assert next_of(silent)[0]["frame"] == 0
        for sequence in range(1, 30):
            head, _ = next_of(lively)
            say(lively, type="ack", seq=head["seq"])
            put(served, sequence)
        assert head["frame"] == 28


def test_viewers_share_one_encoding(served: Served) -> None:
    put(served, 1)
    with served.watch() as one, served.watch() as other:
        assert next_of(one)[1] == next_of(other)[1]
    assert served.parts.hub.encoded == 1


def test_a_small_page_gets_a_small_picture(served: Served) -> None:
    with served.watch() as socket:
        say(socket, type="want", width=390)
        say(socket, type="ack", seq=99)
        put(served, 1, width=1600)
        head, _ = next_of(socket)
        say(socket, type="ack", seq=1)
        put(served, 2, width=1600)
        _, jpeg = next_of(socket)
    assert head["width"] == 1600
    assert (640).to_bytes(2, "big") in jpeg[:1000]  # SOF0: height, width


@pytest.mark.parametrize(
    "said",
    ["", "no JSON", "[]", '"ack"', "{}", '{"type": "quit"}', '{"type": []}', "[" * 900, " " * 1001, b"ack"],
)  # fmt: skip
def test_what_no_page_of_ours_says_ends_the_socket(served: Served, said: str | bytes) -> None:
    with served.watch() as socket:
        socket.send(said)
        assert closing_code(socket) == 1008


def test_a_message_that_is_too_large_is_not_even_read(served: Served) -> None:
    with served.watch() as socket:
        socket.send("x" * 70_000)
        assert closing_code(socket) == 1009


def test_a_flood_of_acknowledgements_ends_the_socket_and_brings_no_picture(served: Served) -> None:
    put(served, 1)
    with served.watch() as socket:
        next_of(socket)
        with contextlib.suppress(ConnectionClosed):
            for _ in range(10 * MOST_STRAYS):
                say(socket, type="ack", seq=123_456)
        assert closing_code(socket) == 1008
    assert served.parts.hub.encoded == 1


@pytest.mark.parametrize("width", [0, -1, 1e12, "wide", None])
def test_a_width_that_is_none_changes_nothing(served: Served, width: object) -> None:
    with served.watch() as socket:
        say(socket, type="want", width=width)
        put(served, 1)
        assert next_of(socket)[0]["frame"] == 1


def test_there_are_only_so_many_viewers(served: Served) -> None:
    put(served, 1)
    with contextlib.ExitStack() as watching:
        for _ in range(MOST_VIEWERS):
            next_of(watching.enter_context(served.watch()))
        with served.watch() as one_more:
            assert closing_code(one_more) == 1013


def test_a_viewer_that_leaves_gives_its_place_back(served: Served) -> None:
    put(served, 1)
    for _ in range(MOST_VIEWERS + 3):
        with served.watch() as socket:
            next_of(socket)
