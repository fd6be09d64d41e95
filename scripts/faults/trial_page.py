"""What somebody who watches the page is told: a viewer of the panels, and viewers that never read."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import re
import socket
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ADDRESS = re.compile(r"^http://\S+\?t=\S+$", re.MULTILINE)
_DATA = b"data: "


class Page:
    """The page of a run; it is read in a thread until the run ends.

    Args:
        said: file with the run's standard error, where the address is.
    """

    def __init__(self, said: Path) -> None:
        self._said = said
        self._thread: threading.Thread | None = None
        self._before: set[str] = set()
        self.panels = 0
        """That came."""
        self.words: list[tuple[float, str]] = []
        """What was told to be wrong: since when (monotonic seconds), and the sentence."""

    def open(self) -> bool:
        """Begin to read once the address is known; say whether it is."""
        if self._thread is None and _ADDRESS.search(self._said.read_text("utf-8", "replace")):
            self._thread = threading.Thread(target=self._read, daemon=True)
            self._thread.start()
        return self._thread is not None

    def close(self) -> None:
        """Wait until there is no more to be read: livecam has ended."""
        if self._thread is not None:
            self._thread.join()

    def told_since(self, at: float) -> list[str]:
        """Return what was told to be wrong from an instant on."""
        return [text for told_at, text in self.words if told_at >= at]

    @contextlib.contextmanager
    def deaf_viewer(self, path: str) -> Iterator[None]:
        """Ask for `/mjpeg` or `/live`, and never read a byte of what comes."""
        place, headers = self._place()
        if path == "/live":
            key = base64.b64encode(os.urandom(16)).decode()
            headers |= {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key}
            headers |= {"Sec-WebSocket-Version": "13", "Origin": f"http://{place}"}
        lines = [f"GET {path} HTTP/1.1", f"Host: {place}", *(f"{k}: {v}" for k, v in headers.items())]
        host, _, port = place.partition(":")
        with socket.socket() as viewer:
            viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            viewer.connect((host, int(port)))
            viewer.sendall("\r\n".join([*lines, "", ""]).encode())
            yield

    def _place(self) -> tuple[str, dict[str, str]]:
        found = _ADDRESS.search(self._said.read_text("utf-8", "replace"))
        if found is None:
            raise RuntimeError("livecam told no address")
        url = urlsplit(found[0])
        return url.netloc, {"Authorization": f"Bearer {parse_qs(url.query)['t'][0]}"}

    def _read(self) -> None:
        place, headers = self._place()
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(http.client.HTTPConnection(place)) as connection,
        ):
            connection.request("GET", "/events", headers=headers)
            kind = b""
            with connection.getresponse() as answer:
                for line in answer:
                    if line.startswith(b"event: "):
                        kind = line.partition(b" ")[2].strip()
                    elif line.startswith(_DATA) and kind == b"panel":
                        self._note(json.loads(line.removeprefix(_DATA)))

    def _note(self, panel: dict[str, Any]) -> None:
        self.panels += 1
        calls, recording = panel["calls"], panel["recording"]
        pace = None if calls["pace"] is None else f"slowed to {calls['pace']:.1f}/s"
        told = [panel["source"]["notice"], panel["trouble"], panel["cloud"]["message"], recording["trouble"]]
        now = {text for text in [*told, pace] if text}
        self.words += [(panel["at"], text) for text in now - self._before]
        self._before = now
