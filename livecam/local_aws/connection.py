"""One client's connection: HTTP/1.1 both ways, and the ways in which a network breaks it.

A front of our own on asyncio's streams, not an ASGI server: a reset in the middle of a body, an answer
shorter than it says or a head that drips cannot be sent from above ASGI, and a server in Python between the
socket and us costs a millisecond that a latency benchmark would count as the service's.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import TYPE_CHECKING

from livecam.local_aws.http_messages import MalformedRequest, parse_head

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.local_aws.http_messages import Request, Response

LARGEST_HEAD = 64 * 1024
"""Bytes; also how much is read ahead."""
IDLE_LIMIT = 75.0
"""Seconds that a connection may wait for its next request."""
UPLINK_STEP = 0.02
"""Seconds between two readings of a slow uplink."""
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER on with zero seconds: closing sends RST."""


class Connection:
    """Reads requests and writes answers.

    Args:
        reader: what the client sends.
        writer: what the client gets.
        clock: stamps arrivals.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, clock: Clock) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock

    @property
    def is_over(self) -> bool:
        """Whether nothing can be written any more."""
        return self._writer.is_closing()

    @property
    def has_lost_its_client(self) -> bool:
        """Whether the client has closed its side, or reset the connection."""
        return self.is_over or self._reader.at_eof()

    async def read_head(self) -> Request | None:
        """Return the next request without its body; None when the client has left or is idle too long.

        Raises:
            MalformedRequest: what came is not HTTP.
        """
        try:
            async with asyncio.timeout(IDLE_LIMIT):
                head = await self._reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, TimeoutError):
            return None
        except asyncio.LimitOverrunError as error:
            raise MalformedRequest(f"the head is larger than {LARGEST_HEAD} bytes") from error
        return parse_head(head, self._clock.now())

    async def read_body(self, request: Request, *, bytes_per_second: float | None = None) -> None:
        """Read the body into the request.

        Args:
            request: whose head was read last.
            bytes_per_second: how fast it is taken from the socket; None is as fast as it comes.

        Raises:
            MalformedRequest: its length is not said in a way that is understood.
            IncompleteReadError: the client left first.
        """
        if request.header("expect").lower() == "100-continue":
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in request.header("transfer-encoding").lower():
            request.body = await self._read_chunks()
        elif length := _length_of(request):
            request.body = await self._read_slowly(length, bytes_per_second)
        request.received_at = self._clock.now()

    async def read_half(self, request: Request) -> None:
        """Read half of the body and forget it."""
        await self._reader.readexactly(_length_of(request) // 2)

    async def send(self, response: Response) -> None:
        """Send a whole answer."""
        await self.write(response.head() + response.body)

    async def write(self, data: bytes) -> None:
        """Send bytes, whatever they are; nothing when the client has left."""
        if self.is_over:
            return
        self._writer.write(data)
        await self._writer.drain()

    async def drip(self, data: bytes, pause: float) -> None:
        """Send bytes one at a time, `pause` seconds apart, until the client has had enough."""
        for index in range(len(data)):
            if self.has_lost_its_client:
                return
            await self.write(data[index : index + 1])
            await asyncio.sleep(pause)

    async def wait_for_the_client_to_leave(self) -> None:
        """Say nothing until the client closes or resets the connection."""
        while await self._reader.read(LARGEST_HEAD):
            pass

    def reset(self) -> None:
        """End the connection with a TCP reset, after what was written has gone out."""
        raw = self._writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self._writer.transport.abort()

    async def close(self) -> None:
        """End the connection as a server that is done with it does (FIN)."""
        self._writer.close()
        with contextlib.suppress(ConnectionError, TimeoutError):  # the client was quicker
            await self._writer.wait_closed()

    async def _read_slowly(self, length: int, bytes_per_second: float | None) -> bytes:
        if bytes_per_second is None:
            return await self._reader.readexactly(length)
        began_at = self._clock.now()
        body = bytearray()
        while len(body) < length:
            await asyncio.sleep(UPLINK_STEP)
            allowed = min(int((self._clock.now() - began_at) * bytes_per_second), length)
            body += await self._reader.readexactly(max(allowed - len(body), 0))
        return bytes(body)

    async def _read_chunks(self) -> bytes:
        body = bytearray()
        while True:
            line = await self._reader.readuntil(b"\r\n")
            try:
                size = int(line.partition(b";")[0], 16)
            except ValueError as error:
                raise MalformedRequest("a chunk does not say its size") from error
            if size == 0:
                break
            body += await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        while await self._reader.readuntil(b"\r\n") != b"\r\n":
            pass  # trailers
        return bytes(body)


def _length_of(request: Request) -> int:
    text = request.header("content-length") or "0"
    if not text.isdecimal():
        raise MalformedRequest("Content-Length is not a number")
    return int(text)
