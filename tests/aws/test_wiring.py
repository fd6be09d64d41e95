from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber  # type: ignore[import-untyped]

from livecam.aws.clients import AwsAccess, patient_client
from livecam.aws.wiring import BucketFacts, Wanted, Wiring, is_denied, is_no_role
from livecam.errors import CloudError
from livecam.testing.clock import FakeClock
from tests.aws.environment import access_to
from tests.aws.stored_video import Account, access_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.local_aws.server import Running
    from tests.aws.bucket import Bucket

HERE = AwsAccess(region="eu-west-1")
USER = "arn:aws:iam::123456789012:user/ann"
SESSION = "arn:aws:sts::123456789012:assumed-role/watcher/ann"
OBJECTS = Wanted(("s3:PutObject", "s3:GetObject"), "arn:aws:s3:::clips/livecam/x")
CLOSED = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)


@pytest.fixture
def iam() -> Iterator[Stubber]:
    with Stubber(patient_client("iam", HERE)) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture
def account(whole_endpoint: Running) -> Iterator[Account]:
    made = Account(whole_endpoint)
    yield made
    made.close()


def a_wiring(access: AwsAccess = HERE) -> Wiring:
    return Wiring(access, FakeClock())


def decided(**decisions: str) -> dict[str, Any]:
    found = decisions.items()
    return {
        "EvaluationResults": [
            {"EvalActionName": name.replace("_", ":"), "EvalDecision": decision} for name, decision in found
        ]
    }


def a_role(path: str = "/") -> dict[str, Any]:
    return {
        "Role": {
            "Path": path,
            "RoleName": "watcher",
            "RoleId": "AROAEXAMPLE123456",
            "Arn": f"arn:aws:iam::123456789012:role{path}watcher",
            "CreateDate": FakeClock().wall(),
            "AssumeRolePolicyDocument": "%7B%22Statement%22%3A%20%5B%5D%7D",
        }
    }


def test_what_was_never_set_at_a_bucket_is_told(bucket: Bucket) -> None:
    found = a_wiring(access_to(bucket.running.url)).bucket(bucket.name)
    assert found == BucketFacts(keeps_versions=False, is_closed=False, ends_uploads=False)


def test_what_is_set_at_a_bucket_is_told(bucket: Bucket) -> None:
    bucket.keep_versions()
    bucket.s3.put_public_access_block(Bucket=bucket.name, PublicAccessBlockConfiguration=CLOSED)
    rule = {
        "ID": "parts",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    bucket.s3.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration={"Rules": [rule]})
    found = a_wiring(access_to(bucket.running.url)).bucket(bucket.name)
    assert found == BucketFacts(keeps_versions=True, is_closed=True, ends_uploads=True)


def test_what_may_not_be_looked_at_at_a_bucket_is_not_known() -> None:
    with Stubber(patient_client("s3", HERE)) as s3:
        s3.add_response("get_bucket_versioning", {"Status": "Enabled"})
        for operation in ("get_bucket_lifecycle_configuration", "get_public_access_block"):
            s3.add_client_error(operation, "AccessDenied", http_status_code=403)
        assert a_wiring().bucket("clips") == BucketFacts(
            keeps_versions=True, is_closed=None, ends_uploads=None
        )


def test_a_bucket_that_is_not_there_is_one_sentence(bucket: Bucket) -> None:
    with pytest.raises(CloudError, match="there is no bucket no-such-bucket"):
        a_wiring(access_to(bucket.running.url)).bucket("no-such-bucket")


def test_a_topic_is_known_with_the_queues_that_it_feeds(whole_endpoint: Running, account: Account) -> None:
    queue = account.queue()
    topic = account.topic(queue)
    wiring = a_wiring(access_of(whole_endpoint))
    assert wiring.topic_key(topic) is None
    assert wiring.queues_of(topic) == {wiring.queue(queue).arn}


def test_all_pages_of_queues_are_read() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:t"
    entry = {"Protocol": "sqs", "TopicArn": topic, "SubscriptionArn": topic + ":1", "Owner": "123456789012"}
    pages: list[dict[str, Any]] = [
        {"Subscriptions": [entry | {"Endpoint": "arn:1"}], "NextToken": "more"},
        {"Subscriptions": [entry | {"Endpoint": "arn:2"}, entry | {"Protocol": "email", "Endpoint": "a@b"}]},
    ]
    with Stubber(patient_client("sns", HERE)) as sns:
        sns.add_response("list_subscriptions_by_topic", pages[0], {"TopicArn": topic})
        sns.add_response("list_subscriptions_by_topic", pages[1], {"TopicArn": topic, "NextToken": "more"})
        assert a_wiring().queues_of(topic) == {"arn:1", "arn:2"}


def test_a_topic_and_a_queue_that_are_not_there_are_one_sentence_each(whole_endpoint: Running) -> None:
    wiring = a_wiring(access_of(whole_endpoint))
    with pytest.raises(CloudError, match="no such topic"):
        wiring.topic_key("arn:aws:sns:us-east-1:123456789012:AmazonRekognition-none")
    with pytest.raises(CloudError, match="no such queue"):
        wiring.queue(f"{whole_endpoint.url}/123456789012/none-{uuid.uuid4().hex}")


@pytest.mark.parametrize(
    ("policy", "found"), [(json.dumps({"Statement": []}), {"Statement": []}), ("no JSON", {}), ("[]", {})]
)
def test_a_queues_policy_is_read_whatever_it_is(policy: str, found: dict[str, Any]) -> None:
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"
    answer = {"Attributes": {"QueueArn": "arn:q", "Policy": policy, "KmsMasterKeyId": "alias/aws/sqs"}}
    with Stubber(patient_client("sqs", HERE)) as sqs:
        sqs.add_response("get_queue_attributes", answer)
        facts = a_wiring().queue(url)
    assert (facts.arn, facts.policy, facts.key) == ("arn:q", found, "alias/aws/sqs")


def test_a_roles_trust_is_read_by_its_name_without_its_path(iam: Stubber) -> None:
    iam.add_response("get_role", a_role("/deep/er/"), {"RoleName": "watcher"})
    assert a_wiring().trust_of("arn:aws:iam::123456789012:role/deep/er/watcher") == {"Statement": []}


def test_a_role_that_is_not_there_is_told_apart(whole_endpoint: Running) -> None:
    with pytest.raises(CloudError) as caught:
        a_wiring(access_of(whole_endpoint)).trust_of("arn:aws:iam::123456789012:role/nobody")
    assert is_no_role(caught.value)


@pytest.mark.parametrize(
    ("identity", "principal"),
    [
        (USER, USER),
        ("arn:aws:sts::123456789012:federated-user/ann", None),
        ("arn:aws:iam::123456789012:root", None),
        ("nonsense", None),
    ],
)
def test_whose_policies_hold_is_known_without_asking_for_who_is_no_role(
    identity: str, principal: str | None
) -> None:
    assert a_wiring().principal_of(identity) == principal


def test_whose_policies_hold_for_a_session_is_its_role_with_the_path(iam: Stubber) -> None:
    iam.add_response("get_role", a_role("/aws-reserved/"), {"RoleName": "watcher"})
    assert a_wiring().principal_of(SESSION) == "arn:aws:iam::123456789012:role/aws-reserved/watcher"


def test_a_role_that_may_not_look_at_itself_is_taken_to_have_no_path(iam: Stubber) -> None:
    iam.add_client_error("get_role", "AccessDenied", http_status_code=403)
    assert a_wiring().principal_of(SESSION) == "arn:aws:iam::123456789012:role/watcher"


def test_what_is_not_allowed_is_said_with_what_conditions_ask_for(iam: Stubber) -> None:
    wanted = Wanted(("iam:PassRole",), "arn:role", {"iam:PassedToService": "rekognition.amazonaws.com"})
    context = [
        {
            "ContextKeyName": "iam:PassedToService",
            "ContextKeyValues": ["rekognition.amazonaws.com"],
            "ContextKeyType": "string",
        }
    ]
    iam.add_response(
        "simulate_principal_policy",
        decided(iam_PassRole="implicitDeny"),
        {
            "PolicySourceArn": USER,
            "ActionNames": ["iam:PassRole"],
            "ResourceArns": ["arn:role"],
            "ContextEntries": context,
        },
    )
    answer = decided(s3_PutObject="allowed", s3_GetObject="explicitDeny")
    iam.add_response("simulate_principal_policy", answer)
    assert a_wiring().not_allowed(USER, [wanted, OBJECTS]) == ["iam:PassRole", "s3:GetObject"]


def test_actions_that_iam_does_not_take_together_are_asked_about_one_by_one(iam: Stubber) -> None:
    iam.add_client_error("simulate_principal_policy", "InvalidInput", http_status_code=400)
    iam.add_response("simulate_principal_policy", decided(s3_PutObject="implicitDeny"))
    iam.add_response("simulate_principal_policy", decided(s3_GetObject="allowed"))
    assert a_wiring().not_allowed(USER, [OBJECTS]) == ["s3:PutObject"]


def test_all_pages_of_quotas_are_read() -> None:
    with Stubber(patient_client("service-quotas", HERE)) as stub:
        for name, value, token in (("a", 1.0, "more"), ("b", 2.5, None)):
            quotas = [{"QuotaName": name, "Value": value}]
            asked = {"ServiceCode": "rekognition"} | ({} if token else {"NextToken": "more"})
            answer = {"Quotas": quotas} | ({"NextToken": token} if token else {})
            stub.add_response("list_service_quotas", answer, asked)
        assert a_wiring().quotas("rekognition") == {"a": 1.0, "b": 2.5}
        stub.assert_no_pending_responses()


def test_a_denial_names_the_permission_that_is_missing(iam: Stubber) -> None:
    iam.add_client_error("simulate_principal_policy", "AccessDenied", http_status_code=403)
    with pytest.raises(CloudError, match="iam:SimulatePrincipalPolicy") as caught:
        a_wiring().not_allowed(USER, [OBJECTS])
    assert is_denied(caught.value)


def test_an_address_of_rekognitions_own_is_asked_for_nothing_else() -> None:
    vpc = "https://vpce-1.rekognition.eu-west-1.vpce.amazonaws.com"
    with Stubber(patient_client("iam", HERE)) as iam:
        iam.add_response("get_role", a_role())
        assert a_wiring(AwsAccess(region="eu-west-1", endpoint_url=vpc)).trust_of("role/watcher")
