"""Viewers of the browser view that come and go: a page, an MJPEG player, and one that never reads."""

from __future__ import annotations

import contextlib
import http
import http.client
import json
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from livecam.dashboard.message import split_message

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK = 1 << 16
PATIENCE = 5.0
"""Seconds without a word after which a viewer looks whether it is to leave."""


class Viewers:
    """Lets viewers in and sends them away, each in a thread of its own.

    Args:
        address: what livecam printed: with its token.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._place = parts.netloc
        self._token = parse_qs(parts.query)["t"][0]
        self._leaving: dict[str, threading.Event] = {}
        self._ways = {"page": self._page, "MJPEG viewer": self._player, "viewer never reads": self._sleeper}

    def knows(self, name: str) -> bool:
        """Whether there is such a viewer."""
        return name in self._ways

    def come(self, name: str) -> None:
        """Have a viewer watch."""
        leaving = self._leaving[name] = threading.Event()
        threading.Thread(target=_watching, args=(self._ways[name], leaving), name=name, daemon=True).start()

    def go(self, name: str) -> None:
        """Have it leave."""
        self._leaving.pop(name).set()

    def metrics(self) -> dict[str, float]:
        """Return livecam's own figures by name and labels, as Prometheus reads them.

        Raises:
            OSError: they are not to be had.
        """
        connection = http.client.HTTPConnection(self._place, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics", headers=self._headers)
            answer = connection.getresponse()
            lines = answer.read().decode().splitlines()
            if answer.status != http.HTTPStatus.OK:
                raise OSError(f"/metrics answered {answer.status}")
        told = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in told}

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _page(self, leaving: threading.Event) -> None:
        """Draw, that is acknowledge, every picture at once."""
        with connect(f"ws://{self._place}/live", additional_headers=self._headers, max_size=None) as live:
            while not leaving.is_set():
                with contextlib.suppress(TimeoutError):
                    message = live.recv(PATIENCE)
                    head, _ = split_message(message if isinstance(message, bytes) else message.encode())
                    live.send(json.dumps({"type": "ack", "seq": head["seq"]}))

    def _player(self, leaving: threading.Event) -> None:
        with self._stream() as stream:
            while not leaving.is_set() and stream.recv(CHUNK):
                pass

    def _sleeper(self, leaving: threading.Event) -> None:
        with self._stream():
            leaving.wait()

    def _stream(self) -> socket.socket:
        stream = socket.create_connection(self._address, timeout=PATIENCE)
        head = f"GET /mjpeg HTTP/1.1\r\nHost: {self._place}\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        stream.sendall(head.encode())
        return stream

    @property
    def _address(self) -> tuple[str, int]:
        host, _, port = self._place.rpartition(":")
        return host, int(port)


def _watching(way: Callable[[threading.Event], None], leaving: threading.Event) -> None:
    """Watch, and again when livecam has shown the door, until it is time to leave."""
    while not leaving.is_set():
        with contextlib.suppress(OSError, ConnectionClosed):
            way(leaving)
        leaving.wait(1.0)
