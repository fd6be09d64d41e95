"""What a bucket, a topic, a queue and a role are like, and what who may do. Asked only: changes nothing.

For `livecam doctor`. Nothing here is paid but S3's requests, $0.0000004 each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from livecam.aws.clients import AwsAccess, patient_client, target_of
from livecam.aws.error_mapping import translate
from livecam.aws.s3_calls import DENIED, S3Calls
from livecam.clock import SystemClock
from livecam.consent import is_aws
from livecam.errors import CloudError
from livecam.stored_video import S3Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.clock import Clock

_SYSTEM_CLOCK = SystemClock()
_DENIED = DENIED | {"AuthorizationError", "AuthorizationErrorException"}
_UNSET = frozenset({"NoSuchLifecycleConfiguration", "NoSuchPublicAccessBlockConfiguration"})
"""What S3 answers where something was never set."""
_NOT_TOGETHER = "InvalidInput"
"""What IAM answers about actions that it cannot reckon with in one request."""
_NO_ROLE = frozenset({"NoSuchEntity", "NoSuchEntityException"})


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """What is set at a bucket; None is not known, because it may not be looked at."""

    keeps_versions: bool | None
    is_closed: bool | None
    """Whether nothing in it can be made public, by the bucket's own setting."""
    ends_uploads: bool | None
    """Whether parts of uploads that ended are deleted by a rule."""


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What is set at a queue."""

    arn: str
    policy: Mapping[str, Any]
    """Who may send to it; empty where nothing is said."""
    key: str | None
    """KMS key that encrypts it; None of SQS's own or none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Actions on one resource that somebody is to be allowed."""

    actions: tuple[str, ...]
    """As policies have them: "s3:PutObject"."""
    resource: str = "*"
    """ARN."""
    context: Mapping[str, str] = field(default_factory=dict)
    """What conditions are about, such as iam:PassedToService."""


def is_denied(error: CloudError) -> bool:
    """Say whether a call failed because the caller may not make it."""
    return error.code in _DENIED


def is_no_role(error: CloudError) -> bool:
    """Say whether IAM does not know who was named."""
    return error.code in _NO_ROLE


class Wiring:
    """Asks about an account's resources; may be used from any thread.

    Every method raises a `CloudError` when the answer cannot be had, which names the permission.

    Args:
        access: whose account, where.
        clock: tells by how much this machine's clock is off when a request is refused for it.
    """

    def __init__(self, access: AwsAccess, clock: Clock = _SYSTEM_CLOCK) -> None:
        # An address of Rekognition's own in AWS knows nothing else; an endpoint elsewhere plays all services.
        is_rekognitions = access.endpoint_url is not None and is_aws(access.endpoint_url)
        self._access = AwsAccess(access.profile, access.region, None) if is_rekognitions else access
        self._clock = clock

    def bucket(self, name: str) -> BucketFacts:
        """Return what is set at a bucket, as far as it may be looked at."""
        versioning = self._set_at(name, "get_bucket_versioning", "s3:GetBucketVersioning")
        rules = self._set_at(name, "get_bucket_lifecycle_configuration", "s3:GetLifecycleConfiguration")
        closing = self._set_at(name, "get_public_access_block", "s3:GetBucketPublicAccessBlock")
        return BucketFacts(
            keeps_versions=None if versioning is None else versioning.get("Status") == "Enabled",
            is_closed=None if closing is None else _is_closed(closing),
            ends_uploads=None if rules is None else any(map(_ends_uploads, rules.get("Rules", ()))),
        )

    def topic_key(self, arn: str) -> str | None:
        """Return the KMS key that encrypts a topic, None where none does: the topic is there."""
        answer = self._ask("sns", "GetTopicAttributes", arn, TopicArn=arn)
        return answer["Attributes"].get("KmsMasterKeyId") or None

    def queues_of(self, topic: str) -> frozenset[str]:
        """Return the ARNs of the queues that get what is published to a topic."""
        found: set[str] = set()
        token = ""
        while True:
            more = {"NextToken": token} if token else {}
            answer = self._ask("sns", "ListSubscriptionsByTopic", topic, TopicArn=topic, **more)
            found |= {each["Endpoint"] for each in answer["Subscriptions"] if each["Protocol"] == "sqs"}
            token = answer.get("NextToken") or ""
            if not token:
                return frozenset(found)

    def queue(self, url: str) -> QueueFacts:
        """Return what is set at a queue."""
        names = ["QueueArn", "Policy", "KmsMasterKeyId"]
        answer = self._ask("sqs", "GetQueueAttributes", url, QueueUrl=url, AttributeNames=names)
        found = answer.get("Attributes", {})
        return QueueFacts(found["QueueArn"], _document(found.get("Policy")), found.get("KmsMasterKeyId"))

    def trust_of(self, role: str) -> Mapping[str, Any]:
        """Return the policy that says who may take on a role, by its ARN."""
        return _document(self._role(role.rpartition("/")[2])["AssumeRolePolicyDocument"])

    def principal_of(self, identity: str) -> str | None:
        """Return the ARN of the user or role whose policies hold for an identity; None where none do.

        Args:
            identity: ARN as STS says it. That of an assumed role leaves the role's path out.
        """
        parts = identity.split(":", 5)  # arn:PARTITION:SERVICE::ACCOUNT:WHAT
        if len(parts) < 6:  # noqa: PLR2004
            return None
        _, partition, service, _, account, what = parts
        kind, _, rest = what.partition("/")
        if service == "iam" and kind in ("user", "role"):
            return identity
        if service != "sts" or kind != "assumed-role":
            return None
        name = rest.partition("/")[0]
        try:
            return str(self._role(name)["Arn"])
        except CloudError as error:
            if not is_denied(error):
                raise
        return f"arn:{partition}:iam::{account}:role/{name}"

    def not_allowed(self, principal: str, wanted: Sequence[Wanted]) -> list[str]:
        """Return which of the actions the policies of a user or role do not allow, as IAM reckons it.

        Args:
            principal: ARN of a user or role.
            wanted: what it is to be allowed. Policies of the resources themselves do not count here.
        """
        missing: list[str] = []
        for each in wanted:
            try:
                missing += self._simulated(principal, each)
            except CloudError as error:
                if error.code != _NOT_TOGETHER or len(each.actions) == 1:
                    raise
                for action in each.actions:
                    missing += self._simulated(principal, replace(each, actions=(action,)))
        return missing

    def quotas(self, service: str) -> dict[str, float]:
        """Return what Service Quotas says that an account may do with a service, by its name in words.

        Args:
            service: as Service Quotas calls it, such as "rekognition".
        """
        found: dict[str, float] = {}
        token = ""
        while True:
            more = {"NextToken": token} if token else {}
            answer = self._ask("service-quotas", "ListServiceQuotas", service, ServiceCode=service, **more)
            found |= {each["QuotaName"]: float(each["Value"]) for each in answer.get("Quotas", ())}
            token = answer.get("NextToken") or ""
            if not token:
                return found

    def _simulated(self, principal: str, wanted: Wanted) -> list[str]:
        context = [
            {"ContextKeyName": name, "ContextKeyValues": [value], "ContextKeyType": "string"}
            for name, value in wanted.context.items()
        ]
        answer = self._ask(
            "iam",
            "SimulatePrincipalPolicy",
            principal,
            PolicySourceArn=principal,
            ActionNames=list(wanted.actions),
            ResourceArns=[wanted.resource],
            ContextEntries=context,
        )
        results = answer["EvaluationResults"]
        return [each["EvalActionName"] for each in results if each["EvalDecision"] != "allowed"]

    def _role(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._ask("iam", "GetRole", name, RoleName=name)["Role"]
        return found

    def _set_at(self, bucket: str, operation: str, action: str) -> dict[str, Any] | None:
        """Return what is set; nothing where nothing is, None where it may not be looked at."""
        try:
            return S3Calls(self._access, self._clock).call(operation, action, S3Place(bucket, ""))
        except CloudError as error:
            if error.code in _UNSET:
                return {}
            if is_denied(error):
                return None
            raise

    def _ask(self, service: str, operation: str, resource: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        client = patient_client(service, self._access, clock=self._clock)
        target = replace(target_of(client, self._access, operation), resource=resource)
        methods = {api: method for method, api in client.meta.method_to_api_mapping.items()}
        try:
            answer: dict[str, Any] = getattr(client, methods[operation])(**request)
        except Exception as error:
            raise translate(error, target=target, wall=self._clock.wall()) from error
        return answer


def _is_closed(answer: Mapping[str, Any]) -> bool:
    found = answer.get("PublicAccessBlockConfiguration", {})
    parts = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return all(found.get(part) for part in parts)


def _ends_uploads(rule: Mapping[str, Any]) -> bool:
    return rule.get("Status") == "Enabled" and "AbortIncompleteMultipartUpload" in rule


def _document(text: object) -> Mapping[str, Any]:
    """Return a policy that is told as text, or as botocore has read it already; {} of what is none."""
    if isinstance(text, str):
        try:
            text = json.loads(text)
        except (ValueError, RecursionError):
            return {}
    return text if isinstance(text, dict) else {}
