"""Connections that tell a call's marks when they connect, send and are answered.

botocore has no event between handing a request over and having the whole answer, and no public way to
reach a connection: its pool's classes are swapped, and when a botocore has others nothing is changed.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable


class ConnectionMarks(Protocol):
    """Who is told; of the call that this thread makes."""

    now: Callable[[], float]
    bytes_on_wire: int
    is_aborted: bool

    def took(self, sock: socket.socket | None) -> None:
        """The call uses this socket from now on."""

    def connected(self, seconds: float) -> None:
        """A connection was opened in so many seconds."""

    def sending(self) -> None:
        """The request is about to be written."""

    def sent(self) -> None:
        """The system has the request's last byte."""

    def answered(self) -> None:
        """The head of the answer is there."""


class TimedConnection:
    """Stands before botocore's connection in the order of classes; marks nothing when nobody asks."""

    current: Callable[[], ConnectionMarks | None]

    def _new_conn(self) -> Any:  # noqa: ANN401
        sock = super()._new_conn()  # type: ignore[misc]
        if marks := type(self).current():
            marks.took(sock)  # from here on the handshake can be ended too
        return sock

    @property
    def is_connected(self) -> bool:
        """Whether it can be used again.

        urllib3 takes whatever is to be read for the end of a connection. After a TLS 1.3 handshake those
        are session tickets: a connection that was opened ahead would be thrown away.
        """
        is_quiet: bool = super().is_connected  # type: ignore[misc]
        sock = self.sock  # type: ignore[attr-defined]
        if is_quiet or not isinstance(sock, ssl.SSLSocket):
            return is_quiet
        timeout = sock.gettimeout()
        try:
            sock.settimeout(0)
            sock.recv(1)  # an end, or what nobody asked for
        except ssl.SSLWantReadError:
            return True
        except OSError:
            pass
        finally:
            sock.settimeout(timeout)
        return False

    def connect(self) -> None:
        """Connect, TLS included; not for a call that was ended meanwhile."""
        marks = type(self).current()
        if marks is None:
            super().connect()  # type: ignore[misc]
            return
        if marks.is_aborted:
            raise ConnectionAbortedError("the call was ended")
        began_at = marks.now()
        super().connect()  # type: ignore[misc]
        marks.connected(marks.now() - began_at)
        marks.took(self.sock)  # type: ignore[attr-defined]

    def request(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Write a request; opens the connection first when it is plain and not open."""
        marks = type(self).current()
        if marks is None:
            super().request(*args, **kwargs)  # type: ignore[misc]
            return
        marks.took(self.sock)  # type: ignore[attr-defined]
        marks.sending()
        try:
            super().request(*args, **kwargs)  # type: ignore[misc]
        finally:
            marks.sent()  # of a request that was refused half way, urllib3 still reads the answer

    def send(self, data: Any) -> None:  # noqa: ANN401
        """Write some bytes and count them."""
        super().send(data)  # type: ignore[misc]
        if marks := type(self).current():
            marks.bytes_on_wire += len(data)

    def getresponse(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Wait for the head of the answer."""
        response = super().getresponse(*args, **kwargs)  # type: ignore[misc]
        if marks := type(self).current():
            marks.answered()
        return response


def time_connections(client: Any, current: Callable[[], ConnectionMarks | None]) -> bool:  # noqa: ANN401
    """Let a boto3 client's connections mark; False when this botocore has none that can.

    Args:
        client: has no connection yet; may have been given before.
        current: returns the marks of the call that the calling thread makes.
    """
    try:
        by_scheme = client._endpoint.http_session._manager.pool_classes_by_scheme  # noqa: SLF001
        timed = {scheme: _timed_pool(pool, current) for scheme, pool in by_scheme.items()}
        by_scheme.update(timed)
    except Exception:  # noqa: BLE001  private to botocore: whatever is different, calls still work
        return False
    return bool(timed)


def _timed_pool(pool: Any, current: Callable[[], ConnectionMarks | None]) -> Any:  # noqa: ANN401
    connection = pool.ConnectionCls
    if issubclass(connection, TimedConnection):
        return pool
    for method in ("_new_conn", "connect", "request", "send", "getresponse"):
        getattr(connection, method)
    namespace = {"current": staticmethod(current)}
    timed = type(f"Timed{connection.__name__}", (TimedConnection, connection), namespace)
    return type(f"Timed{pool.__name__}", (pool,), {"ConnectionCls": timed})
