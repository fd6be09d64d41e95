from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from livecam.aws.error_mapping import CallTarget, found, translate
from livecam.aws.errors_by_service import BY_SERVICE, FINDINGS
from livecam.redaction import redact
from tests.aws.test_service_errors import WORDS

if TYPE_CHECKING:
    from livecam.aws.service_errors import Rule
    from livecam.errors import CloudError

RULES = [rule for table in (*BY_SERVICE.values(), FINDINGS) for rule in table.values()]
TARGET = CallTarget(
    "s3:PutObject", "eu-west-1", "https://s3.eu-west-1.amazonaws.com", "work", "s3://my-clips/a/b.mp4"
)
ELSEWHERE = ["PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "BucketRegionError"]


def refused(
    code: str,
    message: str = "No",
    *,
    status: int = 400,
    operation: str = "PutObject",
    said: dict[str, str] | None = None,
    target: CallTarget = TARGET,
) -> CloudError:
    said = {"Code": code, "Message": message} | (said or {})
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {}}
    return translate(ClientError({"Error": said, "ResponseMetadata": metadata}, operation), target=target)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence[:40])
def test_a_sentence_has_only_places_that_are_filled_and_is_one(rule: Rule) -> None:
    places = {name for _, name, _, _ in string.Formatter().parse(rule.sentence) if name}
    assert places <= WORDS | {"resource", "bucket", "elsewhere", "its_region"}
    assert not rule.sentence.endswith(".")
    assert "\n" not in rule.sentence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence[:40])
def test_a_throttle_passes_and_what_the_user_must_mend_does_not(rule: Rule) -> None:
    assert not (rule.is_throttle and rule.is_lasting)
    if rule.blame in ("service", "network"):
        assert not rule.is_lasting


@pytest.mark.parametrize(
    ("service", "code"), [(name, code) for name, table in BY_SERVICE.items() for code in table]
)
@pytest.mark.parametrize("profile", ["work", None])
def test_every_code_is_one_sentence_that_the_log_leaves_as_it_is(
    service: str, code: str, profile: str | None
) -> None:
    error = refused(code, target=CallTarget(f"{service}:Do", "eu-west-1", profile=profile, resource="s3://b"))
    assert "***" not in str(error)
    assert error.code == code
    assert error.is_throttle is BY_SERVICE[service][code].is_throttle
    assert redact(str(error)) == str(error)
    assert "what was asked for" not in str(error)
    assert "{" not in str(error).replace('{"Effect', "")


@pytest.mark.parametrize("code", ["NoSuchBucket", "SlowDown", "AccessDenied", "403", "KMS.DisabledException"])
def test_a_sentence_about_s3_names_the_bucket(code: str) -> None:
    assert "my-clips" in str(refused(code))


def test_the_same_code_of_another_service_keeps_its_meaning() -> None:
    picture = CallTarget("rekognition:DetectFaces", "eu-west-1", profile="work")
    assert "picture" in str(refused("RequestTimeout", operation="DetectFaces", target=picture))
    assert "picture" not in str(refused("RequestTimeout"))
    assert "proxy" in str(refused("403", status=403, operation="DetectFaces", target=picture))
    assert "s3:ListBucket" in str(refused("403", status=403))


@pytest.mark.parametrize("code", ELSEWHERE)
def test_a_bucket_elsewhere_is_told_with_where_and_what_to_give(code: str) -> None:
    error = refused(code, said={"Region": "eu-central-1"})
    assert "in Region eu-central-1 and livecam calls eu-west-1" in str(error)
    assert "--region eu-central-1" in str(error)
    assert (error.blame, error.is_lasting) == ("user", True)


def test_the_region_of_a_bucket_may_be_in_a_header() -> None:
    metadata: dict[str, Any] = {"HTTPStatusCode": 301, "HTTPHeaders": {"x-amz-bucket-region": "sa-east-1"}}
    answer = {"Error": {"Code": "301"}, "ResponseMetadata": metadata}
    assert "--region sa-east-1" in str(translate(ClientError(answer, "HeadBucket"), target=TARGET))
    assert "another Region" in str(refused("301", status=301, operation="HeadBucket"))


def test_a_header_that_is_malformed_without_a_region_is_not_about_the_region() -> None:
    assert "credentials" in str(refused("AuthorizationHeaderMalformed"))


def test_a_denial_of_the_key_names_the_action_on_the_key() -> None:
    message = (
        "User: arn:aws:iam::1:user/x is not authorized to perform: kms:GenerateDataKey on resource: key/1"
    )
    error = refused("AccessDenied", f"{message} because no identity-based policy allows it", status=403)
    assert "KMS key for s3://my-clips/a/b.mp4" in str(error)
    nobody = CallTarget("s3:PutObject", "eu-west-1", resource="s3://my-clips/k")
    assert "***" not in str(refused("AccessDenied", message, target=nobody))
    assert "allow kms:GenerateDataKey" in str(error)


def test_a_denial_names_the_action_that_aws_names() -> None:
    job = CallTarget("rekognition:StartFaceDetection", "eu-west-1", profile="work")
    message = "User: x is not authorized to perform: iam:PassRole on resource: role"
    error = refused("AccessDeniedException", message, operation="StartFaceDetection", target=job)
    assert '"Action": "iam:PassRole"' in str(error)


def test_a_role_that_cannot_be_assumed_is_not_taken_for_a_denial_of_s3() -> None:
    error = refused("AccessDenied", status=403, operation="AssumeRole")
    assert "sts:AssumeRole" in str(error)
    assert "my-clips" not in str(error)


def test_an_expired_session_and_a_wrong_clock_are_told_as_everywhere() -> None:
    assert "aws sso login --profile work" in str(refused("ExpiredToken"))
    assert "clock is wrong" in str(refused("RequestTimeTooSkewed"))


@pytest.mark.parametrize("code", FINDINGS)
def test_what_livecam_finds_itself_is_a_sentence_with_our_code(code: str) -> None:
    error = found(code, "3 of 5 bytes came", target=TARGET, region="sa-east-1")
    assert error.code == code
    assert error.blame == FINDINGS[code].blame
    assert "{" not in str(error)
