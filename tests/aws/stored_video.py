"""Buckets, topics and queues of a local endpoint, and a machine's own way to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from livecam.aws.clients import AwsAccess
from livecam.aws.face_jobs import RekognitionJobs
from livecam.clock import SystemClock
from livecam.local_aws.endpoint import REGION
from livecam.stored_video import S3Place
from tests.aws.environment import access_to
from tests.local_aws.clients import client

if TYPE_CHECKING:
    from livecam.local_aws.server import Running
    from livecam.protocols import FaceJobs
    from livecam.stored_video import JobStatus

POLLS = 5000
"""Answers after which a job is given up; each takes milliseconds."""


def access_of(endpoint: Running) -> AwsAccess:
    return AwsAccess(region=REGION, endpoint_url=endpoint.url)


def jobs_of(url_or_endpoint: str | Running, **settings: Any) -> RekognitionJobs:  # noqa: ANN401  its own
    access = access_to(url_or_endpoint) if isinstance(url_or_endpoint, str) else access_of(url_or_endpoint)
    return RekognitionJobs(access, clock=SystemClock(), **settings)


def ended(jobs: FaceJobs, job_id: str) -> JobStatus:
    for _ in range(POLLS):
        status = jobs.status(job_id)
        if status.status != "IN_PROGRESS":
            return status
    pytest.fail(f"job {job_id} did not end")


def asked(endpoint: Running, operation: str) -> int:
    return sum(entry.operation == operation for entry in endpoint.requests())


class Account:
    """What a user of the endpoint sets up ahead; use with `close`."""

    def __init__(self, endpoint: Running) -> None:
        names = ("s3", "sns", "sqs")
        self._clients = {name: client(name, endpoint.url) for name in names}

    def close(self) -> None:
        for each in self._clients.values():
            each.close()

    @property
    def sqs(self) -> Any:  # noqa: ANN401  boto3 makes its classes at run time
        return self._clients["sqs"]

    def stored(self, film: bytes, *, key: str = "a/film 1.mp4", versioned: bool = False) -> S3Place:
        """Put a film into a bucket of its own."""
        s3, bucket = self._clients["s3"], f"clips-{uuid.uuid4().hex}"
        s3.create_bucket(Bucket=bucket)
        if versioned:
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        put = s3.put_object(Bucket=bucket, Key=key, Body=film)
        return S3Place(bucket, key, put.get("VersionId"), put["ETag"].strip('"'))

    def queue(self) -> str:
        """Make a queue and return its address."""
        return str(self.sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex}")["QueueUrl"])

    def topic(self, *queues: str, is_raw: bool = False) -> str:
        """Make a topic that queues get everything of, and return its ARN."""
        sns = self._clients["sns"]
        topic = str(sns.create_topic(Name=f"AmazonRekognition-{uuid.uuid4().hex}")["TopicArn"])
        for queue in queues:
            arn = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
            sns.subscribe(
                TopicArn=topic,
                Protocol="sqs",
                Endpoint=arn["Attributes"]["QueueArn"],
                Attributes={"RawMessageDelivery": str(is_raw).lower()},
            )
        return topic

    def send(self, queue: str, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=queue, MessageBody=body)

    def left_in(self, queue: str) -> int:
        """Return how many messages a queue has, hidden ones too."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)
