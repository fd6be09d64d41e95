"""A server with fakes behind it, and what a browser of its own page says to it."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import urllib3
from websockets.sync.client import ClientConnection, connect

from livecam.clock import SystemClock
from livecam.dashboard.access import Access, cookie_name
from livecam.dashboard.feed import EventFeed
from livecam.dashboard.hub import Hub
from livecam.dashboard.metrics import Metrics
from livecam.dashboard.parts import DashboardParts
from livecam.dashboard.server import WebServer
from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from livecam.dashboard.clips import ClipShelf
    from livecam.frames import Image
    from livecam.pictures import Picture
    from livecam.sources.browser_camera import BrowserCamera

PATIENCE = 20.0
"""Seconds after which a test gives up."""


class WhitePainter:
    def __init__(self) -> None:
        self.painted = 0

    def paint(self, picture: Picture) -> Image:
        self.painted += 1
        return np.full_like(picture.frame.image, 255)


@dataclass
class FakeControls:
    said: list[tuple[str, Any]] = field(default_factory=list)

    def perform(self, name: str, value: object) -> Mapping[str, Any]:
        self.said.append((name, value))
        if name != "record":
            raise UsageError(f"there is no control {name}")
        return {"record": value}

    def holds(self) -> Mapping[str, Any]:
        return {"record": False}


def make_parts(controls: FakeControls | None = None, *, mirror: bool = False) -> DashboardParts:
    controls = controls or FakeControls()
    return DashboardParts(
        clock=SystemClock(),
        hub=Hub(WhitePainter()),
        feed=EventFeed(),
        metrics=Metrics(),
        panel=lambda: {"schema": "livecam.panel/1"},
        perform=controls.perform,
        holds=controls.holds,
        mirror=lambda: mirror,
    )


class Served:
    """A server that runs, and its page's browser."""

    def __init__(
        self,
        static: Path,
        *,
        mirror: bool = False,
        clips: ClipShelf | None = None,
        camera: BrowserCamera | None = None,
    ) -> None:
        self.controls = FakeControls()
        self.parts = replace(make_parts(self.controls, mirror=mirror), clips=clips, camera=camera)
        self.access = Access()
        self.server = WebServer(self.parts, self.access, port=0, static=static)
        self.port = self.server.start()
        self.host = f"127.0.0.1:{self.port}"
        self.origin = f"http://{self.host}"
        self.http = urllib3.PoolManager(retries=False, timeout=PATIENCE)

    @property
    def cookie(self) -> str:
        return f"{cookie_name(self.host)}={self.access.cookie}"

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """Ask as the page does; a header can be set to another value, or to "" for none."""
        usual = {"cookie": self.cookie, "origin": self.origin}
        sent = {name.replace("_", "-"): value for name, value in (usual | headers).items() if value}
        return self.http.request(
            method, self.origin + path, body=body, headers=sent, redirect=False, preload_content=True
        )

    def stream(self, path: str) -> urllib3.BaseHTTPResponse:
        return self.http.request(
            "GET", self.origin + path, headers={"cookie": self.cookie}, preload_content=False
        )

    def watch(self, path: str = "/live", **headers: str) -> ClientConnection:
        """Open a socket as the page does; headers as with `ask`."""
        usual = {"cookie": self.cookie}
        host = headers.pop("host", self.host)
        origin = headers.pop("origin", f"http://{host}")
        sent = {name.replace("_", "-"): value for name, value in (usual | headers).items() if value}
        return connect(
            f"ws://{host}{path}",
            sock=socket.create_connection(("127.0.0.1", self.port), PATIENCE),
            origin=origin or None,  # type: ignore[arg-type]
            additional_headers=sent,
            open_timeout=PATIENCE,
            close_timeout=PATIENCE,
            compression=None,
            proxy=None,
        )

    def close(self) -> None:
        self.http.clear()
        self.server.stop()
