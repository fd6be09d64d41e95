"""Reaching an endpoint step by step, with the time of each: name, TCP, TLS. Sends no request but HEAD."""

from __future__ import annotations

import os
import socket
import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from livecam.consent import is_needed
from livecam.errors import LivecamError

if TYPE_CHECKING:
    from datetime import datetime

    from livecam.clock import Clock

TIMEOUT = 4.0
"""Seconds for each step; a name server cannot be given one."""
_PORTS = {"http": 80, "https": 443}


class Unreachable(LivecamError):
    """An endpoint was not reached; says at which step."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How an endpoint, or the proxy before it, was reached; durations in seconds."""

    host: str
    address: str
    lookup: float
    connect: float
    tls: float | None
    """None without TLS, as with most proxies."""
    is_proxy: bool = False


def proxy_for(url: str) -> str | None:
    """Return the proxy that calls to an address go through, as the environment says; None for none.

    What is meant for this machine never goes to a proxy; the clients see to that too.
    """
    parts = urlsplit(url)
    if not is_needed(url) or proxy_bypass(parts.hostname or ""):
        return None
    found = getproxies().get(parts.scheme)
    return found if found is None or "://" in found else f"http://{found}"


def reach(url: str, *, ca_bundle: str | None, clock: Clock) -> Reached:
    """Open a connection to an endpoint and close it; to its proxy where there is one.

    Args:
        url: the endpoint, `scheme://host[:port]`.
        ca_bundle: file or folder of certificates to trust; None for the system's.
        clock: times the steps.

    Raises:
        Unreachable: it was not; says why.
    """
    proxy = proxy_for(url)
    parts = urlsplit(proxy or url)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443)
    begun_at = clock.now()
    family, address = _resolved(host, port)
    found_at = clock.now()
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(TIMEOUT)
            connection.connect(address)
            connected_at = clock.now()
            is_encrypted = parts.scheme == "https"
            if is_encrypted:
                _shake_hands(connection, host, ca_bundle)
            done_at = clock.now()
    except TimeoutError as error:
        raise Unreachable(f"{host} does not answer on port {port} within {TIMEOUT:g} seconds") from error
    except OSError as error:
        raise Unreachable(f"no connection to {host} port {port}: {error.strerror or error}") from error
    tls = done_at - connected_at if is_encrypted else None
    lookup, connect = found_at - begun_at, connected_at - found_at
    return Reached(host, str(address[0]), lookup, connect, tls, is_proxy=proxy is not None)


def time_there(url: str, *, ca_bundle: str | None) -> datetime | None:
    """Return the wall time an endpoint tells with its answer, to the second; None when it tells none.

    Raises:
        Unreachable: it does not answer.
    """
    import urllib3

    proxy, context = proxy_for(url), _context(ca_bundle)
    pool = (
        urllib3.ProxyManager(proxy, ssl_context=context)
        if proxy
        else urllib3.PoolManager(ssl_context=context)
    )
    try:
        with pool:
            answer = pool.request("HEAD", url, timeout=TIMEOUT, retries=False, redirect=False)
            return parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unreachable(f"{urlsplit(url).hostname} does not answer ({type(error).__name__})") from error


def _resolved(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise Unreachable(
            f"the name {host} is not known ({getattr(error, 'strerror', None) or error}); check the"
            " Region's spelling, the network and its name server"
        ) from error
    return family, (str(address[0]), int(address[1]))


def _shake_hands(connection: socket.socket, host: str, ca_bundle: str | None) -> None:
    try:
        with _context(ca_bundle).wrap_socket(connection, server_hostname=host):
            pass
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            f"the certificate of {host} is not trusted ({error.verify_message}); a proxy that reads along, or"
            " a private authority, has its own: name it with AWS_CA_BUNDLE"
        ) from error
    except ssl.SSLError as error:
        raise Unreachable(f"{host} does not speak TLS with us ({error.reason or error})") from error


def _context(ca_bundle: str | None) -> ssl.SSLContext:
    try:
        if os.path.isdir(ca_bundle or ""):  # noqa: PTH112
            return ssl.create_default_context(capath=ca_bundle)
        return ssl.create_default_context(cafile=ca_bundle)
    except OSError as error:  # SSLError is one: a file without certificates
        raise Unreachable(
            f"AWS_CA_BUNDLE: {ca_bundle} holds no certificates that can be read; correct or unset it"
        ) from error
