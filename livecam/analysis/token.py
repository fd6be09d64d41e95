"""The ClientRequestToken of a job: the same job has the same one, whoever asks again and whenever. Pure.

Written to the ledger before the first request, so that a token may change its making from version to version.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.stored_video import JobParameters, S3Place

_PREFIX = "livecam-"
_DIGITS = 48
"""Hexadecimal ones, 192 bits; with the prefix within the service's 64 characters."""


def client_request_token(place: S3Place, parameters: JobParameters, attempt: int) -> str:
    """Return the token of a job: 56 of a-z, 0-9 and "-".

    Args:
        place: the video; its version and ETag, as far as they are known, tell it from others of the same key.
        parameters: what is asked for: the service refuses a token that comes with others.
        attempt: 1 for the first; another one is another job, for one that failed or expired.
    """
    said = {"place": asdict(place), "parameters": asdict(parameters), "attempt": attempt}
    # JSON keeps the values apart: "a" and "bc" must not be the same as "ab" and "c".
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return _PREFIX + digest[:_DIGITS]
