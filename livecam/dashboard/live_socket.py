"""`/live`: the newest picture to a page, over and over, never more than it draws."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.websockets import WebSocketDisconnect, WebSocketState

from livecam.dashboard.credit import Credit
from livecam.dashboard.message import frame_message, json_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.websockets import WebSocket

    from livecam.dashboard.hub import Shot
    from livecam.dashboard.parts import DashboardParts

LONGEST_MESSAGE = 1000
"""Characters of what a page says."""
MOST_STRAYS = 200
"""Messages that acknowledge nothing; each that does makes up for one."""
MOST_PIXELS = 10_000
GOING_AWAY, POLICY_VIOLATION, TRY_LATER = 1001, 1008, 1013


class NotUnderstood(Exception):
    """A page said what no page of ours says."""


class LiveSocket:
    """One page that watches."""

    def __init__(self, socket: WebSocket, parts: DashboardParts) -> None:
        self._socket = socket
        self._parts = parts
        self._credit = Credit()
        self._has_credit = asyncio.Event()
        self._has_credit.set()
        self._strays = 0
        self._wants_picture = True
        self._said: dict[str, Callable[[dict[str, object]], None]] = {"ack": self._ack, "want": self._want}

    async def serve(self) -> None:
        """Send pictures until the page or the server ends, or the page misbehaves."""
        await self._socket.accept()
        with self._parts.hub.seat() as is_free:
            if not is_free:
                await self._socket.close(TRY_LATER, "too many viewers")
                return
            await self._close(await self._until_over())

    async def _until_over(self) -> int:
        """Return the code to close with."""
        sending = asyncio.create_task(self._send_pictures())
        listening = asyncio.create_task(self._listen())
        try:
            done, _ = await asyncio.wait((sending, listening), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, listening):
                task.cancel()
            results = await asyncio.gather(sending, listening, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect | NotUnderstood):
                raise result
        is_refused = listening in done and isinstance(results[1], NotUnderstood)
        return POLICY_VIOLATION if is_refused else GOING_AWAY

    async def _send_pictures(self) -> None:
        number, seq = 0, 0
        while True:
            await self._room()
            shot = await self._parts.hub.newer_than(number)
            if shot is None:
                return
            seq, number = seq + 1, shot.number
            await self._send(shot, seq)

    async def _room(self) -> None:
        """Wait until a picture may be sent, or the server ends."""
        while not self._credit.may_send:
            self._has_credit.clear()
            await self._has_credit.wait()

    async def _send(self, shot: Shot, seq: int) -> None:
        hub, rendition = self._parts.hub, self._credit.rendition
        jpeg = await hub.jpeg(shot, rendition) if self._wants_picture else b""
        now = self._parts.clock.now()
        self._credit.sent(seq, now)
        mirror = self._parts.mirror()
        await self._socket.send_bytes(frame_message(shot.picture, jpeg, seq=seq, sent_at=now, mirror=mirror))

    async def _listen(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            self._note(message.get("text"))

    def _note(self, text: str | None) -> None:
        """Take in what the page says.

        Raises:
            NotUnderstood: it is none of what a page says, or too much of it.
        """
        if text is None or len(text) > LONGEST_MESSAGE:
            raise NotUnderstood
        said = json_object(text)
        take = None if said is None else self._said.get(str(said.get("type")))
        if said is None or take is None:
            raise NotUnderstood
        take(said)
        if self._strays > MOST_STRAYS:
            raise NotUnderstood

    def _ack(self, said: dict[str, object]) -> None:
        seq = said.get("seq")
        if isinstance(seq, int) and self._credit.drawn(seq, self._parts.clock.now()):
            self._strays = max(0, self._strays - 1)
            self._has_credit.set()
        else:
            self._strays += 1

    def _want(self, said: dict[str, object]) -> None:
        self._strays += 1
        width = said.get("width")
        if isinstance(width, int | float) and 1 <= width <= MOST_PIXELS:
            self._credit.want(round(width))
            self._wants_picture = True
        elif width == 0:  # what is said of pictures is enough: the page shows its own camera
            self._wants_picture = False

    async def _close(self, code: int) -> None:
        if self._socket.client_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it has gone meanwhile
                await self._socket.close(code)
