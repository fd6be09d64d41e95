"""A clip's video as an answer: all of it, or the part that a player asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

MEDIA_TYPE = "video/mp4"
CHUNK = 262_144
"""Bytes that are read at once."""
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(Exception):
    """A part was asked for that is not there."""


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return which bytes a Range header asks for, the first and the last.

    Args:
        header: as it came; several ranges at once, other units and what is none are left out of account, as
            the RFC allows.
        size: of the file, bytes.

    Returns:
        None where all of the file is to be sent.

    Raises:
        Unsatisfiable: no byte of it is in the file.
    """
    found = _RANGE.fullmatch((header or "").strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # so many from the end
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return max(size - int(last), 0), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last), size - 1) if last else size - 1


def video_answer(request: Request, file: BinaryIO, facts: os.stat_result) -> Response:
    """Return the answer to a request for a video.

    Args:
        request: whose Range is answered, unless If-Range names another version of the file.
        file: opened; it is closed.
        facts: of the file.
    """
    size = facts.st_size
    version = f'"{facts.st_mtime_ns:x}-{size:x}"'
    headers = {"Accept-Ranges": "bytes", "ETag": version}
    is_same = request.headers.get("if-range", version) == version
    try:
        wanted = byte_range(request.headers.get("range"), size) if is_same else None
    except Unsatisfiable:
        file.close()
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    first, last = wanted or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if wanted is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 200 if wanted is None else 206
    if request.method == "HEAD":
        file.close()
        return Response(status_code=status, headers=headers, media_type=MEDIA_TYPE)
    return _FilePart(file, first, last - first + 1, status_code=status, headers=headers)


class _FilePart(StreamingResponse):
    """Sends a part of a file, then closes the file, however it ends."""

    def __init__(
        self, file: BinaryIO, first: int, length: int, *, status_code: int, headers: dict[str, str]
    ) -> None:
        self._file = file
        super().__init__(_chunks(file, first, length), status_code, headers, MEDIA_TYPE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()


async def _chunks(file: BinaryIO, first: int, length: int) -> AsyncIterator[bytes]:
    await run_in_threadpool(file.seek, first)
    left = length
    while left > 0 and (chunk := await run_in_threadpool(file.read, min(left, CHUNK))):
        left -= len(chunk)
        yield chunk
