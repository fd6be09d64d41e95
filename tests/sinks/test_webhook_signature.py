from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from livecam.errors import UsageError
from livecam.sinks.webhook_signature import sign, signing_key


def test_the_specifications_example_gives_its_signature() -> None:
    key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signature = sign(key, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_id_timestamp_and_body_are_all_signed() -> None:
    key = signing_key("a secret")
    signature = sign(key, message_id="msg_1", timestamp=7, body=b"{}")
    others = [
        sign(key, message_id="msg_2", timestamp=7, body=b"{}"),
        sign(key, message_id="msg_1", timestamp=8, body=b"{}"),
        sign(key, message_id="msg_1", timestamp=7, body=b"[]"),
        sign(signing_key("another"), message_id="msg_1", timestamp=7, body=b"{}"),
    ]
    assert signature not in others
    assert len(set(others)) == 4


def test_a_secret_of_any_other_form_is_the_key_itself() -> None:
    assert signing_key("Schlüssel") == "Schlüssel".encode()
    expected = base64.b64encode(hmac.digest("Schlüssel".encode(), b"a.1.x", hashlib.sha256)).decode()
    assert sign(signing_key("Schlüssel"), message_id="a", timestamp=1, body=b"x") == f"v1,{expected}"


@pytest.mark.parametrize("secret", ["whsec_not that", "whsec_MfKQ9r8GK", "whsec_äöü"])
def test_a_damaged_secret_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(UsageError, match="copy it whole") as caught:
        signing_key(secret)
    assert secret.removeprefix("whsec_") not in str(caught.value)


@pytest.mark.parametrize("secret", ["", "whsec_"])
def test_an_empty_secret_is_refused(secret: str) -> None:
    with pytest.raises(UsageError, match="is empty"):
        signing_key(secret)
