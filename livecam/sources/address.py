"""Naming a stream without its secrets. Pure.

What may be told of a URL is its scheme, host, port and path. User name, password and query never are:
cameras take passwords in all three, and many a password is written with characters that a URL should
have had escaped. Where it cannot be told which part is the password, nothing but the scheme is said.
"""

from __future__ import annotations

import re

from livecam.redaction import MASK, redact

MAX_ID_LENGTH = 64
"""Characters of a source id; a longer path is cut."""

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+(?:%[\w.-]+)?\]|[^:]*)(?P<port>:[0-9]{1,5})?")
_KEYED = ("rtmp", "rtmps")
"""Schemes whose path ends in a stream key, which is a password in all but name."""
_WHAT_FOLLOWS_THE_HOST = re.compile(r"(?=[/?#\\])")


def shown(url: str) -> str:
    """Return a URL as it may be shown: `scheme://host:port/path`, one printable line.

    An "@" behind the host makes it unclear where a password ends ("user:pass/word@host/cam" or
    "host/@cam"); then it is `scheme://***`.
    """
    begin, place = _parts(url)
    return f"{begin}://{place}" if begin else MASK


def source_id(url: str) -> str:
    """Return a short stable id for events and traces, such as "cam.local:8554/door"."""
    begin, place = _parts(url)
    if not begin or place == MASK:
        return begin or "stream"
    return place.rstrip("/")[:MAX_ID_LENGTH] or begin


def names_a_user(url: str) -> bool:
    """Return whether a URL carries a user name, password or both."""
    match = _URL.fullmatch(url)
    return match is not None and "@" in _WHAT_FOLLOWS_THE_HOST.split(match["rest"], maxsplit=1)[0].lstrip("@")


def scheme(url: str) -> str:
    """Return a URL's scheme in lower case; empty for what is no URL."""
    return _parts(url)[0]


def host(url: str) -> str | None:
    """Return a URL's host without brackets; None where it cannot be told."""
    place = _parts(url)[1]
    named = _HOST.fullmatch(_WHAT_FOLLOWS_THE_HOST.split(place, maxsplit=1)[0])
    return None if place == MASK or named is None else named["host"].strip("[]") or None


def _parts(url: str) -> tuple[str, str]:
    """Return (scheme, what may be shown behind it); scheme is empty for what is no URL."""
    match = _URL.fullmatch(url)
    if match is None:
        return "", MASK
    authority, *rest = _WHAT_FOLLOWS_THE_HOST.split(match["rest"], maxsplit=1)
    behind = rest[0] if rest else ""
    place = _HOST.fullmatch(authority.rpartition("@")[2])
    if "@" in behind or place is None:
        return match["scheme"].lower(), MASK
    path = re.split(r"[?#]", behind, maxsplit=1)[0]
    if match["scheme"].lower() in _KEYED:
        path = re.sub(r"(?<=/)[^/]+$", MASK, path)
    printable = "".join(each if each.isprintable() else "?" for each in place[0] + redact(path))
    return match["scheme"].lower(), printable
