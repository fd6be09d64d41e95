from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from livecam.aws.new_bucket import make_bucket
from livecam.errors import CloudError
from tests.aws.environment import access_to

if TYPE_CHECKING:
    from tests.aws.bucket import Bucket


def test_a_bucket_is_made_in_the_region_of_the_calls_and_may_be_there_already(bucket: Bucket) -> None:
    access, name = access_to(bucket.running.url), f"new-{uuid.uuid4().hex[:12]}"
    make_bucket(access, name)
    make_bucket(access, name)
    where = bucket.s3.get_bucket_location(Bucket=name)["LocationConstraint"]
    assert where == access.region


def test_a_bucket_that_cannot_be_made_is_one_sentence(bucket: Bucket) -> None:
    with pytest.raises(CloudError):
        make_bucket(access_to(bucket.running.url), "NO")
