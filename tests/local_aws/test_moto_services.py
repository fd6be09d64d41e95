from __future__ import annotations

import importlib.util
import json
import os
import uuid
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from livecam.errors import MissingDependency
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import plan_from
from livecam.local_aws.moto_services import MotoServices
from livecam.local_aws.server import in_background
from tests.local_aws import clients

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from livecam.local_aws.server import Running
    from tests.local_aws.clients import Client


@pytest.fixture(scope="module")
def whole() -> Iterator[Running]:
    with in_background(Setup(eyes=CannedEyes())) as running:
        yield running


@pytest.fixture
def aws(whole: Running) -> Iterator[Callable[[str], Client]]:
    """Make boto3 clients of an endpoint that has moto."""
    with ExitStack() as stack:

        def client(service: str) -> Client:
            made = clients.client(service, whole.url)
            stack.callback(made.close)
            return made

        yield client


@pytest.fixture
def bucket(aws: Callable[[str], Client]) -> str:
    name = f"b-{uuid.uuid4()}"
    aws("s3").create_bucket(Bucket=name)
    return name


def test_a_picture_in_s3_is_looked_at_in_the_version_that_was_asked_for(
    aws: Callable[[str], Client], bucket: str
) -> None:
    s3, rekognition = aws("s3"), aws("rekognition")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="a b/ü.jpg", Body=clients.a_jpeg())["VersionId"]
    s3.put_object(Bucket=bucket, Key="a b/ü.jpg", Body=b"no picture")
    place = {"Bucket": bucket, "Name": "a b/ü.jpg"}
    answer = rekognition.detect_faces(Image={"S3Object": {**place, "Version": first}})
    assert len(answer["FaceDetails"]) == 1
    with pytest.raises(rekognition.exceptions.InvalidImageFormatException):
        rekognition.detect_faces(Image={"S3Object": place})


@pytest.mark.parametrize("place", [{"Name": "nothing"}, {"Bucket": "no-such-bucket", "Name": "nothing"}])
def test_a_picture_that_is_not_in_s3_is_told(
    place: dict[str, str], aws: Callable[[str], Client], bucket: str
) -> None:
    rekognition = aws("rekognition")
    with pytest.raises(rekognition.exceptions.InvalidS3ObjectException):
        rekognition.detect_faces(Image={"S3Object": {"Bucket": bucket, **place}})


def test_a_picture_in_another_region_is_not_found(aws: Callable[[str], Client]) -> None:
    s3, rekognition, name = aws("s3"), aws("rekognition"), f"b-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=name, Key="k", Body=clients.a_jpeg())
    with pytest.raises(rekognition.exceptions.InvalidS3ObjectException):
        rekognition.detect_faces(Image={"S3Object": {"Bucket": name, "Name": "k"}})


def test_large_objects_go_up_in_parts_and_come_back_the_same(
    aws: Callable[[str], Client], bucket: str, tmp_path: Path
) -> None:
    s3, path = aws("s3"), tmp_path / "large"
    content = os.urandom(9 * 1024 * 1024)
    path.write_bytes(content)
    s3.upload_file(str(path), bucket, "large")
    head = s3.head_object(Bucket=bucket, Key="large")
    assert (head["ContentLength"], head["ETag"][-3:]) == (len(content), '-2"')
    assert s3.get_object(Bucket=bucket, Key="large")["Body"].read() == content


def test_what_is_published_to_a_topic_is_in_its_queue(aws: Callable[[str], Client], whole: Running) -> None:
    sns, sqs = aws("sns"), aws("sqs")
    topic = sns.create_topic(Name=f"AmazonRekognition-{uuid.uuid4()}")["TopicArn"]
    queue = sqs.create_queue(QueueName=f"q-{uuid.uuid4()}")["QueueUrl"]
    assert queue.startswith(whole.url)
    (arn,) = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"].values()
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="hello")
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    assert json.loads(message["Body"])["Message"] == "hello"


def test_identity_roles_and_users_are_known_and_their_keys_are_good_for_rekognition(
    aws: Callable[[str], Client], whole: Running
) -> None:
    iam, sts = aws("iam"), aws("sts")
    assert sts.get_caller_identity()["Account"] == "123456789012"
    name = str(uuid.uuid4())
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    lent = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    for keys in (
        {"key": made["AccessKeyId"], "secret": made["SecretAccessKey"]},
        {"key": lent["AccessKeyId"], "secret": lent["SecretAccessKey"], "token": lent["SessionToken"]},
    ):
        client = clients.client("rekognition", whole.url, **keys)
        assert client.detect_faces(Image={"Bytes": clients.a_jpeg()})["FaceDetails"]
        client.close()


def test_a_fault_may_be_for_s3_and_leaves_the_others_alone(
    aws: Callable[[str], Client], bucket: str, whole: Running
) -> None:
    fault = {"kind": "error", "operation": "s3", "code": "SlowDown", "status": 503}
    whole.change_faults(plan_from({"faults": [fault]}, "test"))
    try:
        with pytest.raises(ClientError, match="SlowDown"):
            aws("s3").list_objects_v2(Bucket=bucket)
        assert aws("sts").get_caller_identity()
    finally:
        whole.change_faults(plan_from({}, "test"))
    assert [entry.outcome for entry in whole.requests() if entry.operation == "s3"][-1] == "SlowDown"


async def test_a_topic_that_is_not_there_is_not_known_and_gets_nothing() -> None:
    services = MotoServices(port=1, scheme="http")
    for topic in ("arn:aws:sns:us-east-1:123456789012:none", "arn:aws:sns:nowhere:1:none", "none"):
        assert not await services.has_topic(topic)
        await services.publish(topic, "hello")


def test_moto_that_is_not_installed_is_told_as_the_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependency, match=r"pip install 'livecam\[local-aws\]'"):
        MotoServices(port=1, scheme="http")


def test_what_moto_does_not_know_is_refused_as_such_and_not_as_a_fault_that_passes(
    aws: Callable[[str], Client],
) -> None:
    with pytest.raises(ClientError) as caught:
        aws("service-quotas").list_service_quotas(ServiceCode="rekognition")
    assert caught.value.response["Error"]["Code"] == "UnknownOperationException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


@pytest.mark.parametrize(
    ("service", "call"), [("sts", "get_caller_identity"), ("s3", "list_buckets"), ("sqs", "list_queues")]
)
def test_without_moto_the_other_services_say_that_they_are_not_served(
    service: str, call: str, endpoint: Running
) -> None:
    client = clients.client(service, endpoint.url)
    with pytest.raises(ClientError, match="only Rekognition is served"):
        getattr(client, call)()
    client.close()
    assert [entry.outcome for entry in endpoint.requests()] == ["UnknownOperationException"]


def test_without_moto_no_object_is_found(endpoint: Running, rekognition: Client) -> None:
    with pytest.raises(rekognition.exceptions.InvalidS3ObjectException):
        rekognition.detect_faces(Image={"S3Object": {"Bucket": "abc", "Name": "x"}})
