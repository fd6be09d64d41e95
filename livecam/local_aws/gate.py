"""Which requests are let in at all: those of programs on this machine that mean this endpoint.

Web pages can send requests to 127.0.0.1 too: across sites, which browsers mark with Origin, or under a name
of their own that is made to resolve to 127.0.0.1 (DNS rebinding), which the Host header tells.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from livecam.local_aws.http_messages import Response

if TYPE_CHECKING:
    from livecam.local_aws.http_messages import Request

NOT_PASSED_ON = "/moto-api"
"""Below it moto shows and resets everything it holds, unsigned."""
# BUCKET.localhost is how S3's clients name a bucket of an endpoint that is called localhost.
_HOST = re.compile(r"(?:(?:[a-z0-9_-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)


def refusal(request: Request) -> Response | None:
    """Return why a request is not let in, as its answer; None when it is."""
    headers = [(name.lower(), value) for name, value in request.headers]
    hosts = [value for name, value in headers if name == "host"]
    if not hosts or not all(_HOST.fullmatch(host) for host in hosts):
        return _answer(403, "the Host header has to be 127.0.0.1, localhost or [::1]")
    if any(name == "origin" for name, _ in headers):
        return _answer(403, "requests of web pages (with an Origin header) are not answered")
    if f"/{unquote(request.path).lstrip('/')}".startswith(NOT_PASSED_ON):  # as moto reads it
        return _answer(404, f"{NOT_PASSED_ON} is not served here")
    return None


def _answer(status: int, text: str) -> Response:
    headers = [("Content-Type", "application/json"), ("Connection", "close")]
    return Response(status, json.dumps({"error": text}).encode(), headers, outcome=f"HTTP {status}")
