"""Who may ask the web view: pure rules about tokens, hosts and origins, and the addresses to print.

Whoever holds the token may watch and steer. A browser also sends what *other* pages ask of it, so what it
sends has to come from the view's own page: the Host is one of ours (no DNS rebinding), the Origin is that
Host, and Sec-Fetch-Site says so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOPBACK = ("localhost", "127.0.0.1", "::1")
LONGEST_HEADER = 4096
"""Characters of a header that are looked at; a longer one is refused."""
USUAL_PORT = 80


@dataclass(frozen=True, kw_only=True)
class Access:
    """The rules of one server.

    Args:
        host: address or name that it listens on.
        extra_hosts: further names under which it may be asked, such as that of this machine in its network.
        token: what is known to its user alone; a new one when none is given.
        key: secret that cookies are made from; one that the next run has too lets open pages go on there.
    """

    host: str = "127.0.0.1"
    extra_hosts: tuple[str, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _tickets: set[str] = field(default_factory=set, repr=False)

    @property
    def cookie(self) -> str:
        """What the cookie holds: proof that its browser had the token, and not the token."""
        return hmac.new(self.key.encode(), b"livecam cookie", hashlib.sha256).hexdigest()

    def is_token(self, offered: str) -> bool:
        """Whether this is the token; takes equally long for any other."""
        return hmac.compare_digest(offered.encode(), self.token.encode())

    def ticket(self) -> str:
        """Return what opens the page once: with what a browser is started, others on the machine can read."""
        ticket = secrets.token_urlsafe(32)
        self._tickets.add(ticket)
        return ticket

    def takes_ticket(self, offered: str) -> bool:
        """Whether this is a ticket that nobody has used; now it is used."""
        known = tuple(self._tickets)
        found = [each for each in known if hmac.compare_digest(offered.encode(), each.encode())]
        self._tickets.difference_update(found)
        return bool(found)

    def is_cookie(self, offered: str) -> bool:
        """Whether this is the cookie's value; takes equally long for any other."""
        return hmac.compare_digest(offered.encode(), self.cookie.encode())

    def is_authorization(self, header: str) -> bool:
        """Whether an Authorization header holds the token: "Bearer TOKEN", or "Basic" with it as password.

        Basic is for players that know nothing else, as in http://livecam:TOKEN@localhost:8600/mjpeg.
        """
        scheme, _, value = header.strip().partition(" ")
        match scheme.lower():
            case "bearer":
                return self.is_token(value.strip())
            case "basic":
                return self.is_token(_password_in(value.strip()))
        return False

    def is_own_host(self, header: str) -> bool:
        """Whether a Host header names this server, at any port: a tunnel may have another one.

        An address in numbers cannot be made to point elsewhere, so that any will do where others may connect.
        """
        name = host_name(header)
        if name is None:
            return False
        if name in (*LOOPBACK, self.host.lower(), *(each.lower() for each in self.extra_hosts)):
            return True
        return self.host not in LOOPBACK and _is_address(name)


def is_own_origin(origin: str, host: str) -> bool:
    """Whether an Origin header is that of a page which this Host served."""
    scheme, _, rest = origin.partition("://")
    return scheme in ("http", "https") and rest.lower() == host.lower()


def host_name(header: str) -> str | None:
    """Return the lower-case name of a Host header, without port and brackets; None where it is none."""
    if not header or len(header) > LONGEST_HEADER or any(each in header for each in "/@?#\\ \t"):
        return None
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts.hostname


def cookie_name(host: str) -> str:
    """Return the cookie's name for a Host header: browsers keep one jar for all ports of a host."""
    try:
        return f"livecam_{urlsplit(f'//{host}').port or USUAL_PORT}"
    except ValueError:
        return f"livecam_{USUAL_PORT}"


def page_address(access: Access, port: int, token: str) -> str:
    """Return the address of the page on this machine with a token or a ticket."""
    # In numbers: a browser may look for "localhost" at ::1, where another user's program may listen.
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(access.host, access.host)  # noqa: S104
    return f"http://{_bracketed(shown)}:{port}/?t={token}"


def addresses(access: Access, port: int, environ: Mapping[str, str], *, is_in_container: bool) -> list[str]:
    """Return what is printed: the address with its token, then how to reach it from another machine.

    Args:
        access: whose host and token they have.
        port: that is listened on.
        environ: where SSH_CONNECTION says that the user sits elsewhere.
        is_in_container: whether a port has to be published first.
    """
    is_reachable = access.host not in LOOPBACK
    lines = [page_address(access, port, access.token)]
    if is_in_container:
        flag = "" if is_reachable else " and livecam with --host 0.0.0.0"
        lines.append(f"in a container: start it with  docker run -p 127.0.0.1:{port}:{port} ...{flag}")
    if is_reachable:
        lines.append("other machines can open it too: whoever is in the picture has to know of that")
    connection = environ.get("SSH_CONNECTION", "").split()
    if connection:
        server = _bracketed(connection[2]) if len(connection) > 2 else "THIS-MACHINE"  # noqa: PLR2004
        lines.append(
            f"over SSH: run on your own machine  ssh -L {port}:localhost:{port} {server}  then open it"
        )
    return lines


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _password_in(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
