"""Marked secrets, and the search for them in whatever is left behind."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FACE = re.compile(
    rb"\xff\xd8\xff|\\xff\\xd8\\xff|\x89PNG\r|/9j/4AAQ|iVBORw0KGgo|data:image|"  # a picture
    rb"[A-Za-z0-9+/]{400}|(?:-?\d+\.\d+(?:e-?\d+)?,\s*){64}"  # anything else as text; what describes a face
)
"""What a log, an event or a message must never hold: a picture, or numbers that tell a face from others."""


@dataclass(frozen=True)
class Canary:
    """A secret that is known again wherever it comes out."""

    name: str
    text: str
    """As it is given to livecam; its marks are letters, digits, "-" and "_": no quoting changes them."""

    @property
    def marks(self) -> list[str]:
        """What is searched for: each part, so that a secret which is masked up to a "/" is found too."""
        return re.findall(r"[A-Za-z0-9_-]{12,}", unquote(self.text))


ACCESS_KEY = Canary("access key", "AKIACANARYCANARY4A7Q")
SECRET_KEY = Canary("AWS secret key", "CanarySecretKeyHead/+CanarySecretKeyTail7q")
SESSION_TOKEN = Canary("session token", "CanarySessionHead//CanarySessionMiddle+9/CanarySessionTail==")
STREAM_USER = Canary("stream user", "CanaryStreamUser3x")
STREAM_PASSWORD = Canary("stream password", "CanaryStreamPassHead%40'%3BCanaryStreamPassTail")
QUERY_TOKEN = Canary("query token", "CanaryQueryToken5z")
PRESIGNED = Canary("presigned query", "CanaryPresignedSignature8w")
WEBHOOK_SECRET = Canary("webhook secret", "CanaryWebhookSecret2k")
WEBHOOK_PATH = Canary("webhook path", "CanaryWebhookPath6m")
PROXY_PASSWORD = Canary("proxy password", "CanaryProxyPassword1p")
GIVEN = (
    *(ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, STREAM_USER, STREAM_PASSWORD, QUERY_TOKEN, PRESIGNED),
    *(WEBHOOK_SECRET, WEBHOOK_PATH, PROXY_PASSWORD),
)


@dataclass(frozen=True)
class Leak:
    """A secret where it must not be."""

    secret: str
    form: str
    where: str


def leaks(produced: Mapping[str, bytes], canaries: Iterable[Canary]) -> list[Leak]:
    """Return every secret that is in what was produced (content by name), in whatever form."""
    wanted = [(canary.name, *form) for canary in canaries for mark in canary.marks for form in forms(mark)]
    return [
        Leak(secret, form, where)
        for where, content in produced.items()
        for secret, form, needle in wanted
        if needle in content
    ]


def forms(mark: str) -> Iterator[tuple[str, bytes]]:
    """Yield the forms in which a text may be hidden in another one: plain, hexadecimal, base64."""
    plain = mark.encode()
    yield "plain", plain
    yield "UTF-16", mark.encode("utf-16-le")
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    for before in range(3):  # bytes that stand before it decide how it is cut into letters
        padded = bytes(before) + plain
        begins, ends = (0, 2, 3)[before], len(padded) * 8 // 6
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            yield name, encode(padded)[begins:ends]


def contents(folder: Path) -> dict[str, bytes]:
    """Return what every file below a folder holds, by its path there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
