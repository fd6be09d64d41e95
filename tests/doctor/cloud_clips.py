"""What the checks of clips in the cloud are given: a whole account, and wiring that says what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from livecam.aws.clients import AwsAccess
from livecam.aws.whoami import Credentials, Identity, Outlook
from livecam.aws.wiring import BucketFacts, QueueFacts, Wanted, Wiring
from livecam.config.settings import Settings
from livecam.doctor.account import Account
from livecam.doctor.storage import CloudClips
from livecam.errors import CloudError
from livecam.testing.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value = TypeVar("Value")

REGION = "eu-west-1"
AWS = f"https://rekognition.{REGION}.amazonaws.com"
USER = "arn:aws:iam::123456789012:user/ann"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:AmazonRekognition-livecam"
QUEUE = f"arn:aws:sqs:{REGION}:123456789012:AmazonRekognition-livecam"
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/123456789012/AmazonRekognition-livecam"
ROLE = "arn:aws:iam::123456789012:role/livecam-rekognition"
ALL = {"upload": "s3://my-clips/livecam", "sns_topic": TOPIC, "role_arn": ROLE, "queue_url": QUEUE_URL}
DENIED = CloudError("the default AWS credentials may not call this", code="AccessDenied", blame="user")
TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "rekognition.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": f"arn:aws:rekognition:{REGION}:123456789012:*"},
            },
        }
    ]
}
OPEN = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
            "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}},
        }
    ]
}


@dataclass
class FakeWiring(Wiring):
    """Answers without a network; an answer that is an error is raised."""

    facts: BucketFacts = field(default_factory=lambda: BucketFacts(False, True, True))
    key: str | CloudError | None = None
    fed: frozenset[str] | CloudError = frozenset({QUEUE})
    sqs: QueueFacts | CloudError = field(default_factory=lambda: QueueFacts(QUEUE, OPEN, None))
    trust: Mapping[str, Any] | CloudError = field(default_factory=lambda: TRUST)
    principal: str | CloudError | None = USER
    missing: tuple[str, ...] | CloudError = ()
    """Actions that nobody may call."""
    granted: Mapping[str, float] | CloudError = field(default_factory=dict)
    """Quotas by name."""
    asked: list[Wanted] = field(default_factory=list)

    def bucket(self, name: str) -> BucketFacts:
        return self.facts

    def topic_key(self, arn: str) -> str | None:
        return _or_raise(self.key)

    def queues_of(self, topic: str) -> frozenset[str]:
        return _or_raise(self.fed)

    def queue(self, url: str) -> QueueFacts:
        return _or_raise(self.sqs)

    def trust_of(self, role: str) -> Mapping[str, Any]:
        return _or_raise(self.trust)

    def quotas(self, service: str) -> dict[str, float]:
        return dict(_or_raise(self.granted))

    def principal_of(self, identity: str) -> str | None:
        return _or_raise(self.principal)

    def not_allowed(self, principal: str, wanted: Sequence[Wanted]) -> list[str]:
        self.asked += wanted
        missing = _or_raise(self.missing)
        return [action for each in wanted for action in each.actions if action in missing]


def _or_raise(answer: Value | CloudError) -> Value:
    if isinstance(answer, CloudError):
        raise answer
    return answer


def an_account(
    *, has_credentials: bool = True, region: str | None = REGION, endpoint_url: str = AWS, arn: str = USER
) -> Account:
    found = Credentials("environment variables", "AKIA...WXYZ") if has_credentials else None
    return Account(
        look_up=lambda: Outlook(None, region, endpoint_url, None),
        credentials=lambda: found,
        identity=lambda: Identity("123456789012", arn),
        is_asked=False,
    )


def cloud_clips(
    wiring: FakeWiring | None = None,
    *,
    account: Account | None = None,
    settings: dict[str, Any] | None = None,
) -> CloudClips:
    """Return clips with all that can be set; `settings` in its place, or None in it for what is not set."""
    given = {name: value for name, value in (ALL | (settings or {})).items() if value is not None}
    access = AwsAccess(region=REGION)
    return CloudClips(
        account or an_account(), access, Settings.model_validate(given), wiring or FakeWiring(), FakeClock()
    )
