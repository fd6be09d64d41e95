"""Reaching an endpoint step by step, with the time of each: name, TCP, TLS. Sends no request but HEAD."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from livecam.consent import is_needed
from livecam.errors import LivecamError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from livecam.clock import Clock

TIMEOUT = 4.0
"""Seconds for each step; a name server cannot be given one."""
MOST_SKEW = 300.0
"""Seconds: AWS refuses a request that was signed longer ago, or later than now (AWS General Reference)."""
_PORTS = {"http": 80, "https": 443}


_NAME = "check the Region's spelling, the network and its name server"
_REFUSED = "see that address and port are right (--endpoint-url, AWS_ENDPOINT_URL) and that something listens"
_PROXY = "correct or unset HTTPS_PROXY (or HTTP_PROXY), or except the endpoint from it with NO_PROXY"
_SILENT = (
    "a firewall or a network without a way out may drop it: open TCP to it, or name a proxy in HTTPS_PROXY"
)
_NOT_TRUSTED = "a proxy that reads along, or a private authority, has its own: name it with AWS_CA_BUNDLE"
_NO_TLS = "see that the address begins as it should (https or http), and what stands between"
_BUNDLE = "correct or unset AWS_CA_BUNDLE"


class Unreachable(LivecamError):
    """An endpoint was not reached; says at which step.

    Args:
        message: one sentence, without its full stop.
        advice: what to do.
    """

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Tls:
    """An encrypted connection."""

    seconds: float
    """That shaking hands took."""
    version: str
    """Such as "TLSv1.3"."""
    issuer: str
    """Who vouches for the certificate, such as "Amazon"."""
    ends_at: datetime
    """When the certificate ends; aware."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How an endpoint, or the proxy before it, was reached; durations in seconds."""

    host: str
    address: str
    lookup: float
    connect: float
    tls: Tls | None
    """None without TLS, as with most proxies."""
    is_proxy: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answered to a request without a signature."""

    seconds: float
    """After which it came."""
    here: datetime
    """Wall time of this machine when the endpoint told its own."""
    there: datetime | None
    """Wall time of the endpoint, cut to a full second; None when it tells none."""

    @property
    def skew(self) -> float | None:
        """Seconds that this machine's clock is ahead; None when the endpoint tells no time."""
        # What it tells is cut to a full second: half of one is missing on average.
        return None if self.there is None else (self.here - self.there).total_seconds() - 0.5


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
    try:
        return _reached(proxy or url, ca_bundle, clock, is_proxy=proxy is not None)
    except Unreachable as error:
        if proxy is None:
            raise
        raise Unreachable(f"the proxy before {url}: {error}", _PROXY) from error


def _reached(url: str, ca_bundle: str | None, clock: Clock, *, is_proxy: bool) -> Reached:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443)
    begun_at = clock.now()
    addresses = _resolved(host, port)
    found_at = clock.now()
    try:
        with _connected(addresses, port) as connection:
            connected_at, address = clock.now(), connection.getpeername()[0]
            tls = _shake_hands(connection, host, ca_bundle, clock) if parts.scheme == "https" else None
    except TimeoutError as error:
        raise Unreachable(
            f"{host} does not answer on port {port} within {TIMEOUT:g} seconds", _SILENT
        ) from error
    except OSError as error:
        raise Unreachable(
            f"no connection to {host} port {port}: {error.strerror or error}", _REFUSED
        ) from error
    lookup, connect = found_at - begun_at, connected_at - found_at
    return Reached(host, str(address), lookup, connect, tls, is_proxy=is_proxy)


def ask(url: str, *, ca_bundle: str | None, clock: Clock) -> Answer:
    """Send an endpoint a HEAD request, and return what it answers; through its proxy where there is one.

    Args:
        url: the endpoint, `scheme://host[:port]`.
        ca_bundle: file or folder of certificates to trust; None for the system's.
        clock: compared with the endpoint's.

    Raises:
        Unreachable: it does not answer.
    """
    began_at = clock.now()
    there = _time_told(url, ca_bundle)
    seconds = clock.now() - began_at
    return Answer(seconds, clock.wall() - timedelta(seconds=seconds / 2), there)


def _time_told(url: str, ca_bundle: str | None) -> datetime | None:
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
        told = f"{urlsplit(url).hostname} answers no request within {TIMEOUT:g} s ({type(error).__name__})"
        raise Unreachable(told, _SILENT) from error


def _resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the order in which they are to be tried."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        told = f"the name {host} is not known ({getattr(error, 'strerror', None) or error})"
        raise Unreachable(told, _NAME) from error
    return [str(address[0]) for _, _, _, _, address in found]


def _connected(addresses: list[str], port: int) -> socket.socket:
    """Connect to the first address that takes it, as the clients do: IPv6, say, may lead nowhere."""
    *others, last = addresses
    for address in others:
        with contextlib.suppress(OSError):
            return socket.create_connection((address, port), TIMEOUT)
    return socket.create_connection((last, port), TIMEOUT)


def _shake_hands(connection: socket.socket, host: str, ca_bundle: str | None, clock: Clock) -> Tls:
    context = _context(ca_bundle)
    begun_at = clock.now()
    try:
        with context.wrap_socket(connection, server_hostname=host) as encrypted:
            seconds, version = clock.now() - begun_at, encrypted.version() or "TLS"
            certificate = encrypted.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        told = f"the certificate of {host} is not trusted ({error.verify_message})"
        raise Unreachable(told, _NOT_TRUSTED) from error
    except ssl.SSLError as error:
        raise Unreachable(f"{host} does not speak TLS with us ({error.reason or error})", _NO_TLS) from error
    ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return Tls(seconds, version, _issuer(certificate), ends_at)


def _issuer(certificate: Mapping[str, Any]) -> str:
    """Return the organisation that issued a certificate, or what else it calls itself."""
    parts = {name: value for each in certificate.get("issuer", ()) for name, value in each}
    return str(parts.get("organizationName") or parts.get("commonName") or "nobody it names")


def _context(ca_bundle: str | None) -> ssl.SSLContext:
    try:
        if os.path.isdir(ca_bundle or ""):  # noqa: PTH112
            return ssl.create_default_context(capath=ca_bundle)
        return ssl.create_default_context(cafile=ca_bundle)
    except OSError as error:  # SSLError is one: a file without certificates
        told = f"AWS_CA_BUNDLE: {ca_bundle} holds no certificates that can be read"
        raise Unreachable(told, _BUNDLE) from error
