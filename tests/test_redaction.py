import base64
import hashlib

import pytest

from livecam.redaction import redact, redact_values

JPEG = b"\xff\xd8\xff" + hashlib.shake_256(b"a picture").digest(2_000)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("rtsp://admin:hunter2@10.0.0.5/stream", "hunter2"),
        ("rtsp://admin:p@ss/w0rd@10.0.0.5", "p@ss"),
        ("key AKIAIOSFODNN7EXAMPLE was used", "AKIAIOSFODNN7EXAMPLE"),
        ("aws_secret_access_key=wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI"),
        ("AWS_SESSION_TOKEN: abc123def", "abc123def"),
        ("{'Authorization': 'Bearer eyJhbGciOi'}", "eyJhbGciOi"),
        ("Authorization: Bearer eyJhbGciOi", "eyJhbGciOi"),
        ("rtsp://admin:it's-hunter2@10.0.0.5/stream", "hunter2"),
        ("?X-Amz-Signature=deadbeef&x=1", "deadbeef"),
        ("http://127.0.0.1:8600/?t=sesame&x=1", "sesame"),
        ("password = 'hunter2'", "hunter2"),
    ],
)
def test_a_secret_is_taken_out(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "text", ["frame 12 was not answered: no answer within 3 s", "http://127.0.0.1:8600/live?x=1", ""]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("picture", [repr(JPEG), base64.b64encode(JPEG).decode()], ids=["bytes", "base64"])
def test_a_picture_is_taken_out(picture: str) -> None:
    said = redact(f"request for DetectFaces with {{'Bytes': {picture}}}, 1 of 2")
    assert said.startswith("request for DetectFaces with {'Bytes': ")
    assert said.endswith("}, 1 of 2")
    assert "***" in said
    assert len(said) < 100


def test_the_rest_of_a_url_stays_readable() -> None:
    assert redact("rtsp://u:p@cam.local/h264?ch=1") == "rtsp://***@cam.local/h264?ch=1"


def test_a_record_keeps_its_numbers() -> None:
    assert redact_values({"at": 1.5, "text": "token=abc"}) == {"at": 1.5, "text": "token=***"}


def test_a_session_token_in_a_request_that_botocore_logs_is_masked() -> None:
    said = "AWSPreparedRequest(headers={'X-Amz-Security-Token': b'IQoJb3JpZ2luX2VjEXAMPLE', 'X': b'1'})"
    assert "IQoJ" not in redact(said)
