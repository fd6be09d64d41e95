"""The web view's routes. Everything is behind the guard."""

from __future__ import annotations

import asyncio
import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from livecam.dashboard.camera_socket import CameraRoutes
from livecam.dashboard.clip_routes import clip_routes
from livecam.dashboard.guard import Guard
from livecam.dashboard.live_socket import LiveSocket
from livecam.dashboard.message import json_object
from livecam.dashboard.streams import Streams
from livecam.errors import LivecamError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from livecam.dashboard.access import Access
    from livecam.dashboard.parts import DashboardParts

STATIC = Path(__file__).parent / "static"
MOST_BYTES = 4096
"""Of a request's body: a control's value."""
BODY_WITHIN = 5.0
"""Seconds."""


class BodyRefused(Exception):
    """What was sent with a request is not a control's value; the status and why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def build_app(parts: DashboardParts, access: Access, static: Path = STATIC) -> Guard:
    """Return the ASGI application.

    Args:
        parts: what its answers come from.
        access: who may ask.
        static: folder of the page.
    """
    mimetypes.add_type("text/javascript", ".js")  # Windows may know another one, which browsers refuse to run
    streams, controls = Streams(parts), _Controls(parts)
    camera = CameraRoutes(parts)

    async def live(socket: WebSocket) -> None:
        await LiveSocket(socket, parts).serve()

    async def page(_request: Request) -> Response:
        return FileResponse(static / "index.html")

    routes = [
        Route("/", page),
        WebSocketRoute("/live", live),
        WebSocketRoute("/camera", camera.socket),
        Route("/api/camera", camera.state),
        Route("/mjpeg", streams.mjpeg),
        Route("/snapshot.jpg", streams.snapshot),
        Route("/events", streams.events),
        Route("/metrics", streams.metrics),
        Route("/api/controls", controls.read),
        Route("/api/controls/{name}", controls.perform, methods=["POST"]),
        *clip_routes(parts),
        Mount("/", StaticFiles(directory=static, check_dir=False)),
    ]
    return Guard(Starlette(routes=routes), access)


class _Controls:
    """What the page's buttons do."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts

    async def read(self, _request: Request) -> Response:
        return JSONResponse(dict(self._parts.holds()))

    async def perform(self, request: Request) -> Response:
        try:
            value = await value_of(request)
            now = await run_in_threadpool(self._parts.perform, request.path_params["name"], value)
        except BodyRefused as error:
            return _refused(error.status, str(error))
        except LivecamError as error:
            return _refused(422, str(error))
        return JSONResponse({"ok": True, "now": dict(now)})


async def value_of(request: Request) -> Any:  # noqa: ANN401  JSON
    """Return the value that a request sets.

    Raises:
        BodyRefused: it is too large, comes too slowly or not whole, or is no {"value": ...}.
    """
    body = b""
    try:
        async with asyncio.timeout(BODY_WITHIN):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise BodyRefused(413, f"a control's value has at most {MOST_BYTES} bytes")
    except ClientDisconnect as error:
        raise BodyRefused(400, "the value did not come whole; send it again") from error
    except TimeoutError as error:
        raise BodyRefused(408, f"the value did not come within {BODY_WITHIN:.0f} s; send it again") from error
    said = json_object(body)
    if said is None or "value" not in said:
        raise BodyRefused(400, 'a control takes JSON: {"value": ...}')
    return said["value"]


def _refused(status: int, sentence: str) -> Response:
    return JSONResponse({"ok": False, "error": sentence}, status_code=status)
