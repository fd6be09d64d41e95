"""Sends an answer, whole or broken in the way that a fault says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.local_aws.http_messages import Response

if TYPE_CHECKING:
    from livecam.local_aws.connection import Connection

BAD_GATEWAY = Response(
    502,
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>"
    b"</center>\r\n</body>\r\n</html>\r\n",
    [("Content-Type", "text/html")],
)
GARBAGE = b"\x00\x01 this is not HTTP \xff\r\n\r\n"
BEFORE_RESET = 0.02
"""Seconds between the bytes and the reset, so that the client has read what came before it."""

_BODIES = {"not-object": b"[1]", "empty": b"", "incomplete": b"{}"}


def spoiled(response: Response, kind: str | None) -> Response:
    """Return the answer as a fault of this kind makes it; itself when the fault is one of the wire."""
    if kind == "bad-gateway":
        return BAD_GATEWAY
    if kind == "malformed":  # cut in two, and its length says so
        return replace(response, body=response.body[: len(response.body) // 2])
    if kind in _BODIES:
        return replace(response, body=_BODIES[kind])
    return response


async def deliver(connection: Connection, response: Response, *, kind: str | None, drip_pause: float) -> int:
    """Send an answer and return how many bytes of its body went out.

    Args:
        connection: where to.
        response: the answer, already spoiled if it is to be.
        kind: of the fault; None, or one that is not of the wire, sends the whole answer.
        drip_pause: seconds between two bytes that drip.
    """
    head, body = response.head(), response.body
    half = body[: len(body) // 2]
    match kind:
        case "stall":
            await connection.wait_for_the_client_to_leave()
            return 0
        case "hang-up":
            await connection.close()
            return 0
        case "garbage":
            await connection.write(GARBAGE)
            await connection.close()
            return 0
        case "truncate" | "reset-body":
            await connection.write(head + half)
            await _break(connection, kind)
            return len(half)
        case "drip-head":
            await connection.drip(head + body, drip_pause)
        case "drip-body":
            await connection.write(head)
            await connection.drip(body, drip_pause)
        case _:
            await connection.write(head + body)
    return len(body)


async def _break(connection: Connection, kind: str) -> None:
    if kind == "truncate":
        await connection.close()
        return
    await asyncio.sleep(BEFORE_RESET)
    connection.reset()
