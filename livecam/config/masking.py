"""Settings as they may be shown: without the passwords and tokens that people write into them.

A stream's user, password and query, a webhook's path (it is the whole secret of a chat's webhook) and
its signing key are never shown, in an error as little as in `livecam config show`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from livecam.faces import BoundingBox
from livecam.redaction import MASK, redact
from livecam.sources import address

LONGEST_SHOWN = 80
"""Characters of a bad value that are repeated to the one who wrote it."""


def plain(key: str, value: object) -> Any:  # noqa: ANN401  whatever JSON can hold
    """Return a value as JSON can hold it, without secrets.

    Args:
        key: of the setting; what is secret depends on it.
        value: as written or as read; texts, numbers, lists, paths and boxes.
    """
    if key == "webhook_secret" or isinstance(value, SecretStr):
        return None if value is None else MASK
    if isinstance(value, str | Path):
        return _without_secrets(key, str(value))
    if isinstance(value, BoundingBox):
        return [round(each, 6) for each in (value.left, value.top, value.width, value.height)]
    if isinstance(value, list | tuple):
        return [plain(key, each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))


def quoted(key: str, value: object) -> str:
    """Return a value for a sentence: one line, not long, without secrets."""
    text = repr(plain(key, value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def safe_words(key: str, words: str) -> str:
    """Return words that may repeat a value, without the secrets of an address in them."""
    return re.sub(r"[\w+.-]+://[^\s'\"]+", lambda found: _without_secrets(key, found[0]), words)


def _without_secrets(key: str, text: str) -> str:
    if key == "webhook":
        try:
            parts = urlsplit(text)
            host = parts.netloc.rpartition("@")[2]
        except ValueError:
            return MASK
        return f"{parts.scheme}://{host}/{MASK}" if parts.scheme and host else MASK
    name, colon, argument = text.partition(":") if key == "sink" else ("", "", text)
    return f"{name}{colon}{address.shown(argument)}" if "://" in argument else redact(text)
