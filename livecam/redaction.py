"""Taking secrets out of text before anybody sees it. Pure; knows nothing of logging.

What counts as a secret: passwords in URLs, AWS access keys, session tokens and signatures, bearer
tokens, and whatever follows a key whose name says so (`password=`, `token:`, `?t=`). Pictures go
too: botocore writes down what it sends.
"""

from __future__ import annotations

import re
from typing import Any

MASK = "***"

# AWS key ids have a fixed prefix and 16 more characters (IAM User Guide, "unique identifiers").
_ACCESS_KEY_ID = re.compile(r"\b(?:AKIA|ASIA|AIDA|AROA)[0-9A-Z]{16}\b")
# A password may itself hold "@" and "'": all up to the last "@" before the path is taken.
_URL_CREDENTIALS = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)[^/\s\"]*@", re.IGNORECASE)
_TELLING_NAME = (
    r"(?:[\w-]*(?:password|passwd|secret|token|signature|credential|api[_-]?key|authorization)[\w-]*"
    r"|x-amz-[\w-]+|aws_secret_access_key)"
)
_NAMED = re.compile(
    rf"(?P<name>\b{_TELLING_NAME}['\"]?\s*[=:]\s*(?:b?['\"])?)(?:(?:bearer|basic)\s+)?[^\s'\"&,;}}]+",
    re.IGNORECASE,
)
_PAGE_TOKEN = re.compile(r"(?P<name>[?&]t=)[^&\s'\"]+")
# A picture as JSON has it, or whatever else nobody reads: a face does not belong into a message either.
_ESCAPE = r"\\(?:x[0-9a-f]{2}|[nrt'\\])"
_LONG = re.compile(rf"[A-Za-z0-9+/]{{400,}}={{0,2}}|(?:{_ESCAPE}[^\\]{{0,40}}){{100,}}{_ESCAPE}")
_BEARER = re.compile(r"(?P<name>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)


def redact(text: str) -> str:
    """Return `text` with every secret, and every picture, replaced by `***`."""
    text = _LONG.sub(MASK, text)
    text = _URL_CREDENTIALS.sub(rf"\g<scheme>{MASK}@", text)
    text = _NAMED.sub(rf"\g<name>{MASK}", text)
    for pattern in (_PAGE_TOKEN, _BEARER):
        text = pattern.sub(rf"\g<name>{MASK}", text)
    return _ACCESS_KEY_ID.sub(MASK, text)


def redact_values(record: dict[str, Any]) -> dict[str, Any]:
    """Return a flat record with every secret in its texts replaced."""
    return {key: redact(value) if isinstance(value, str) else value for key, value in record.items()}
