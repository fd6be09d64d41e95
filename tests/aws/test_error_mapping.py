from __future__ import annotations

import string
from datetime import UTC, datetime
from typing import Any

import botocore.exceptions  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError

from livecam.aws.broken_answer import BrokenAnswer
from livecam.aws.error_mapping import CallTarget, translate
from livecam.aws.service_errors import SERVICE_ERRORS
from livecam.errors import CloudError
from livecam.redaction import redact
from tests.aws.test_library_errors import CLASSES

TARGET = CallTarget(
    "rekognition:DetectFaces", "eu-west-1", "https://rekognition.eu-west-1.amazonaws.com", "work"
)
LOCAL = CallTarget("rekognition:DetectFaces", "eu-west-1", "http://127.0.0.1:5000")
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SECRET = "FwoGZXIvYXdzEBYaDH+very+secret+session"  # noqa: S105  of nobody


def refused(
    code: str, message: str = "No.", *, status: int = 400, operation: str = "DetectFaces", date: str = ""
) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {"date": date}}
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
    return ClientError(response, operation)


def said(error: Exception, target: CallTarget = TARGET) -> str:
    return str(translate(error, target=target, wall=NOW))


@pytest.mark.parametrize("code", SERVICE_ERRORS)
def test_every_code_of_a_service_is_one_sentence_without_secrets(code: str) -> None:
    error = translate(refused(code, f"Because\nsecurity-token: {SECRET}."), target=TARGET, wall=NOW)
    assert isinstance(error, CloudError)
    assert error.code == code
    assert "\n" not in str(error)
    assert SECRET not in str(error)
    assert "{" not in str(error).replace('{"Effect', "")
    assert error.blame == SERVICE_ERRORS[code].blame or code == "InvalidSignatureException"
    assert error.is_throttle is SERVICE_ERRORS[code].is_throttle


def of(kind: Any) -> Exception:  # noqa: ANN401  botocore has no types
    """Return an exception of botocore's with whatever its text needs."""
    names = [name for _, name, _, _ in string.Formatter().parse(getattr(kind, "fmt", "")) if name]
    if issubclass(kind, botocore.exceptions.WaiterError):
        names.append("last_response")
    error: Exception = kind(**dict.fromkeys(names, "some value"))
    return error


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_exception_of_botocore_is_one_sentence(kind: type[Exception]) -> None:
    error = translate(of(kind), target=TARGET)
    assert error.code == kind.__name__
    assert "unexpectedly" not in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("target", [TARGET, LOCAL], ids=["a profile", "no profile"])
@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_the_log_has_nothing_to_take_out_of_a_sentence(kind: type[Exception], target: CallTarget) -> None:
    message = said(of(kind), target)
    assert redact(message) == message
    assert "***" not in message


@pytest.mark.parametrize("target", [TARGET, LOCAL], ids=["a profile", "no profile"])
@pytest.mark.parametrize("code", SERVICE_ERRORS)
def test_the_log_has_nothing_to_take_out_of_a_refusal(code: str, target: CallTarget) -> None:
    message = said(refused(code), target)
    assert redact(message) == message
    assert "***" not in message


def test_an_expired_session_says_what_to_run_with_the_profile() -> None:
    assert "aws sso login --profile work" in said(refused("ExpiredTokenException"))
    assert "aws sso login --profile work" in said(botocore.exceptions.UnauthorizedSSOTokenError())
    nobody = CallTarget("rekognition:DetectFaces", "eu-west-1")
    assert "run `aws sso login`" in said(botocore.exceptions.UnauthorizedSSOTokenError(), nobody)


def test_refreshed_credentials_that_are_still_expired_are_an_expired_session() -> None:
    error = RuntimeError("Credentials were refreshed, but the refreshed credentials are still expired.")
    assert "aws sso login" in said(error)


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("Sun, 01 Mar 2026 11:41:00 GMT", "19 minutes ahead of AWS's"),
        ("Sun, 01 Mar 2026 12:07:00 GMT", "7 minutes behind AWS's"),
    ],
)
@pytest.mark.parametrize("code", ["InvalidSignatureException", "RequestTimeTooSkewed"])
def test_a_wrong_clock_is_told_with_how_much(code: str, date: str, told: str) -> None:
    error = translate(refused(code, "Signature expired", date=date), target=TARGET, wall=NOW)
    assert told in str(error)
    assert (error.blame, error.is_lasting) == ("user", True)


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 01 Mar 2026 12:00:30 GMT"])
def test_a_wrong_clock_is_told_without_a_figure_when_there_is_none(date: str) -> None:
    message = said(refused("InvalidSignatureException", "Signature expired: 2026 is now earlier", date=date))
    assert "clock is wrong" in message


def test_a_wrong_secret_is_told_apart_from_a_wrong_clock_and_quotes_nothing() -> None:
    text = f"The Canonical String should have been x-amz-security-token:{SECRET}"
    message = said(refused("InvalidSignatureException", text, date="Sun, 01 Mar 2026 12:00:02 GMT"))
    assert "secret key" in message
    assert SECRET not in message
    assert "clock" not in message


@pytest.mark.parametrize("code", ["AccessDeniedException", "AccessDenied"])
def test_a_denial_names_the_action_that_the_policy_needs(code: str) -> None:
    message = said(refused(code, "User: arn:aws:iam::1:user/x is not authorized to perform it."))
    assert '"Action": "rekognition:DetectFaces"' in message
    assert "arn:aws:iam::1:user/x" in message
    assert "eu-west-1" in message


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("with an explicit deny in a service control policy", "SCP"),
        ("because no service control policy allows it", "SCP"),
        ("with an explicit deny in an identity-based policy", "explicitly denies"),
        ("because no permissions boundary allows it", "permissions boundary"),
        ("because no session policy allows it", "session policy"),
        ("because no VPC endpoint policy allows it", "VPC endpoint"),
    ],
)
def test_a_denial_by_something_else_than_the_identitys_policy_says_so(reason: str, told: str) -> None:
    message = said(refused("AccessDeniedException", f"User: x is not authorized to perform: y {reason}"))
    assert told in message
    assert '"Action"' not in message


def test_a_role_that_cannot_be_assumed_is_not_taken_for_rekognitions_denial() -> None:
    message = said(refused("AccessDenied", "No.", status=403, operation="AssumeRole"))
    assert "sts:AssumeRole" in message
    assert "rekognition:" not in message


@pytest.mark.parametrize(
    ("code", "status", "blame", "is_throttle"),
    [
        ("502", 502, "service", False),
        ("503", 503, "service", False),
        ("NeverSeen", 500, "service", False),
        ("403", 403, "user", False),
        ("407", 407, "user", False),
        ("429", 429, "service", True),
        ("413", 413, "livecam", False),
        ("301", 301, "user", False),
        ("NeverSeen", 400, "livecam", False),
        ("", 0, "livecam", False),
    ],
)
def test_a_code_that_nobody_knows_is_judged_by_its_status(
    code: str, status: int, blame: str, *, is_throttle: bool
) -> None:
    error = translate(refused(code, "<html>", status=status), target=TARGET)
    assert (error.blame, error.is_throttle) == (blame, is_throttle)
    assert error.code


def test_an_error_without_anything_in_it_is_still_a_sentence() -> None:
    assert translate(ClientError({}, "DetectFaces"), target=TARGET).code == "Unknown"


class NameResolutionError(Exception):
    """Called as urllib3's."""


def test_a_name_that_cannot_be_resolved_asks_for_the_region() -> None:
    cause = NameResolutionError()
    message = said(botocore.exceptions.EndpointConnectionError(endpoint_url="x", error=cause))
    assert "rekognition.eu-west-1.amazonaws.com cannot be resolved" in message
    assert "--region" in message


def test_a_local_endpoint_that_is_not_there_says_how_to_start_it() -> None:
    error = botocore.exceptions.EndpointConnectionError(endpoint_url="x", error=OSError("refused"))
    assert "livecam local-aws" in said(error, LOCAL)
    assert "livecam local-aws" not in said(error)


@pytest.mark.parametrize(
    ("text", "told", "is_lasting"),
    [
        ("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate", "AWS_CA_BUNDLE", True),
        ("EOF occurred in violation of protocol", "broke", False),
    ],
)
def test_a_certificate_is_told_apart_from_a_broken_connection(
    text: str, told: str, *, is_lasting: bool
) -> None:
    error = translate(botocore.exceptions.SSLError(endpoint_url="x", error=text), target=TARGET)
    assert told in str(error)
    assert error.is_lasting is is_lasting


def test_the_password_of_an_endpoint_or_proxy_is_not_told() -> None:
    target = CallTarget("rekognition:DetectFaces", "eu-west-1", f"https://me:{SECRET}@example.com:8443")
    for error in (
        botocore.exceptions.ReadTimeoutError(endpoint_url="x"),
        botocore.exceptions.ConnectTimeoutError(endpoint_url="x"),
        ValueError(f"Invalid endpoint: https://me:{SECRET}@example.com"),
        botocore.exceptions.ProxyConnectionError(proxy_url=f"http://me:{SECRET}@proxy"),
    ):
        assert SECRET not in said(error, target)


def test_what_a_credential_process_printed_is_not_told() -> None:
    error = botocore.exceptions.CredentialRetrievalError(provider="custom-process", error_msg=SECRET)
    assert SECRET not in said(error)
    assert "custom-process" in said(error)


def test_partial_credentials_say_which_part_is_missing() -> None:
    error = botocore.exceptions.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY")
    assert "AWS_SECRET_ACCESS_KEY is missing in env" in said(error)


def test_a_broken_answer_keeps_its_code_and_says_that_it_is_not_no_face() -> None:
    error = translate(BrokenAnswer("TruncatedAnswer", "12 of 300 bytes came"), target=TARGET)
    assert error.code == "TruncatedAnswer"
    assert "12 of 300 bytes came" in str(error)
    assert "no face" in str(error)
    assert (error.blame, error.is_lasting) == ("service", False)


def test_what_is_already_told_is_left_as_it_is() -> None:
    error = CloudError("told", code="X", blame="user")
    assert translate(error, target=TARGET) is error


def test_what_nobody_expected_is_livecams_and_asks_for_a_report() -> None:
    error = translate(KeyError("odd"), target=TARGET)
    assert (error.code, error.blame, error.is_lasting) == ("KeyError", "livecam", False)
    assert "--debug" in str(error)


def test_a_long_message_is_cut() -> None:
    assert len(said(refused("InvalidParameterException", "x " * 5000))) < 500


def test_an_endpoint_of_ones_own_is_named_instead_of_the_region() -> None:
    assert "at http://127.0.0.1:5000" in said(refused("ThrottlingException", status=500), LOCAL)
    assert "in eu-west-1" in said(refused("ThrottlingException", status=500))


def test_translating_needs_only_public_attributes_of_an_exception() -> None:
    odd: Any = Exception("odd")
    odd.response = "no dict"
    odd.kwargs = None
    assert translate(odd, target=TARGET).code == "Exception"
