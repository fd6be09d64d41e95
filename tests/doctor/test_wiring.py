from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from livecam.aws.wiring import QueueFacts
from livecam.doctor import wiring
from livecam.errors import CloudError
from tests.doctor.cloud_clips import (
    DENIED,
    OPEN,
    QUEUE,
    ROLE,
    TOPIC,
    TRUST,
    FakeWiring,
    an_account,
    cloud_clips,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.doctor.examination import Finding
    from livecam.doctor.storage import CloudClips

CHECKS = (wiring.topic, wiring.queue, wiring.role)


@pytest.mark.parametrize("check", CHECKS)
def test_what_is_set_up_as_the_template_does_is_fine(check: Callable[[CloudClips], Finding]) -> None:
    assert check(cloud_clips()).state == "ok"


@pytest.mark.parametrize(
    ("check", "name"), [(wiring.topic, "sns_topic"), (wiring.queue, "queue_url"), (wiring.role, "role_arn")]
)
def test_what_is_not_set_is_skipped_with_the_reason(
    check: Callable[[CloudClips], Finding], name: str
) -> None:
    told = check(cloud_clips(settings={name: None}))
    assert told.state == "skip"
    assert "--" + name.replace("_", "-") in told.text


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_asked_without_credentials(check: Callable[[CloudClips], Finding]) -> None:
    assert check(cloud_clips(account=an_account(has_credentials=False))).state == "skip"


@pytest.mark.parametrize("check", CHECKS)
def test_what_may_not_be_looked_at_is_not_known_and_no_problem(
    check: Callable[[CloudClips], Finding],
) -> None:
    told = check(cloud_clips(FakeWiring(key=DENIED, sqs=DENIED, trust=DENIED)))
    assert told.state == "skip"
    assert "may not call this" in told.text
    assert "policy-doctor.json" in str(told.advice)


@pytest.mark.parametrize("check", CHECKS)
def test_what_an_endpoint_elsewhere_does_not_serve_is_not_known(
    check: Callable[[CloudClips], Finding],
) -> None:
    error = CloudError("what answers does not know this", code="501", blame="user")
    faked = FakeWiring(key=error, sqs=error, trust=error)
    assert check(cloud_clips(faked, account=an_account(endpoint_url="http://127.0.0.1:1"))).state == "skip"
    with pytest.raises(CloudError, match="does not know this"):
        check(cloud_clips(faked))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sns_topic": TOPIC.replace("eu-west-1", "us-east-1")}, "the topic is in us-east-1"),
        ({"sns_topic": TOPIC + ".fifo"}, "FIFO"),
        ({"role_arn": None}, "--role-arn is not set"),
    ],
)
def test_a_topic_that_rekognition_would_refuse_is_a_problem(settings: dict[str, Any], words: str) -> None:
    told = wiring.topic(cloud_clips(settings=settings))
    assert told.state == "fail"
    assert words in told.text


def test_what_a_topics_name_and_key_ask_of_the_role_is_told() -> None:
    other = TOPIC.replace("AmazonRekognition-", "")
    told = wiring.topic(cloud_clips(FakeWiring(key="alias/mine"), settings={"sns_topic": other}))
    assert told.state == "ok"
    assert "AmazonRekognitionServiceRole" in told.text
    assert "kms:GenerateDataKey" in told.text


@pytest.mark.parametrize(
    ("faked", "words"),
    [
        (FakeWiring(sqs=QueueFacts(QUEUE, {}, None)), "does not let the topic write"),
        (FakeWiring(sqs=QueueFacts(QUEUE, OPEN, "alias/aws/sqs")), "SNS may not use"),
        (FakeWiring(fed=frozenset()), "does not feed the queue"),
    ],
)
def test_a_queue_that_hears_nothing_is_a_problem_with_what_to_do(faked: FakeWiring, words: str) -> None:
    told = wiring.queue(cloud_clips(faked))
    assert told.state == "fail"
    assert words in told.text
    assert told.advice


def test_a_queue_is_fine_where_nobody_knows_what_feeds_it() -> None:
    told = wiring.queue(cloud_clips(FakeWiring(fed=DENIED)))
    assert told.state == "ok"
    assert "not known" in told.text


def test_a_queue_in_another_region_or_without_a_topic_is_told() -> None:
    elsewhere = {"queue_url": "https://sqs.us-east-1.amazonaws.com/123456789012/q"}
    assert wiring.queue(cloud_clips(settings=elsewhere)).state == "fail"
    assert wiring.queue(cloud_clips(settings={"sns_topic": None, "role_arn": None})).state == "warn"


def test_a_queue_at_an_address_of_ones_own_has_no_region() -> None:
    own = {"queue_url": "http://127.0.0.1:4566/123456789012/AmazonRekognition-livecam"}
    assert wiring.queue(cloud_clips(settings=own)).state == "ok"


def trusting(**changed: Any) -> dict[str, Any]:  # noqa: ANN401  as a policy has it
    return {"Statement": [TRUST["Statement"][0] | changed]}


@pytest.mark.parametrize(
    "trust",
    [
        {},
        trusting(Principal={"Service": "lambda.amazonaws.com"}),
        trusting(Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}}),
        trusting(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:rekognition:us-east-1:123456789012:*"}}),
    ],
)
def test_a_role_that_rekognition_may_not_take_on_is_a_problem(trust: dict[str, Any]) -> None:
    told = wiring.role(cloud_clips(FakeWiring(trust=trust)))
    assert told.state == "fail"
    assert "rekognition.amazonaws.com may not take on livecam-rekognition" in told.text


def test_a_trust_that_asks_for_more_is_not_judged() -> None:
    trust = trusting(Condition={"StringEquals": {"aws:SourceOrgID": "o-1"}})
    told = wiring.role(cloud_clips(FakeWiring(trust=trust)))
    assert told.state == "ok"
    assert "not known" in told.text


def test_a_role_that_is_not_there_is_a_problem() -> None:
    missing = CloudError("no", code="NoSuchEntity", blame="user")
    told = wiring.role(cloud_clips(FakeWiring(trust=missing)))
    assert (told.state, told.text) == ("fail", f"there is no role {ROLE}")


def test_a_role_that_may_not_publish_is_a_problem_that_names_the_permission() -> None:
    told = wiring.role(cloud_clips(FakeWiring(missing=("sns:Publish",))))
    assert told.state == "fail"
    assert f"may not call sns:Publish on {TOPIC}" in told.text


def test_whether_a_role_may_publish_need_not_be_known() -> None:
    told = wiring.role(cloud_clips(FakeWiring(missing=DENIED)))
    assert told.state == "ok"
    assert "whether it may write to the topic is not known" in told.text


def test_a_role_without_a_topic_is_warned_of() -> None:
    assert wiring.role(cloud_clips(settings={"sns_topic": None})).state == "warn"
