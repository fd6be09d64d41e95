"""A link of so many bits per second before a server on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 4096
"""Bytes that go through at once."""
BUFFER = 65_536
"""Bytes that wait before the link, as in a router's queue; 65 ms at 8 Mbit/s."""


@contextlib.contextmanager
def slow_link(port: int, bits_per_second: float) -> Iterator[int]:
    """Yield a port from which answers of `port` come that slowly; the other way is not slowed down."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    link = _Link(port, bits_per_second / 8)
    server = asyncio.run_coroutine_threadsafe(link.listen(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_cancel_all(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class _Link:
    def __init__(self, port: int, bytes_per_second: float) -> None:
        self._port = port
        self._rate = bytes_per_second
        self._free_at = 0.0
        """When what was let through so far has gone; one link for all connections."""

    async def listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._join, "127.0.0.1", 0, limit=BUFFER)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The system's own buffers grow to megabytes: a real link does not hold so much.
        there = socket.socket()
        there.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER // 2)
        there.setblocking(False)
        await asyncio.get_running_loop().sock_connect(there, ("127.0.0.1", self._port))
        from_server, to_server = await asyncio.open_connection(sock=there, limit=BUFFER // 4)
        ours = writer.get_extra_info("socket")
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER // 4)
        writer.transport.set_write_buffer_limits(high=PIECE)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self._pass(reader, to_server), self._pass_slowly(from_server, writer))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()
        target.close()

    async def _pass_slowly(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while piece := await source.read(PIECE):
            self._free_at = max(self._free_at, loop.time()) + len(piece) / self._rate
            await asyncio.sleep(max(self._free_at - loop.time(), 0.0))
            target.write(piece)
            await target.drain()
        target.close()
