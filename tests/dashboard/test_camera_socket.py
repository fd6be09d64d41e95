"""A page's camera over its socket: who may send, what is taken, and what ends it."""

from __future__ import annotations

import contextlib
import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from livecam.clock import SystemClock
from livecam.dashboard.camera_socket import (
    LARGEST_PICTURE,
    LONGEST_HEAD,
    NO_SUCH_SOURCE,
    TAKEN_OVER,
    PictureRefused,
    split_picture,
)
from livecam.dashboard.hub import MOST_VIEWERS
from livecam.dashboard.live_socket import GOING_AWAY, MOST_STRAYS, POLICY_VIOLATION, TRY_LATER
from livecam.native import cv2
from livecam.sources.browser_camera import BrowserCamera
from livecam.testing.recording_slot import RecordingSlot
from tests.dashboard.served import PATIENCE, Served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

TOO_BIG = 1009
"""The protocol's own code."""


class Run:
    """A run whose source is a page's camera."""

    def __init__(self, static: Path) -> None:
        self.slot = RecordingSlot()
        self.is_recorded = False
        self.camera = BrowserCamera(
            clock=SystemClock(), publish=lambda _: None, wants_all=lambda: self.is_recorded
        )
        self.camera.open()
        self.camera.start(self.slot)
        self.served = Served(static, camera=self.camera)

    def page(self) -> ClientConnection:
        return self.served.watch("/camera")

    def close(self) -> None:
        self.served.close()
        self.camera.close()


@pytest.fixture
def run(static: Path) -> Iterator[Run]:
    running = Run(static)
    yield running
    running.close()


def a_jpeg(width: int = 64, height: int = 48, level: int = 90) -> bytes:
    return bytes(cv2.imencode(".jpg", np.full((height, width, 3), level, np.uint8))[1].tobytes())


def a_message(jpeg: bytes | None = None, **head: object) -> bytes:
    said = json.dumps({"captured_ms": 1234.5, "width": 64, "height": 48} | head).encode()
    return struct.pack(">I", len(said)) + said + (a_jpeg() if jpeg is None else jpeg)


def use(socket: ClientConnection, page: str = "one", *, take_over: bool = False) -> dict[str, Any]:
    socket.send(json.dumps({"type": "use", "page": page, "take_over": take_over}))
    return said_by(socket)


def said_by(socket: ClientConnection) -> dict[str, Any]:
    message = json.loads(socket.recv(PATIENCE))
    assert isinstance(message, dict)
    return message


def closing(socket: ClientConnection) -> tuple[int | None, str | None]:
    with contextlib.suppress(ConnectionClosed):
        while socket.recv(PATIENCE):
            pass
    return socket.close_code, socket.close_reason


def test_a_page_is_told_what_to_send_and_each_picture_is_answered(run: Run) -> None:
    with run.page() as socket:
        assert use(socket) == {"type": "wish", "credits": 2, "width": 960, "fps": 15.0}
        for level in (50, 200):
            socket.send(a_message(a_jpeg(level=level)))
            assert said_by(socket) == {"type": "taken"}
    assert [
        abs(int(frame.image.mean()) - level) < 3
        for frame, level in zip(run.slot.frames, (50, 200), strict=True)
    ]
    assert [frame.sequence for frame in run.slot.frames] == [0, 1]


def test_a_new_wish_is_told_with_the_next_picture(run: Run) -> None:
    with run.page() as socket:
        use(socket)
        run.is_recorded = True
        socket.send(a_message())
        assert said_by(socket) == {"type": "wish", "credits": 2, "width": 960, "fps": 30.0}
        assert said_by(socket) == {"type": "taken"}


def test_another_page_is_told_that_it_is_busy_and_may_take_over(run: Run) -> None:
    with run.page() as first, run.page() as second:
        use(first, "one")
        assert use(second, "two") == {"type": "busy"}
        assert use(second, "two", take_over=True)["type"] == "wish"
        assert closing(first) == (TAKEN_OVER, "another page lends its camera now")
        second.send(a_message())
        assert said_by(second) == {"type": "taken"}
    assert len(run.slot.frames) == 1


def test_a_page_that_goes_leaves_the_place_free(run: Run) -> None:
    with run.page() as first:
        use(first)
        assert run.camera.is_lent
    with run.page() as second:
        while use(second, "two")["type"] != "wish":  # until its going has been seen
            pass


def test_whether_the_source_is_a_camera_can_be_asked(run: Run, static: Path) -> None:
    assert json.loads(run.served.ask("/api/camera").data) == {
        "is_source": True,
        "is_lent": False,
        "capture": {"width": 1280, "height": 720, "fps": 30.0},
    }
    other = Served(static)
    assert json.loads(other.ask("/api/camera").data) == {"is_source": False}
    with other.watch("/camera") as socket:
        assert closing(socket)[0] == NO_SUCH_SOURCE
    other.close()


@pytest.mark.parametrize("headers", [{"cookie": ""}, {"origin": "http://evil.example"}, {"origin": ""}])
def test_it_is_behind_the_guard(run: Run, headers: dict[str, str]) -> None:
    with pytest.raises(Exception, match="403"):
        run.served.watch("/camera", **headers)
    assert run.served.ask("/api/camera", cookie="").status == 403


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "too short or too long"),
        (b"\x00\x00", "too short or too long"),
        (struct.pack(">I", LONGEST_HEAD + 1) + b"{}", "too short or too long"),
        (struct.pack(">I", 2) + b"[]" + a_jpeg(), "does not say how large"),
        (struct.pack(">I", 9) + b"{", "does not say how large"),
        (a_message(captured_ms=None), "does not say when"),
        (a_message(captured_ms=10**400), "does not say when"),
        (a_message(captured_ms=float("nan")), "does not say when"),
        (a_message(width="64"), "does not say how large"),
        (a_message(width=65), "another size than was said"),
        (a_message(b"GIF89a"), "is no JPEG"),
        (a_message(a_jpeg(2000, 40), width=2000, height=40), "2000x40 pixels"),
        (a_message(a_jpeg() + bytes(2_000_000)), "bytes, and 2000000 are the most"),
    ],
)
def test_what_is_no_picture_ends_it_with_a_sentence(run: Run, message: bytes, reason: str) -> None:
    with run.page() as socket:
        use(socket)
        socket.send(message)
        code, said = closing(socket)
    assert code == POLICY_VIOLATION
    assert reason in str(said)
    assert run.slot.frames == []


def test_a_message_beyond_all_bounds_is_not_read_to_its_end(run: Run) -> None:
    with run.page() as socket:
        use(socket)
        with contextlib.suppress(ConnectionClosed):
            socket.send(bytes(LARGEST_PICTURE + 1))
        assert closing(socket)[0] == TOO_BIG
    with pytest.raises(PictureRefused):
        split_picture(bytes(LARGEST_PICTURE + 1))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"type": "dance"}', "x" * 2000, "[" * 900])
def test_what_a_page_does_not_say_ends_it(run: Run, text: str) -> None:
    with run.page() as socket:
        socket.send(text)
        assert closing(socket)[0] == POLICY_VIOLATION


def test_too_much_said_ends_it(run: Run) -> None:
    with run.page() as socket:
        use(socket)
        with contextlib.suppress(ConnectionClosed):
            for _ in range(MOST_STRAYS + 10):
                socket.send('{"type": "hidden", "value": false}')
        assert closing(socket)[0] == POLICY_VIOLATION


def test_a_picture_of_a_page_that_is_not_the_camera_is_refused(run: Run) -> None:
    with run.page() as first, run.page() as second:
        use(first)
        use(second, "two")
        second.send(a_message())
        assert closing(second)[0] == POLICY_VIOLATION
        first.send(a_message())
        assert said_by(first) == {"type": "taken"}


def test_a_page_in_the_background_is_noted(run: Run) -> None:
    with run.page() as socket:
        socket.send('{"type": "hidden", "value": true}')  # before it is the camera: nothing
        use(socket)
        socket.send('{"type": "hidden", "value": true}')
        socket.send(a_message())
        assert said_by(socket) == {"type": "taken"}


def test_it_takes_a_viewers_place(run: Run) -> None:
    run.served.parts.hub.viewers = MOST_VIEWERS
    with run.page() as socket:
        assert closing(socket) == (TRY_LATER, "too many viewers")
    run.served.parts.hub.viewers = 0


def test_it_ends_with_the_server(run: Run) -> None:
    with run.page() as socket:
        use(socket)
        run.served.server.stop()
        assert closing(socket)[0] == GOING_AWAY
    assert not run.camera.is_lent
