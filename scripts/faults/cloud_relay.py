"""A way to an endpoint that can be cut, led astray, or end in nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
_BLOCK = 65536
_FILLS_A_QUEUE = 4
"""Connections that nobody takes, after which the system lets no more in."""


class Relay:
    """Passes bytes on, both ways; a context manager.

    Args:
        port: of the endpoint.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server((HOST, 0))
        self.url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cut()

    @contextlib.contextmanager
    def refusing(self) -> Iterator[None]:
        """Break every connection, and refuse new ones."""
        place = self._listener.getsockname()
        self._cut()
        try:
            yield
        finally:
            self._listener = socket.create_server(place)
            self._listen()

    @contextlib.contextmanager
    def vanished(self) -> Iterator[None]:
        """Break every connection, and let new ones hear nothing, as when a firewall drops them."""
        place = self._listener.getsockname()
        self._cut()
        with contextlib.ExitStack() as stack:
            deaf = stack.enter_context(socket.create_server(place, backlog=0))
            for _ in range(_FILLS_A_QUEUE):
                knocker = stack.enter_context(socket.socket())
                knocker.setblocking(False)
                knocker.connect_ex(deaf.getsockname())
            yield
        self._listener = socket.create_server(place)
        self._listen()

    @contextlib.contextmanager
    def led_to(self, port: int) -> Iterator[None]:
        """Break every connection, and let new ones end somewhere else."""
        before, self._to = self._to, port
        self.cut()
        try:
            yield
        finally:
            self._to = before
            self.cut()

    def cut(self) -> None:
        """Break every connection; new ones are taken."""
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _cut(self) -> None:
        # Closed alone, it would go on to listen until the accept that is under way returns.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection((HOST, self._to))
                with self._lock:
                    self._open |= {here, there}
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(_BLOCK):
                target.sendall(block)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        source.close()
        with self._lock:
            self._open.discard(source)
