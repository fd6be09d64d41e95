from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from livecam.aws.clients import AwsAccess
from livecam.doctor.permissions import needed, permissions
from livecam.doctor.storage import CloudClips
from livecam.errors import CloudError
from livecam.testing.clock import FakeClock
from tests.doctor.cloud_clips import (
    ALL,
    DENIED,
    QUEUE,
    REGION,
    ROLE,
    USER,
    FakeWiring,
    an_account,
    cloud_clips,
)

if TYPE_CHECKING:
    from livecam.config.settings import Settings

KEY = f"arn:aws:kms:{REGION}:123456789012:key/1"
POLICIES = Path(__file__).resolve().parents[2] / "docs" / "aws"
NO_CLIPS = dict.fromkeys(ALL)


def settings_of(**settings: Any) -> Settings:  # noqa: ANN401  as settings are written
    found = cloud_clips(settings=settings).settings
    assert found is not None
    return found


def actions_of(policy: str) -> set[str]:
    document = json.loads((POLICIES / f"policy-{policy}.json").read_text(encoding="utf-8"))
    listed = [each["Action"] for each in document["Statement"]]
    return {action for each in listed for action in ([each] if isinstance(each, str) else each)}


def test_live_pictures_alone_need_one_permission() -> None:
    told = permissions(cloud_clips(settings=NO_CLIPS))
    assert told.state == "ok"
    assert "rekognition:DetectFaces" in told.text
    missing = permissions(cloud_clips(FakeWiring(missing=("rekognition:DetectFaces",)), settings=NO_CLIPS))
    assert missing.state == "fail"
    assert "policy-live.json" in str(missing.advice)


def test_what_is_asked_about_is_what_the_policies_have() -> None:
    settings = settings_of(tag=["a=b"], encryption="aws:kms", kms_key=KEY)
    asked = {action for each in needed(settings, REGION, USER) for action in each.actions}
    only_for_the_doctor = {"sqs:GetQueueAttributes"}
    policies = actions_of("live") | actions_of("clips") | actions_of("key")
    assert asked == policies - only_for_the_doctor


def test_resources_are_those_of_the_settings() -> None:
    found = {each.actions[0]: each for each in needed(settings_of(), REGION, USER)}
    assert found["s3:ListBucket"].resource == "arn:aws:s3:::my-clips"
    assert found["s3:PutObject"].resource == "arn:aws:s3:::my-clips/livecam/livecam"
    assert found["sqs:ReceiveMessage"].resource == QUEUE
    assert found["iam:PassRole"].resource == ROLE
    assert found["iam:PassRole"].context == {"iam:PassedToService": "rekognition.amazonaws.com"}
    govcloud = needed(settings_of(upload="s3://my-clips"), REGION, USER.replace("aws", "aws-us-gov"))
    assert {"arn:aws-us-gov:s3:::my-clips", "arn:aws-us-gov:s3:::my-clips/livecam"} < {
        each.resource for each in govcloud
    }


@pytest.mark.parametrize(
    ("action", "policy"),
    [
        ("s3:PutObject", "clips"),
        ("rekognition:StartFaceDetection", "clips"),
        ("iam:PassRole", "clips"),
        ("kms:Decrypt", "key"),
    ],
)
def test_a_permission_that_is_missing_is_named_with_the_policy_that_has_it(action: str, policy: str) -> None:
    settings = {"encryption": "aws:kms", "kms_key": KEY}
    told = permissions(cloud_clips(FakeWiring(missing=(action,)), settings=settings))
    assert (told.state, told.text) == ("fail", f"no policy allows {action}")
    assert told.advice
    assert f"attach docs/aws/policy-{policy}.json to {USER}" in told.advice


def test_not_being_allowed_to_delete_is_told_and_no_problem() -> None:
    told = permissions(cloud_clips(FakeWiring(missing=("s3:DeleteObjectVersion",))))
    assert told.state == "ok"
    assert "without s3:DeleteObjectVersion" in told.text
    assert "and to delete clips" in permissions(cloud_clips()).text


def test_what_iam_does_not_say_is_not_known() -> None:
    no_role = CloudError("no", code="NoSuchEntity", blame="user")
    for faked in (
        FakeWiring(missing=DENIED),
        FakeWiring(principal=None),
        FakeWiring(principal=no_role),
        FakeWiring(missing=no_role),
    ):
        told = permissions(cloud_clips(faked))
        assert told.state == "skip"
        assert "not known" in told.text


def test_a_network_that_fails_is_not_taken_for_a_denial() -> None:
    with pytest.raises(CloudError, match="away"):
        permissions(cloud_clips(FakeWiring(missing=CloudError("away", code="X", blame="network"))))


def test_the_root_user_and_nobody_are_not_asked_about() -> None:
    for account in (an_account(arn="arn:aws:iam::123456789012:root"), an_account(has_credentials=False)):
        faked = FakeWiring()
        assert permissions(cloud_clips(faked, account=account)).state == "skip"
        assert not faked.asked


def test_settings_that_cannot_be_used_are_told_elsewhere() -> None:
    clips = CloudClips(an_account(), AwsAccess(), None, FakeWiring(), FakeClock())
    assert permissions(clips).state == "skip"
