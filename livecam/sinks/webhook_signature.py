"""Signatures as the Standard Webhooks specification has them (standardwebhooks.com). Pure.

The signed text is `id.timestamp.body`, the signature `v1,` and the base64 of its HMAC-SHA256.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from livecam.errors import UsageError

ENCODED_PREFIX = "whsec_"
"""What follows it is the key in base64."""


def signing_key(secret: str) -> bytes:
    """Return the key that a secret stands for; any other text than `whsec_...` is itself the key.

    Raises:
        UsageError: it is empty, or begins with `whsec_` and does not go on in base64.
    """
    if not secret.startswith(ENCODED_PREFIX):
        key = secret.encode()
    else:
        try:
            key = base64.b64decode(secret.removeprefix(ENCODED_PREFIX), validate=True)
        except ValueError as error:  # also binascii's
            raise UsageError(
                "the webhook's secret begins with whsec_ but does not go on in base64; copy it whole"
            ) from error
    if not key:
        raise UsageError("the webhook's secret is empty; give the one that the receiver expects, or none")
    return key


def sign(key: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the `webhook-signature` header of a message.

    Args:
        key: as `signing_key` returns it.
        message_id: the `webhook-id` header; holds no full stop.
        timestamp: the `webhook-timestamp` header, Unix seconds.
        body: exactly as it is sent.
    """
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
