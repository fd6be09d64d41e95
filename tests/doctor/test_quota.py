from __future__ import annotations

import pytest

from livecam.aws.clients import AwsAccess
from livecam.doctor import quota
from livecam.doctor.storage import CloudClips
from livecam.errors import CloudError
from livecam.testing.clock import FakeClock
from tests.doctor.cloud_clips import DENIED, FakeWiring, an_account, cloud_clips

NAME = "Transactions per second per account for the Amazon Rekognition Image operation DetectFaces"
OTHER = "Transactions per second per account for the Amazon Rekognition Image operation DetectFacesNot"


@pytest.mark.parametrize(
    ("settings", "state", "words"),
    [
        ({}, "ok", "70 calls a second (as Service Quotas has it for this account); a run makes 2"),
        ({"rate": 60}, "ok", "a run makes 60"),
        ({"rate": 80}, "warn", "a run makes 80, which is lowered to 70"),
        ({"rate": 60, "quota": 50}, "warn", "--quota says 50); a run makes 60, which is lowered to 50"),
        ({"quota": 90}, "warn", "--quota says 90"),
    ],
)
def test_the_accounts_own_quota_is_compared_with_the_rate(
    settings: dict[str, float], state: str, words: str
) -> None:
    told = quota.quota(cloud_clips(FakeWiring(granted={OTHER: 5.0, NAME: 70.0}), settings=settings))
    assert told.state == state
    assert words in told.text
    assert (told.advice is None) == (state == "ok")


@pytest.mark.parametrize(
    ("granted", "words"),
    [
        (
            DENIED,
            "unconfirmed; the account's own is not known: the default AWS credentials may not call this",
        ),
        ({OTHER: 5.0}, "unconfirmed: Service Quotas lists none"),
    ],
)
def test_where_it_is_not_told_the_default_is_and_marked(
    granted: dict[str, float] | CloudError, words: str
) -> None:
    told = quota.quota(cloud_clips(FakeWiring(granted=granted)))
    assert told.state == "ok"
    assert "eu-west-1: 100 calls a second (AWS's default, " in told.text
    assert words in told.text


def test_another_error_is_one() -> None:
    broken = CloudError("no way there", code="ConnectTimeoutError", blame="network")
    with pytest.raises(CloudError, match="no way there"):
        quota.quota(cloud_clips(FakeWiring(granted=broken)))


def test_without_credentials_or_settings_it_is_skipped() -> None:
    assert quota.quota(cloud_clips(account=an_account(has_credentials=False))).state == "skip"
    unset = CloudClips(an_account(), AwsAccess(), None, FakeWiring(), FakeClock())
    assert quota.quota(unset).state == "skip"
