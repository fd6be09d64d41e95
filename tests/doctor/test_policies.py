from __future__ import annotations

from typing import Any

import pytest

from livecam.doctor.policies import Deed, allows

TOPIC = "arn:aws:sns:eu-west-1:123456789012:AmazonRekognition-livecam"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:livecam"
DEED = Deed(
    "sns.amazonaws.com", "sqs:SendMessage", QUEUE, {"aws:SourceArn": TOPIC, "aws:SecureTransport": "true"}
)
SNS = {"Service": "sns.amazonaws.com"}


def statement(**changed: Any) -> dict[str, Any]:  # noqa: ANN401  as a policy has it
    whole = {"Effect": "Allow", "Principal": SNS, "Action": "sqs:SendMessage", "Resource": QUEUE}
    return {name: value for name, value in (whole | changed).items() if value is not None}


def said(*statements: dict[str, Any]) -> bool | None:
    return allows({"Statement": list(statements)}, DEED)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]}},
        {"Action": ["SQS:SendMessage", "sqs:GetQueueUrl"]},
        {"Action": "sqs:*"},
        {"Resource": "*"},
        {"Resource": "arn:aws:sqs:*:123456789012:live???"},
        {"Resource": None},
        {"Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}}},
        {"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:sns:*:*:AmazonRekognition*"}}},
        {"Condition": {"StringEquals": {"aws:SourceArn": ["other", TOPIC]}}},
        {"Condition": {"Bool": {"aws:SecureTransport": True}}},
        {"Condition": {"StringEqualsIfExists": {"aws:SourceOrgID": "o-1"}}},
    ],
)
def test_what_is_allowed_is_seen(changed: dict[str, Any]) -> None:
    assert said(statement(**changed)) is True


@pytest.mark.parametrize(
    "changed",
    [
        {"Principal": {"Service": "s3.amazonaws.com"}},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Principal": None},
        {"Action": "sqs:ReceiveMessage"},
        {"Resource": QUEUE + "-other"},
        {"Condition": {"ArnEquals": {"aws:SourceArn": TOPIC + "-other"}}},
        {"Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:sns:*"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"ArnEquals": {"aws:SourceArn": "x"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"Effect": "Deny"},
    ],
)
def test_what_is_not_allowed_is_seen(changed: dict[str, Any]) -> None:
    assert said(statement(**changed)) is False


@pytest.mark.parametrize(
    "changed",
    [
        {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}}},
        {"Action": None, "NotAction": "sqs:DeleteMessage"},
        {"Principal": None, "NotPrincipal": SNS},
    ],
)
def test_what_is_not_understood_is_not_known(changed: dict[str, Any]) -> None:
    assert said(statement(**changed)) is None
    assert said(statement(**changed), statement()) is True
    assert said(statement(**changed, Effect="Deny"), statement()) is None


def test_a_denial_counts_before_what_is_allowed() -> None:
    assert said(statement(), statement(Effect="Deny", Principal="*")) is False
    in_the_clear = {"Bool": {"aws:SecureTransport": "false"}}
    assert said(statement(), statement(Effect="Deny", Principal="*", Condition=in_the_clear)) is True


@pytest.mark.parametrize("policy", [{}, {"Statement": []}, {"Statement": "text"}, {"Statement": [{}]}])
def test_a_policy_that_says_nothing_allows_nothing(policy: dict[str, Any]) -> None:
    assert allows(policy, DEED) is False


def test_one_statement_needs_no_list() -> None:
    assert allows({"Statement": statement()}, DEED) is True
