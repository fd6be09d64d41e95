from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from livecam.local_aws.http_messages import Request, parse_head
from livecam.local_aws.service_errors import ServiceError
from livecam.local_aws.signature import SignatureCheck, scope_of
from tests.local_aws.clients import signed_request

URL = "http://127.0.0.1:4577"


def a_request(*, secret: str = "test", was: bytes = b"", now: bytes = b"") -> Request:  # noqa: S107
    """Return a signed request, with some bytes of it changed on the way."""
    wire = (
        signed_request(URL, secret=secret).replace(was, now, 1) if was else signed_request(URL, secret=secret)
    )
    head, _, body = wire.partition(b"\r\n\r\n")
    request = parse_head(head, 0.0)
    request.body = body
    return request


def check(request: Request, *, ahead: timedelta = timedelta(), service: str = "rekognition") -> None:
    now = datetime.now(UTC) + ahead  # noqa: TID251  botocore signs with the real time
    SignatureCheck({"test": "test"}.get, scheme="http", wall=lambda: now).check(
        request, scope_of(request), service=service
    )


def code_of(request: Request, *, ahead: timedelta = timedelta(), service: str = "rekognition") -> str:
    with pytest.raises(ServiceError) as caught:
        check(request, ahead=ahead, service=service)
    return caught.value.code


def test_a_request_signed_with_the_secret_is_good() -> None:
    check(a_request())


def test_another_secret_is_not() -> None:
    assert code_of(a_request(secret="tset")) == "InvalidSignatureException"  # noqa: S106


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"Bytes", b"bytes"),
        (b"POST / ", b"POST /x "),
        (b"POST / ", b"PUT / "),
        (b"DetectFaces", b"DetectLabel"),
    ],
)
def test_a_request_that_was_changed_on_the_way_is_not(was: bytes, now: bytes) -> None:
    assert code_of(a_request(was=was, now=now)) == "InvalidSignatureException"


def test_a_key_that_nobody_was_given_is_not_known() -> None:
    request = a_request(was=b"Credential=test/", now=b"Credential=toast/")
    assert code_of(request) == "UnrecognizedClientException"


def test_a_signature_for_another_service_is_refused() -> None:
    assert code_of(a_request(), service="s3") == "InvalidSignatureException"


@pytest.mark.parametrize("minutes", [6, -6])
def test_clocks_may_differ_by_five_minutes(minutes: int) -> None:
    assert code_of(a_request(), ahead=timedelta(minutes=minutes)) == "InvalidSignatureException"
    check(a_request(), ahead=timedelta(minutes=minutes * 2 // 3))


def test_a_request_without_a_signature_or_with_half_of_one_is_refused() -> None:
    bare = parse_head(b"POST / HTTP/1.1\r\n\r\n", 0.0)
    assert code_of(bare) == "MissingAuthenticationTokenException"
    assert code_of(a_request(was=b"SignedHeaders", now=b"Headers")) == "IncompleteSignatureException"
    assert code_of(a_request(was=b"X-Amz-Date: 2", now=b"X-Amz-Date: x")) == "IncompleteSignatureException"
