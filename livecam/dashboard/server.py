"""The web view's thread, with an event loop of its own: it delays neither picture nor detection."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import threading
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from livecam.dashboard.app import STATIC, build_app
from livecam.dashboard.camera_socket import LARGEST_PICTURE
from livecam.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.dashboard.access import Access
    from livecam.dashboard.parts import DashboardParts

HEADERS_WITHIN = 10.0
"""Seconds that a connection may take to say what it wants, or sit idle."""
MOST_CONNECTIONS = 64
LARGEST_MESSAGE = 65_536
"""Bytes that a page may send at once, unless it is the camera."""
LARGEST_HEAD = 16_384
"""Bytes of a request's headers."""
NO_TEXT = 1007
"""Close code of RFC 6455."""
NO_HANDSHAKE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
STREAMS_END_WITHIN = 0.7
"""Seconds; then their connections are cut."""
STOPS_WITHIN = 2.0
STARTS_WITHIN = 10.0


class WebServer:
    """A server that can be started once.

    Args:
        parts: what its answers come from.
        access: who may ask; its host is listened on.
        port: to listen on; 0 for any that is free.
        is_port_firm: whether another port will not do where that one is taken.
        static: folder of the page.
    """

    def __init__(
        self,
        parts: DashboardParts,
        access: Access,
        *,
        port: int = 8600,
        is_port_firm: bool = True,
        static: Path = STATIC,
    ) -> None:
        self._parts = parts
        self._access = access
        self._port = port
        self._is_port_firm = is_port_firm
        largest = LARGEST_MESSAGE if parts.camera is None else LARGEST_PICTURE
        self._server = uvicorn.Server(_config(build_app(parts, access, static), largest))
        self._is_up = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on; known once it is started."""
        return self._port

    def start(self) -> int:
        """Listen, and answer from now on; return the port. Does nothing the second time.

        Raises:
            UsageError: the address or port cannot be had.
        """
        if self._thread is None:
            listener = self._listener()
            self._port = listener.getsockname()[1]
            self._thread = threading.Thread(
                target=self._run, args=(listener,), name="livecam-web", daemon=True
            )
            self._thread.start()
            self._is_up.wait(STARTS_WITHIN)
        return self._port

    def stop(self) -> None:
        """End every stream, then the server, within 2 seconds. May be called twice, from any thread."""
        thread, loop = self._thread, self._loop
        if thread is None:
            return
        if loop is not None and thread.is_alive():
            with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                loop.call_soon_threadsafe(self._end, loop)
            thread.join(STOPS_WITHIN)
        self._parts.hub.close()

    def _listener(self) -> socket.socket:
        host = self._access.host
        try:
            family, kind, number, _, address = socket.getaddrinfo(
                host, self._port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
        except OSError as error:
            raise UsageError(
                f"--host {host} is no address of this machine: use localhost or 0.0.0.0"
            ) from error
        try:
            try:
                return _listening(family, kind, number, address)
            except OSError as error:
                if self._is_port_firm or error.errno != errno.EADDRINUSE:
                    raise
                return _listening(family, kind, number, (address[0], 0, *address[2:]))
        except OSError as error:
            raise UsageError(
                f"the web view cannot listen on {host} port {self._port} ({error.strerror}): choose another "
                "--port, or 0 for any that is free"
            ) from error

    def _run(self, listener: socket.socket) -> None:
        try:
            asyncio.run(self._serve(listener))
        finally:
            listener.close()
            self._is_up.set()

    async def _serve(self, listener: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._parts.hub.attach(self._loop)
        self._is_up.set()  # the socket listens already: who comes now is answered in a moment
        await self._server.serve(sockets=[listener])

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        self._parts.hub.end_streams()
        self._server.should_exit = True
        loop.call_later(STREAMS_END_WITHIN, self._cut)

    def _cut(self) -> None:
        """Cut those who do not take what they are sent: waiting for them could last."""
        for connection in list(self._server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose request does not come: uvicorn would hold it for ever."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._check = self.loop.call_later(HEADERS_WITHIN, self._lose_patience)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._check.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: Any) -> None:  # noqa: ANN401  h11 has its own classes
        """Wait no longer: the socket has pings of its own."""
        self._check.cancel()
        super().handle_websocket_upgrade(event)

    def _lose_patience(self) -> None:
        cycle: Any = self.cycle  # None before the first request, which its annotation leaves out
        if cycle is None or cycle.response_complete:
            self.transport.close()
        else:
            self._check = self.loop.call_later(HEADERS_WITHIN, self._lose_patience)


class FrugalSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose client can make it neither keep answers that are not read nor log a traceback."""

    def data_received(self, data: bytes) -> None:
        """Take in what came; what is no handshake ends the connection, which uvicorn would hold for ever."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.transport.is_closing():
            self.transport.write(NO_HANDSHAKE)
            self.transport.close()

    def handle_ping(self) -> None:
        """Answer a ping, unless so much waits to be read already that answers would only pile up."""
        pong = b"".join(self.conn.data_to_send())
        if self.writable.is_set() and not self.transport.is_closing():
            self.transport.write(pong)

    def send_receive_event_to_app(self) -> None:
        """Pass on a message; one that says it is text and is none ends the connection."""
        try:
            if self.curr_msg_data_type == "text":
                b"".join(self.frames).decode()
        except UnicodeDecodeError:
            self.conn.send_close(NO_TEXT)
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()


def _listening(family: int, kind: int, number: int, address: Any) -> socket.socket:  # noqa: ANN401  each family has its own
    """Return a socket that listens.

    Raises:
        OSError: the address or port cannot be had.
    """
    listener = socket.socket(family, kind, number)
    try:
        if os.name == "posix":  # on Windows it would let two programs have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(MOST_CONNECTIONS)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _config(app: Any, largest_message: int) -> uvicorn.Config:  # noqa: ANN401  any ASGI application
    return uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws=FrugalSocket,
        ws_per_message_deflate=False,  # JPEG does not get smaller, and it doubles the cost
        ws_max_size=largest_message,
        ws_max_queue=4,
        lifespan="off",
        log_config=None,
        log_level="error",  # whoever reaches the port could fill the log with warnings
        access_log=False,  # addresses may hold the token
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_graceful_shutdown=2,
    )
