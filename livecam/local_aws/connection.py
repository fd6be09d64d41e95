"""One client's connection: HTTP/1.1 both ways, and the ways in which a network breaks it.

A front of our own on asyncio's streams, not an ASGI server: a reset in the middle of a body, an answer
shorter than it says or a head that drips cannot be sent from above ASGI, and a server in Python between the
socket and us costs a millisecond that a latency benchmark would count as the service's.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
from typing import TYPE_CHECKING

from livecam.local_aws.http_messages import MalformedRequest, parse_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.clock import Clock
    from livecam.local_aws.http_messages import Request, Response

LARGEST_HEAD = 64 * 1024
"""Bytes; also how much is read ahead."""
IDLE_LIMIT = 75.0
"""Seconds that a connection may wait for its next request."""
BODY_PATIENCE = 30.0
"""Seconds that a client may pause in the middle of a body."""
LARGEST_PIECE = 256 * 1024
"""Bytes of a body that are read at once."""
PARTING = 1.0
"""Seconds that a client has to read why it was refused."""
UPLINK_STEP = 0.02
"""Seconds between two readings of a slow uplink."""
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER on with zero seconds: closing sends RST."""
_DECIMAL = re.compile(r"[0-9]{1,18}")
_HEXADECIMAL = re.compile(rb"[0-9a-fA-F]{1,16}")


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

    async def read_body(self, request: Request, *, most: int, bytes_per_second: float | None = None) -> None:
        """Read the body into the request.

        Args:
            request: whose head was read last.
            most: bytes it may have.
            bytes_per_second: how fast it is taken from the socket; None is as fast as it comes.

        Raises:
            MalformedRequest: its length is not said in a way that is understood, it is too large, or the
                client pauses too long in the middle of it.
            IncompleteReadError: the client left first.
        """
        length = _length_of(request, most)
        if request.header("expect").lower() == "100-continue":
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if "chunked" in request.header("transfer-encoding").lower():
            request.body = await self._read_chunks(most)
        elif length:
            request.body = await self._read_slowly(length, bytes_per_second)
        request.received_at = self._clock.now()

    async def read_half(self, request: Request, *, most: int) -> None:
        """Read half of the body and forget it; see `read_body`."""
        await self._read_exactly(_length_of(request, most) // 2)

    async def send(self, response: Response) -> None:
        """Send a whole answer."""
        await self.write(response.head() + response.body)

    async def send_last(self, response: Response) -> None:
        """Send an answer to what was not read to its end, and let the client read it.

        To close with something unread would reset the connection, and the answer might be lost.
        """
        await self.send(response)
        if self.is_over:
            return
        if self._writer.can_write_eof():
            with contextlib.suppress(OSError):  # "not connected", of a client that has just gone
                self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PARTING):
                await self.wait_for_the_client_to_leave()

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
            return await self._read_exactly(length)
        began_at = self._clock.now()
        body = bytearray()
        while len(body) < length:
            await asyncio.sleep(UPLINK_STEP)
            allowed = min(int((self._clock.now() - began_at) * bytes_per_second), length)
            body += await self._read_exactly(max(allowed - len(body), 0))
        return bytes(body)

    async def _read_chunks(self, most: int) -> bytes:
        body = bytearray()
        while size := _size_of((await self._read_line()).partition(b";")[0]):
            _check_size(len(body) + size, most)
            body += await self._read_exactly(size)
            if await self._read_exactly(2) != b"\r\n":
                raise MalformedRequest("a chunk does not end where it says")
        trailers = 0
        while (line := await self._read_line()) != b"\r\n":
            trailers += len(line)
            _check_size(trailers, LARGEST_HEAD)
        return bytes(body)

    async def _read_exactly(self, length: int) -> bytes:
        """Return as many bytes; however slowly they come, as long as they do."""
        body = bytearray()
        while len(body) < length:
            with _body_patience():
                async with asyncio.timeout(BODY_PATIENCE):
                    piece = await self._reader.read(min(length - len(body), LARGEST_PIECE))
            if not piece:
                raise asyncio.IncompleteReadError(bytes(body), length)
            body += piece
        return bytes(body)

    async def _read_line(self) -> bytes:
        try:
            with _body_patience():
                async with asyncio.timeout(BODY_PATIENCE):
                    return await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as error:
            raise MalformedRequest(f"a line is larger than {LARGEST_HEAD} bytes") from error


@contextlib.contextmanager
def _body_patience() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise MalformedRequest(f"nothing came for {BODY_PATIENCE:g} s", 408) from error


def _length_of(request: Request, most: int) -> int:
    text = request.header("content-length") or "0"
    if not _DECIMAL.fullmatch(text):
        raise MalformedRequest("Content-Length is not a number that can be")
    length = int(text)
    _check_size(length, most)
    return length


def _size_of(text: bytes) -> int:
    if not _HEXADECIMAL.fullmatch(text.strip()):
        raise MalformedRequest("a chunk does not say its size")
    return int(text, 16)


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise MalformedRequest(f"the body is larger than {most} bytes", 413)
