"""What other programs read: `/mjpeg`, `/snapshot.jpg`, `/events` and `/metrics`."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response, StreamingResponse

from livecam.dashboard.credit import Rendition
from livecam.dashboard.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from livecam.dashboard.hub import Hub
    from livecam.dashboard.parts import DashboardParts

STREAMED = Rendition(1280, 80)
SNAPSHOT = Rendition(8192, 90)
PANEL_EVERY = 0.5
"""Seconds."""
BOUNDARY = "livecam-frame"
NO_PICTURE = PlainTextResponse("there is no picture yet: try again in a moment\n", status_code=503)
TOO_MANY = PlainTextResponse("too many viewers: close one first\n", status_code=503)


class Streams:
    """The routes; each takes a request and returns its answer."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts

    async def snapshot(self, _request: Request) -> Response:
        """Return the newest picture with its labels, as JPEG."""
        shot = self._parts.hub.latest()
        if shot is None:
            return NO_PICTURE
        return Response(await self._parts.hub.painted_jpeg(shot, SNAPSHOT), media_type="image/jpeg")

    async def metrics(self, _request: Request) -> Response:
        """Return the run's figures for Prometheus."""
        hub = self._parts.hub
        shot = hub.latest()
        text = self._parts.metrics.exposition(shot.picture if shot else None, hub.viewers)
        return Response(text, headers={"Content-Type": CONTENT_TYPE})

    async def mjpeg(self, _request: Request) -> Response:
        """Return pictures with their labels without an end; on a slow link they come late."""
        media_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        return SeatedStream(self._parts.hub, self._parts_of_mjpeg(), media_type)

    async def events(self, request: Request) -> Response:
        """Return what panels show and what happens, as server-sent events."""
        last = request.headers.get("last-event-id", "")
        number = int(last) if last.isascii() and last.isdigit() and len(last) <= 18 else 0  # noqa: PLR2004
        return SeatedStream(self._parts.hub, self._server_sent(number), "text/event-stream")

    async def _parts_of_mjpeg(self) -> AsyncIterator[bytes]:
        hub = self._parts.hub
        async for shot in hub.shots():
            jpeg = await hub.painted_jpeg(shot, STREAMED)
            head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            yield head.encode() + jpeg + b"\r\n"

    async def _server_sent(self, number: int) -> AsyncIterator[bytes]:
        closing = self._parts.hub.closing
        yield b": livecam\nretry: 1000\n\n"
        while not closing.is_set():
            for number, record in self._parts.feed.after(number):  # noqa: B020, PLR1704  goes on from the last
                yield sse("livecam", record, number)
            yield sse("panel", self._parts.panel())  # twice a second: no other keep-alive is needed
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(closing.wait(), PANEL_EVERY)


class SeatedStream(StreamingResponse):
    """A stream that holds a viewer's seat for as long as it lasts; there is none where all are taken.

    Args:
        hub: whose seats.
        content: what is streamed.
        media_type: of it.
    """

    def __init__(self, hub: Hub, content: AsyncIterator[bytes], media_type: str) -> None:
        super().__init__(content, media_type=media_type)
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream; to who asks for the head alone (HEAD), say nothing more."""
        with self._hub.seat() as is_free:
            if not is_free:
                await TOO_MANY(scope, receive, send)
            elif scope["method"] == "HEAD":
                await Response(media_type=self.media_type)(scope, receive, send)
            else:
                await super().__call__(scope, receive, send)


def sse(name: str, value: Mapping[str, Any], number: int | None = None) -> bytes:
    """Return a server-sent event; JSON holds no line break, so that it is one line of data."""
    identity = "" if number is None else f"id: {number}\n"
    return f"{identity}event: {name}\ndata: {json.dumps(value, separators=(',', ':'))}\n\n".encode()
