"""`/camera`: a page's camera as the run's source.

The page says {"type": "use", "page": ID, "take_over": false} and is answered {"type": "busy"}, or
{"type": "wish", "width", "fps", "credits"}: what to send, told again whenever it changes. Then it sends
u32 big-endian length | JSON {"captured_ms", "width", "height"} | JPEG, over and over. Each is answered
{"type": "taken"} once it is taken in; the page has at most `credits` of them unanswered. {"type": "hidden",
"value": true} says that it went to the background.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import struct
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.websockets import WebSocketDisconnect, WebSocketState

from livecam.dashboard.live_socket import (
    GOING_AWAY,
    LONGEST_MESSAGE,
    MOST_STRAYS,
    POLICY_VIOLATION,
    TRY_LATER,
)
from livecam.dashboard.message import json_object
from livecam.errors import SourceFailed
from livecam.sources.uploaded_picture import MOST_BYTES, decoded

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    from livecam.dashboard.parts import DashboardParts
    from livecam.sources.browser_camera import BrowserCamera, Lender, Wish

CREDITS = 2
MOST_MS = 1e12
"""Milliseconds since a page was opened: thirty years."""
LONGEST_HEAD = 1000
"""Bytes of a picture's JSON."""
LARGEST_PICTURE = 4 + LONGEST_HEAD + MOST_BYTES
TAKEN_OVER = 4000
"""The close code that tells a page that another one is the camera now; from 4000 on they are ours."""
NO_SUCH_SOURCE = 4001


class PictureRefused(Exception):
    """What a page sent is no picture of ours; the sentence goes to the page."""


class CameraSocket:
    """One page that lends its camera, or would."""

    def __init__(self, socket: WebSocket, parts: DashboardParts, camera: BrowserCamera) -> None:
        self._socket = socket
        self._parts = parts
        self._camera = camera
        self._lender: Lender | None = None
        self._replaced = asyncio.Event()
        self._wished: Wish | None = None
        self._strays = 0

    async def serve(self) -> None:
        """Take in pictures until the page or the server ends, or another page takes over."""
        await self._socket.accept()
        with self._parts.hub.seat() as is_free:
            if not is_free:
                await self._close(TRY_LATER, "too many viewers")
                return
            try:
                code, reason = await self._until_over()
            finally:
                if self._lender is not None:
                    self._camera.give_back(self._lender)
            await self._close(code, reason)

    async def _until_over(self) -> tuple[int, str]:
        """Return the code to close with, and why."""
        listening = asyncio.create_task(self._listen())
        replaced = asyncio.create_task(self._replaced.wait())
        closing = asyncio.create_task(self._parts.hub.closing.wait())
        tasks = (listening, replaced, closing)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._replaced.is_set():
            return TAKEN_OVER, "another page lends its camera now"
        error = None if listening.cancelled() else listening.exception()
        if isinstance(error, PictureRefused | SourceFailed):
            return POLICY_VIOLATION, str(error)
        if error is not None and not isinstance(error, WebSocketDisconnect):
            raise error
        return GOING_AWAY, ""

    async def _listen(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("bytes") is not None:
                await self._take(message["bytes"])
            else:
                await self._note(message.get("text") or "")

    async def _take(self, message: bytes) -> None:
        """Deliver a picture, and let the page send the next.

        Raises:
            PictureRefused, SourceFailed: it is none that can be used.
        """
        arrived = self._parts.clock.now()
        if self._lender is None:
            raise PictureRefused("a picture came before this page was the camera")
        captured, size, jpeg = split_picture(message)
        image = await run_in_threadpool(decoded, jpeg)
        if (image.shape[1], image.shape[0]) != size:
            raise PictureRefused("a picture has another size than was said of it")
        self._camera.take(self._lender, image, captured=captured, arrived=arrived)
        self._strays = max(0, self._strays - 1)
        await self._wish()
        await self._say(type="taken")

    async def _note(self, text: str) -> None:
        """Take in what the page says.

        Raises:
            PictureRefused: it is none of what a page says, or too much of it.
        """
        self._strays += 1
        said = json_object(text) if len(text) <= LONGEST_MESSAGE else None
        if said is None or self._strays > MOST_STRAYS:
            raise PictureRefused("the page said what livecam does not understand")
        match said.get("type"):
            case "use":
                await self._use(str(said.get("page")), takes_over=said.get("take_over") is True)
            case "hidden" if self._lender is not None:
                self._camera.hide(self._lender, is_hidden=said.get("value") is True)
            case "hidden":
                pass
            case _:
                raise PictureRefused("the page said what livecam does not understand")

    async def _use(self, page: str, *, takes_over: bool) -> None:
        if self._lender is None:
            # Both pages' sockets live on one event loop, so that an event of asyncio will do.
            self._lender = self._camera.lend(page, self._replaced.set, takes_over=takes_over)
        if self._lender is None:
            await self._say(type="busy")
        else:
            await self._wish()

    async def _wish(self) -> None:
        """Tell the page what to send, where that has changed."""
        wish = self._camera.wish
        if wish != self._wished:
            self._wished = wish
            await self._say(type="wish", credits=CREDITS, **dataclasses.asdict(wish))

    async def _say(self, **said: object) -> None:
        await self._socket.send_text(json.dumps(said))

    async def _close(self, code: int, reason: str) -> None:
        if self._socket.client_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it has gone meanwhile
                await self._socket.close(code, reason)


class CameraRoutes:
    """The routes of a page's camera; both are there whatever the source is."""

    def __init__(self, parts: DashboardParts) -> None:
        self._parts = parts

    async def socket(self, socket: WebSocket) -> None:
        """Serve a page that lends its camera."""
        if self._parts.camera is None:
            await socket.accept()
            await socket.close(NO_SUCH_SOURCE, "this run has another source than a browser's camera")
            return
        await CameraSocket(socket, self._parts, self._parts.camera).serve()

    async def state(self, _request: Request) -> Response:
        """Return whether a page's camera is the source, whether one lends it, and what to ask it for."""
        camera = self._parts.camera
        if camera is None:
            return JSONResponse({"is_source": False})
        width, height, fps = camera.capture
        capture = {"width": width, "height": height, "fps": fps}
        return JSONResponse({"is_source": True, "is_lent": camera.is_lent, "capture": capture})


def split_picture(message: bytes) -> tuple[float, tuple[int, int], bytes]:
    """Return when a picture was captured (seconds of the page's clock), its width and height, and its JPEG.

    Raises:
        PictureRefused: the message is not made like that.
    """
    length = struct.unpack_from(">I", message)[0] if len(message) >= 4 else LONGEST_HEAD + 1  # noqa: PLR2004
    if length > LONGEST_HEAD or len(message) > LARGEST_PICTURE:
        raise PictureRefused("a picture's message is too short or too long")
    head = json_object(message[4 : 4 + length])
    captured, width, height = (head or {}).get("captured_ms"), *_size(head or {})
    # Compared, since a number may be too large to become a float; NaN is within nothing.
    if not isinstance(captured, int | float) or not -MOST_MS < captured < MOST_MS:
        raise PictureRefused("a picture's message does not say when it was captured")
    return captured / 1000, (width, height), message[4 + length :]


def _size(head: dict[str, Any]) -> tuple[int, int]:
    width, height = head.get("width"), head.get("height")
    if not isinstance(width, int) or not isinstance(height, int):
        raise PictureRefused("a picture's message does not say how large it is")
    return width, height
