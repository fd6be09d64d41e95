"""What comes to the local endpoint: refused as the service refuses it, and the next call is answered."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from tests.fuzz.cases import fuzzed
from tests.fuzz.damage import CHANGES, DAMAGE, TEXTS, Changes, Damage
from tests.fuzz.test_words import PLAN
from tests.local_aws.clients import a_jpeg, a_png, answer_from, connected, signed_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.local_aws.server import Running

PATIENCE = 20.0
JPEG = base64.b64encode(a_jpeg()).decode()
REQUESTS: dict[str, dict[str, Any]] = {
    "DetectFaces": {"Image": {"Bytes": JPEG}, "Attributes": ["ALL"]},
    "StartFaceDetection": {
        "Video": {"S3Object": {"Bucket": "clips", "Name": "a.mp4", "Version": "1"}},
        "ClientRequestToken": "t",
        "NotificationChannel": {"SNSTopicArn": "arn:aws:sns:us-east-1:123456789012:t", "RoleArn": "r"},
        "FaceAttributes": "ALL",
        "JobTag": "tag",
    },
    "GetFaceDetection": {"JobId": "0" * 64, "MaxResults": 10, "NextToken": "x"},
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Running]:
    with in_background(Setup(eyes=CannedEyes(), with_moto=False)) as running:
        yield running


def answered(endpoint: Running, request: bytes) -> tuple[int, dict[str, Any]]:
    """Return status and content of the answer to a whole request."""
    with connected(endpoint.port, timeout=PATIENCE) as wire:
        wire.sendall(request)
        status, _, body = answer_from(wire)
    content: dict[str, Any] = json.loads(body)
    return status, content


def assert_serves(endpoint: Running) -> None:
    status, answer = answered(endpoint, signed_request(endpoint.url))
    assert status == 200
    assert len(answer["FaceDetails"]) == 1


@fuzzed(80, damage=DAMAGE, is_ended=st.booleans())
def test_a_damaged_request_is_refused_or_its_connection_ends(
    endpoint: Running, damage: Damage, *, is_ended: bool
) -> None:
    request = damage.of(signed_request(endpoint.url, headers={"Connection": "close"}))
    with connected(endpoint.port, timeout=PATIENCE) as wire, contextlib.suppress(ConnectionError):
        wire.sendall(request)
        if is_ended or b"\r\n\r\n" not in request:
            wire.shutdown(1)
        received = wire.recv(65536) if is_ended else b""
        assert b" 500 " not in received[:20]
    assert_serves(endpoint)


@fuzzed(120, operation=st.sampled_from(sorted(REQUESTS)), changes=CHANGES)
def test_a_request_of_any_values_is_answered_or_refused_by_an_error_of_the_service(
    endpoint: Running, operation: str, changes: Changes
) -> None:
    body = json.dumps(changes.of(REQUESTS[operation])).encode("utf-8", "surrogatepass")
    status, answer = answered(endpoint, signed_request(endpoint.url, operation=operation, body=body))
    assert status in (200, 400), (status, answer)
    assert status == 200 or answer["__type"]


@fuzzed(60, damage=DAMAGE, picture=st.sampled_from([a_jpeg(), a_png()]))
def test_a_damaged_picture_is_looked_at_or_refused(endpoint: Running, damage: Damage, picture: bytes) -> None:
    content = {"Image": {"Bytes": base64.b64encode(damage.of(picture)).decode()}}
    status, answer = answered(endpoint, signed_request(endpoint.url, content))
    assert status == 200 or answer["__type"] in (
        "InvalidImageFormatException",
        "InvalidParameterException",
        "ValidationException",
    ), answer


@fuzzed(
    80, value=st.one_of(TEXTS, DAMAGE.map(lambda damage: damage.of(b"AWS4-HMAC-SHA256 Credential=a/b/c/d/e")))
)
def test_a_signature_of_anything_is_refused(endpoint: Running, value: str | bytes) -> None:
    text = value if isinstance(value, str) else value.decode("latin-1")
    line = " ".join(text.encode("latin-1", "replace").decode("latin-1").split("\r\n"))
    line = "".join(each for each in line if each not in "\r\n")
    status, answer = answered(
        endpoint,
        signed_request(endpoint.url, headers={"Authorization": line.encode("ascii", "replace").decode()}),
    )
    assert status in (400, 403)
    assert answer["__type"]


@fuzzed(80, changes=CHANGES, operation=st.sampled_from(["faults", "requests", "", "../faults"]))
def test_a_plan_of_any_values_is_in_force_or_refused(
    endpoint: Running, changes: Changes, operation: str
) -> None:
    body = json.dumps(changes.of(PLAN)).encode("utf-8", "surrogatepass")
    head = f"PUT /_livecam/{operation} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    try:
        status, answer = answered(endpoint, head.encode() + body)
        assert status in (200, 400, 404)
        assert status == 200 or answer["error"]
    finally:
        away = b"DELETE /_livecam/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
        assert answered(endpoint, away)[0] == 200
