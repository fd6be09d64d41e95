"""A bucket is made, where a local endpoint has none yet; for an account see docs/aws-setup.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.aws.clients import patient_client, target_of
from livecam.aws.error_mapping import translate

if TYPE_CHECKING:
    from livecam.aws.clients import AwsAccess

NO_CONSTRAINT = "us-east-1"
"""The one Region that S3 wants not to be named."""
OWN = ("BucketAlreadyOwnedByYou",)


def make_bucket(access: AwsAccess, bucket: str) -> None:
    """Make a bucket; one that is there already is fine.

    Raises:
        CloudError: it cannot be made.
    """
    client = patient_client("s3", access)
    region = client.meta.region_name
    where = {} if region == NO_CONSTRAINT else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        client.create_bucket(Bucket=bucket, **where)
    except Exception as error:
        failure = translate(error, target=target_of(client, access, "CreateBucket"))
        if failure.code not in OWN:
            raise failure from error
