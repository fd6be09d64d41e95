"""An HTTP server that writes exactly the bytes that a test says: a broken wire on demand."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeAlias

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType

DEAD_AFTER = 20.0


@dataclass
class Exchange:
    """One request as it came, and the socket that its answer goes to."""

    head: bytes
    body: bytes
    sock: socket.socket
    ended: threading.Event
    """Set when the test is over."""

    @property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.body)
        return document

    def write(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reset(self) -> None:
        """End the connection with RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Script: TypeAlias = "Callable[[Exchange], bool]"
"""Answers a request; returns whether the connection goes on."""


def http(
    body: bytes, *, status: int = 200, headers: dict[str, str] | None = None, length: int | None = None
) -> bytes:
    """Return an answer's bytes; `length` is what it claims."""
    fields = {
        "x-amzn-RequestId": "6dabe337-5e97-4ea1-a794-2e86e03ba29e",
        "Content-Type": "application/x-amz-json-1.1",
        "Content-Length": str(len(body) if length is None else length),
    } | (headers or {})
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def says(answer: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Script:
    """Answer with a JSON document and go on."""

    def script(exchange: Exchange) -> bool:
        exchange.write(http(json.dumps(answer).encode(), status=status, headers=headers))
        return True

    return script


def refuses(
    code: str, *, status: int = 400, message: str = "No.", headers: dict[str, str] | None = None
) -> Script:
    """Answer with an error as the service writes it."""
    error = {"__type": code, "Code": code, "Message": message}
    return says(error, status=status, headers=headers)


def writes(data: bytes) -> Script:
    """Write some bytes and close."""

    def script(exchange: Exchange) -> bool:
        exchange.write(data)
        return False

    return script


def answers(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Script:
    """Answer as S3 does, in XML or without a body, and go on."""
    fields = {"Content-Type": "application/xml"} | (headers or {})

    def script(exchange: Exchange) -> bool:
        exchange.write(http(body, status=status, headers=fields))
        return True

    return script


def refuses_in_xml(code: str, *, status: int = 400, message: str = "No") -> Script:
    """Answer with an error as S3 writes it, and go on."""
    return answers(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode())


def is_silent(exchange: Exchange) -> bool:
    """Say nothing until the test is over."""
    exchange.ended.wait(DEAD_AFTER)
    return False


def drips(data: bytes, *, every: float = 0.02) -> Script:
    """Write the data at a byte at a time until it ends or the test is over."""

    def script(exchange: Exchange) -> bool:
        for index in range(len(data)):
            exchange.write(data[index : index + 1])
            if exchange.ended.wait(every):
                break
        return False

    return script


def resets(exchange: Exchange) -> bool:
    """End the connection with RST in place of an answer."""
    exchange.reset()
    return False


@dataclass
class WireServer:
    """Answers request n by script n; the last script answers all that follow. Use with `with`."""

    scripts: list[Script]
    tls: ssl.SSLContext | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    reads_requests: bool = True

    def __post_init__(self) -> None:
        self.ended = threading.Event()
        self.asked = threading.Event()
        """Set when a whole request came."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._accepted = self._own = 0
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def connections(self) -> int:
        """Connections that were opened to it, those included that the system has not handed over yet."""
        with socket.create_connection(self._socket.getsockname()) as last:  # they are accepted in their order
            self._own += 1
            last.shutdown(socket.SHUT_WR)
            last.recv(1)
        return self._accepted - self._own

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(DEAD_AFTER)

    def _start(self, call: Callable[[], None]) -> None:
        thread = threading.Thread(target=call, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._socket.accept()
            except OSError:
                return
            self._accepted += 1
            self._open.append(sock)
            self._start(lambda sock=sock: self._serve(sock))  # type: ignore[misc]

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):  # the client is gone, or the test is over
            try:
                if self.tls:
                    sock = self.tls.wrap_socket(sock, server_side=True)
                    self._open.append(sock)
                while self._exchange(sock):
                    pass
            finally:
                sock.close()

    def _exchange(self, sock: socket.socket) -> bool:
        data = b""
        while b"\r\n\r\n" not in data:
            more = sock.recv(65536)
            if not more:
                return False
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while self.reads_requests and len(body) < length:
            more = sock.recv(65536)
            if not more:
                return False
            body += more
        exchange = Exchange(head, body, sock, self.ended)
        self.exchanges.append(exchange)
        self.asked.set()
        script = self.scripts[min(len(self.exchanges), len(self.scripts)) - 1]
        return script(exchange)
