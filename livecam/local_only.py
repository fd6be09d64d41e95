"""Local-only: this process opens no connection, takes none from another machine, and looks no name up.

Settings and commands that would need one are refused in a sentence before anything begins. Here is the belt
to those braces: an audit hook of Python's, which sees every socket of the process, those of libraries and
plugins too, and cannot be taken down again. What native code opens by itself does not pass it, nor what other
programs do.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
from typing import Any, Final

from livecam.errors import LivecamError, UsageError

log = logging.getLogger(__name__)

_WITH_ADDRESS: Final = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind")
"""Events whose arguments are a socket and an address."""
_LOOK_UPS: Final = (
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
)
_WATCHED: Final = frozenset((*_WITH_ADDRESS, *_LOOK_UPS))
MOST_TOLD: Final = 100
"""Different refusals that are logged."""
_UNIX: Final = getattr(socket, "AF_UNIX", None)
_HAS_REAL_PAIRS: Final = _UNIX is not None
"""Else (Windows) a pair of sockets, which every event loop needs, is a connection to this process itself."""


class ConnectionForbidden(LivecamError):
    """A connection was about to be opened, or a name to be looked up, and local-only is set."""


class _Guard:
    """What this process was told, and what it has refused."""

    def __init__(self) -> None:
        self.by: str | None = None
        self.is_watching = False
        self.refused = 0
        self.told: set[str] = set()


_guard = _Guard()


def forbid(by: str) -> None:
    """Let no connection be opened from now on, for as long as this process lives.

    Args:
        by: where local-only is set, such as "--local-only" or "livecam.toml, line 3".
    """
    _guard.by = by
    if not _guard.is_watching:
        _guard.is_watching = True
        sys.addaudithook(_watch)


def set_by() -> str | None:
    """Return where local-only is set for this process; None where it is not."""
    return _guard.by


def refused() -> int:
    """Return how many connections and look-ups were refused, because something tried all the same."""
    return _guard.refused


def refuse(what: str) -> None:
    """Refuse something that needs a connection, where local-only is set for this process.

    Raises:
        UsageError: it is.
    """
    if _guard.by is not None:
        raise UsageError(needs_a_connection(what, _guard.by))


def needs_a_connection(what: str, by: str, *, are_several: bool = False) -> str:
    """Return the sentence that refuses something."""
    return f"{what} need{'' if are_several else 's'} a connection, and local-only is set (by {by})"


def is_loopback(host: str) -> bool:
    """Say whether a text is an address such as 127.0.0.1, of this machine alone; no name is one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what would open a connection; called for every audit event of the process."""
    if event not in _WATCHED:
        return
    if event in _LOOK_UPS:
        where = arguments[0][0] if event == "socket.getnameinfo" else arguments[0]
        is_allowed = _is_own(where)
    else:
        asked, where = arguments[0], arguments[1]
        is_allowed = _may_pass(event, asked.family, where)
    if not is_allowed:
        _refuse(event, where)


def _may_pass(event: str, family: int, address: object) -> bool:
    if family == _UNIX or address is None:  # of an answer to who has connected to us no address is given
        return True
    is_at_home = isinstance(address, tuple) and bool(address) and _is_own(address[0])
    return is_at_home and (event == "socket.bind" or not _HAS_REAL_PAIRS)


def _is_own(host: object) -> bool:
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    return isinstance(host, str) and is_loopback(host)


def _refuse(event: str, where: object) -> None:
    _guard.refused += 1
    host = where[0] if isinstance(where, tuple) and where else where
    what = {
        "socket.bind": f"listening at {host!r}",
        "socket.connect": f"a connection to {host!r}",
    }.get(event, f"a message to {host!r}" if event in _WITH_ADDRESS else f"looking {host!r} up")
    sentence = f"{what} was refused: local-only is set (by {_guard.by})"
    if sentence not in _guard.told and len(_guard.told) < MOST_TOLD:  # a plugin may try with every picture
        _guard.told.add(sentence)
        log.warning("%s", sentence)
    raise ConnectionForbidden(sentence)
