"""Calls a WSGI application with a request that is wholly here, and returns its whole answer."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from livecam.local_aws.http_messages import BODILESS, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.local_aws.http_messages import Headers, Request

TOLD_OTHERWISE = frozenset({"content-length", "content-type", "transfer-encoding", "expect"})
"""Request headers that WSGI has other names for, or that were dealt with while the body was read."""


def call(application: Callable[..., Any], request: Request, *, scheme: str, port: int) -> Response:
    """Return the application's answer; blocks.

    Args:
        application: as PEP 3333 says; what it would write instead of returning is lost.
        request: with its body.
        scheme: `http` or `https`.
        port: of the server on 127.0.0.1.
    """
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, _error: object = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return lambda _data: None

    chunks = application(environ(request, scheme=scheme, port=port), start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = started[-1]
    number = int(status.partition(" ")[0])
    is_bodiless = request.method == "HEAD" or number in BODILESS
    # Of HEAD the application says how long the body would be; of all else we know.
    ours = {"connection"} if request.method == "HEAD" else {"connection", "content-length"}
    return Response(
        number,
        b"" if is_bodiless else body,
        [(name, value) for name, value in headers if name.lower() not in ours],
        outcome="ok" if number < 400 else f"HTTP {number}",  # noqa: PLR2004  where HTTP's errors begin
    )


def environ(request: Request, *, scheme: str, port: int) -> dict[str, Any]:
    """Return the WSGI environment of a request."""
    path, _, query = request.target.partition("?")
    values: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "CONTENT_TYPE": request.header("content-type"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        if name.lower() not in TOLD_OTHERWISE:
            key = "HTTP_" + name.upper().replace("-", "_")
            values[key] = f"{values[key]},{value}" if key in values else value
    return values
