"""Checks of how the end of a job is told: topic, queue, role. Nothing is published, sent or received."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from livecam.aws.wiring import Wanted, is_no_role
from livecam.doctor.examination import Finding
from livecam.doctor.policies import Deed, allows
from livecam.doctor.storage import SETUP
from livecam.errors import CloudError

if TYPE_CHECKING:
    from livecam.aws.wiring import QueueFacts
    from livecam.doctor.storage import CloudClips

NO_TOPIC = "not needed: no --sns-topic is set, so that jobs are asked about every few seconds"
NO_ROLE = "not needed: no --role-arn is set"
NO_QUEUE = "not needed: no --queue-url is set, so that jobs are asked about every few seconds"
MANAGED_ROLE = "AmazonRekognition"
"""How the names of topics begin that AmazonRekognitionServiceRole, AWS's own policy, is about."""
_OWN_KEY = "alias/aws/sqs"
"""SQS's own key of KMS, whose policy cannot be changed: SNS may not use it."""


def topic(clips: CloudClips) -> Finding:
    """Say whether the topic is there, in the Region that is called.

    Raises:
        CloudError: it is not there, or AWS is not reached.
    """
    skipped = clips.why_not("sns_topic", NO_TOPIC)
    if skipped is not None:
        return skipped
    arn, role_arn, _ = _set(clips)
    wrong = _wrong_topic(arn, clips.region())
    if wrong is not None:
        return wrong
    if not role_arn:
        return Finding(
            "fail",
            "--role-arn is not set: Rekognition tells a topic of jobs only with a role that may write to it",
            f"{SETUP}; or leave --sns-topic out",
        )
    try:
        key = clips.wiring.topic_key(arn)
    except CloudError as error:
        return clips.unknown(error)
    told = f"{_name(arn)} is there"
    if not _name(arn).startswith(MANAGED_ROLE):
        told += f" (a role with AmazonRekognitionServiceRole may not write to it: no {MANAGED_ROLE}...)"
    if key:
        told += f"; it is encrypted with {key}, for which the role needs kms:GenerateDataKey and kms:Decrypt"
    return Finding("ok", told)


def queue(clips: CloudClips) -> Finding:
    """Say whether the queue is there, and whether what the topic is told reaches it.

    Raises:
        CloudError: it is not there, or AWS is not reached.
    """
    skipped = clips.why_not("queue_url", NO_QUEUE)
    if skipped is not None:
        return skipped
    topic_arn, _, url = _set(clips)
    region = _region_in(url)
    if region and region != clips.region():
        return Finding(
            "fail",
            f"the queue is in {region} and livecam calls {clips.region()}",
            "give one of that Region",
        )
    if not topic_arn:
        return Finding(
            "warn",
            "no --sns-topic is set: the queue hears of no job",
            f"give the topic that feeds it: {SETUP}",
        )
    try:
        facts = clips.wiring.queue(url)
    except CloudError as error:
        return clips.unknown(error)
    return _not_open_to(facts, topic_arn) or _fed(clips, facts, topic_arn)


def role(clips: CloudClips) -> Finding:
    """Say whether Rekognition may take on the role, and the role may write to the topic.

    Raises:
        CloudError: AWS is not reached.
    """
    skipped = clips.why_not("role_arn", NO_ROLE)
    if skipped is not None:
        return skipped
    topic_arn, arn, _ = _set(clips)
    try:
        policy = clips.wiring.trust_of(arn)
    except CloudError as error:
        if is_no_role(error):
            return Finding("fail", f"there is no role {arn}", SETUP)
        return clips.unknown(error)
    partition, account = arn.split(":")[1], arn.split(":")[4]
    jobs = f"arn:{partition}:rekognition:{clips.region()}:{account}:*"
    context = {"aws:SourceAccount": account, "aws:SourceArn": jobs}
    is_trusted = allows(policy, Deed("rekognition.amazonaws.com", "sts:AssumeRole", arn, context))
    if is_trusted is False:
        return Finding(
            "fail",
            f"rekognition.amazonaws.com may not take on {_name(arn)}, as its trust policy has it",
            f'allow {{"Service": "rekognition.amazonaws.com"}} sts:AssumeRole for {jobs}: {SETUP}',
        )
    told = f"Rekognition may take on {_name(arn)}"
    if is_trusted is None:
        told = (
            f"whether Rekognition may take on {_name(arn)} is not known, as its trust policy has more to it"
        )
    return _publishing(clips, arn, topic_arn, told)


def _publishing(clips: CloudClips, arn: str, topic_arn: str, told: str) -> Finding:
    if not topic_arn:
        return Finding("warn", f"{told}; no --sns-topic is set to which it could write", SETUP)
    try:
        missing = clips.wiring.not_allowed(arn, [Wanted(("sns:Publish",), topic_arn)])
    except CloudError as error:
        unknown = clips.unknown(error)
        return Finding("ok", f"{told}; whether it may write to the topic is {unknown.text}", unknown.advice)
    if missing:
        return Finding(
            "fail",
            f"{_name(arn)} may not call sns:Publish on {topic_arn}",
            "allow it in the role's policy; AmazonRekognitionServiceRole does for topics "
            f"{MANAGED_ROLE}...: {SETUP}",
        )
    return Finding("ok", f"{told} and write to the topic")


def _wrong_topic(arn: str, region: str) -> Finding | None:
    there = arn.split(":")[3]
    if there != region:
        return Finding(
            "fail",
            f"the topic is in {there} and livecam calls Rekognition in {region}",
            "give a topic of that Region, or another --region",
        )
    if arn.endswith(".fifo"):
        return Finding("fail", "it is a FIFO topic, which Rekognition does not write to", SETUP)
    return None


def _not_open_to(facts: QueueFacts, topic_arn: str) -> Finding | None:
    """Return why the topic may not write to the queue; None when it may, or nobody knows."""
    name, account = _name(facts.arn), topic_arn.split(":")[4]
    context = {"aws:SourceArn": topic_arn, "aws:SourceAccount": account, "aws:SecureTransport": "true"}
    if allows(facts.policy, Deed("sns.amazonaws.com", "sqs:SendMessage", facts.arn, context)) is False:
        return Finding(
            "fail",
            f"the policy of the queue {name} does not let the topic write to it",
            f'allow {{"Service": "sns.amazonaws.com"}} sqs:SendMessage where aws:SourceArn is {topic_arn}: '
            f"{SETUP}",
        )
    if facts.key == _OWN_KEY:
        return Finding(
            "fail",
            f"the queue {name} is encrypted with {_OWN_KEY}, which SNS may not use",
            "choose SQS's own encryption (SqsManagedSseEnabled) or a key of yours",
        )
    return None


def _fed(clips: CloudClips, facts: QueueFacts, topic_arn: str) -> Finding:
    try:
        queues = clips.wiring.queues_of(topic_arn)
    except CloudError as error:
        unknown = clips.unknown(error)
        text = f"{_name(facts.arn)} is there; whether the topic feeds it is {unknown.text}"
        return Finding("ok", text, unknown.advice)
    if facts.arn not in queues:
        return Finding(
            "fail",
            f"the topic does not feed the queue {_name(facts.arn)}",
            f"`aws sns subscribe --topic-arn {topic_arn} --protocol sqs --notification-endpoint {facts.arn}`",
        )
    return Finding("ok", f"{_name(facts.arn)} is fed by the topic; no message was read")


def _set(clips: CloudClips) -> tuple[str, str, str]:
    """Return topic, role and queue; "" for each that is not set."""
    settings = clips.settings
    if settings is None:
        return "", "", ""
    return settings.sns_topic or "", settings.role_arn or "", settings.queue_url or ""


def _region_in(url: str) -> str | None:
    """Return the Region in the address of a queue of AWS; None of another one."""
    found = re.fullmatch(
        r"sqs\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)", urlsplit(url).hostname or ""
    )
    return found[1] if found else None


def _name(arn: str) -> str:
    return arn.rpartition(":")[2].removeprefix("role/")
