from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livecam.dashboard.hub import MOST_VIEWERS
from livecam.dashboard.streams import sse
from livecam.events import ClipEnded
from livecam.native import cv2
from tests.builders import a_frame, a_picture
from tests.dashboard.served import PATIENCE

if TYPE_CHECKING:
    import urllib3

    from livecam.pictures import Picture
    from tests.dashboard.served import Served


def unpainted(sequence: int = 1) -> Picture:
    picture = a_picture(a_frame(sequence))
    return type(picture)(picture.frame, (), picture.status, picture.displayed_at)


def event_of(stream: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    """Return the next event's lines by name."""
    lines: dict[str, Any] = {}
    while line := stream.readline().decode().strip():
        name, _, value = line.partition(": ")
        lines[name] = json.loads(value) if name == "data" else value
    return lines


def test_a_snapshot_has_its_labels_drawn_into_it(served: Served) -> None:
    served.parts.hub.put(unpainted())
    answer = served.ask("/snapshot.jpg")
    image = cv2.imdecode(np.frombuffer(answer.data, np.uint8), cv2.IMREAD_COLOR)
    assert answer.headers["content-type"] == "image/jpeg"
    assert image is not None
    assert image.shape == (48, 64, 3)
    assert image.mean() > 250


def test_before_the_first_picture_there_is_no_snapshot(served: Served) -> None:
    answer = served.ask("/snapshot.jpg")
    assert answer.status == 503
    assert b"no picture yet" in answer.data


def test_mjpeg_shows_each_newest_picture(served: Served) -> None:
    served.parts.hub.put(unpainted())
    stream = served.stream("/mjpeg")
    assert stream.headers["content-type"].startswith("multipart/x-mixed-replace; boundary=")
    for sequence in (2, 3):
        assert stream.readline().startswith(b"--livecam-frame")
        assert stream.readline() == b"Content-Type: image/jpeg\r\n"
        length = int(stream.readline().split(b":")[1])
        assert stream.readline() == b"\r\n"
        assert stream.read(length)[:2] == b"\xff\xd8"
        assert stream.readline() == b"\r\n"
        served.parts.hub.put(unpainted(sequence))
    stream.close()


def test_events_tell_what_panels_show_and_what_happened(served: Served) -> None:
    served.parts.feed(ClipEnded(at=1.0, source="test", clip="a"))
    stream = served.stream("/events")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert event_of(stream)["retry"] == "1000"
    happened, panel = event_of(stream), event_of(stream)
    assert (happened["event"], happened["id"], happened["data"]["clip"]) == ("livecam", "1", "a")
    assert (panel["event"], panel["data"]) == ("panel", {"schema": "livecam.panel/1"})
    served.parts.feed(ClipEnded(at=1.0, source="test", clip="b"))
    while (later := event_of(stream))["event"] == "panel":
        pass
    assert later["data"]["clip"] == "b"
    stream.close()


def test_a_page_that_comes_back_is_told_what_it_missed(served: Served) -> None:
    for clip in ("a", "b"):
        served.parts.feed(ClipEnded(at=1.0, source="test", clip=clip))
    stream = served.http.request(
        "GET",
        served.origin + "/events",
        headers={"cookie": served.cookie, "last-event-id": "1"},
        preload_content=False,
    )
    event_of(stream)
    assert event_of(stream)["data"]["clip"] == "b"
    stream.close()


def test_figures_are_told_to_prometheus(served: Served) -> None:
    served.parts.hub.put(unpainted())
    served.parts.metrics.displayed()
    answer = served.ask("/metrics", origin="", cookie="", authorization=f"Bearer {served.access.token}")
    assert answer.headers["content-type"].startswith("text/plain")
    assert b"livecam_frames_displayed_total 1.0" in answer.data


def test_an_event_is_one_line_of_data_whatever_it_holds() -> None:
    assert sse("panel", {"text": "a\nb"}, 3) == b'id: 3\nevent: panel\ndata: {"text":"a\\nb"}\n\n'


def asked(served: Served, request: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", served.port), PATIENCE)
    head = f"{request} HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie}\r\n"
    connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
    return connection


@pytest.mark.parametrize(
    ("path", "kind"), [("/mjpeg", b"multipart/x-mixed-replace"), ("/events", b"text/event-")]
)
def test_who_asks_for_the_head_of_a_stream_gets_no_stream(served: Served, path: str, kind: bytes) -> None:
    with asked(served, f"HEAD {path}") as connection:
        answer = b"".join(iter(lambda: connection.recv(65536), b""))  # ends when the server closes
    assert answer.startswith(b"HTTP/1.1 200")
    assert kind in answer
    assert served.parts.hub.viewers == 0


def test_streams_that_are_asked_for_at_once_have_no_more_seats_than_others(served: Served) -> None:
    streams = [asked(served, "GET /events") for _ in range(MOST_VIEWERS + 4)]
    statuses = [each.recv(12) for each in streams]
    for each in streams:
        each.close()
    assert statuses.count(b"HTTP/1.1 200") == MOST_VIEWERS
    assert statuses.count(b"HTTP/1.1 503") == 4
