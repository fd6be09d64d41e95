"""HTTP/1.1 requests and responses as values, and how their heads are written. No sockets."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

Headers = list[tuple[str, str]]
BODILESS = frozenset({204, 304})
"""Statuses that come without a body, and without its length."""


class MalformedRequest(Exception):
    """What came is not HTTP as it is understood here, or more than is taken.

    Args:
        message: why, in words for the client.
        status: the HTTP status it is told with.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        self.status = status
        super().__init__(message)


@dataclass(slots=True)
class Request:
    """A request; its body is read after its head has been looked at."""

    method: str
    target: str
    """Path and query as they were sent, still percent-encoded."""
    headers: Headers
    """In the order they came; names as they were written."""
    arrived_at: float
    """When its head was here, monotonic seconds."""
    received_at: float = 0.0
    """When its last byte was here."""
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return a header's value by its lower-case name; empty when it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def keeps_alive(self) -> bool:
        """Whether the connection may be used again after the answer."""
        return self.header("connection").lower() != "close"


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer."""

    status: int
    body: bytes
    headers: Headers = field(default_factory=list)
    """Without Content-Length, unless the body is left out (HEAD)."""
    outcome: str = "ok"
    """For the record: the code of the error when it is one."""

    def head(self) -> bytes:
        """Return the status line and headers as they are sent, the empty line included."""
        phrase = HTTPStatus(self.status).phrase if self.status in _STATUSES else ""
        lines = [f"HTTP/1.1 {self.status} {phrase}", *(f"{name}: {value}" for name, value in self.headers)]
        is_said = any(name.lower() == "content-length" for name, _ in self.headers)
        if not is_said and self.status not in BODILESS:
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


_STATUSES = {status.value for status in HTTPStatus}


def parse_head(head: bytes, arrived_at: float) -> Request:
    """Return the request whose head this is.

    Raises:
        MalformedRequest: it is none.
    """
    first, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in {"HTTP/1.1", "HTTP/1.0"}:  # noqa: PLR2004  method, target, version
        raise MalformedRequest("the request line is not HTTP/1.1")
    headers: Headers = []
    for line in rest:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip():
            raise MalformedRequest("a header line has no name")
        headers.append((name, value.strip()))
    if words[2] == "HTTP/1.0":
        headers.append(("Connection", "close"))
    return Request(words[0], words[1], headers, arrived_at)
