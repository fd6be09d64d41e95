"""Stored video as an unmodified boto3 sees it: bucket, job, topic, queue and pages."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import Running, in_background
from livecam.local_aws.service_model import rekognition
from tests.local_aws.video_files import BrightEyes, a_video, seen_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Client = Callable[[str], Any]

POLLS = 5000
"""Answers after which a job is given up; each takes milliseconds."""


@pytest.fixture(autouse=True)
def _no_account_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Running]:
    with in_background(Setup(eyes=BrightEyes(faces=2))) as running:
        yield running


@pytest.fixture
def client(endpoint: Running) -> Iterator[Client]:
    with_clients = _Clients(endpoint)
    yield with_clients
    with_clients.close()


class _Clients:
    def __init__(self, endpoint: Running) -> None:
        self._session = boto3.Session("test", "test", region_name="us-east-1")
        self._url = endpoint.url
        self._clients: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:  # noqa: ANN401  boto3 makes its classes at run time
        if service not in self._clients:
            self._clients[service] = self._session.client(service, endpoint_url=self._url)
        return self._clients[service]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


def stored(client: Client, film: bytes, *, versioned: bool = False) -> dict[str, str]:
    """Put a film into a bucket of its own and return its S3Object."""
    bucket = f"clips-{uuid.uuid4().hex}"
    client("s3").create_bucket(Bucket=bucket)
    if versioned:
        status = {"Status": "Enabled"}
        client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration=status)
    put = client("s3").put_object(Bucket=bucket, Key="a/film 1.mp4", Body=film)
    place = {"Bucket": bucket, "Name": "a/film 1.mp4"}
    return place | {"Version": put["VersionId"]} if versioned else place


def a_channel(client: Client) -> tuple[dict[str, str], str]:
    """Return a NotificationChannel, and the address of a queue that gets what is published there."""
    name = f"AmazonRekognition-{uuid.uuid4().hex}"
    topic = client("sns").create_topic(Name=name)["TopicArn"]
    queue = client("sqs").create_queue(QueueName=name)["QueueUrl"]
    attributes = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    role = client("iam").create_role(RoleName=name[:64], AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    return {"SNSTopicArn": topic, "RoleArn": role}, queue


def told(client: Client, queue: str) -> dict[str, Any]:
    """Return the next message that a topic gave to a queue."""
    received = client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    message = json.loads(json.loads(received[0]["Body"])["Message"])
    assert isinstance(message, dict)
    return message


def ended(client: Client, job_id: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  as boto3's
    """Ask until a job has ended, and return the answer without what boto3 adds."""
    for _ in range(POLLS):
        answer: dict[str, Any] = client("rekognition").get_face_detection(JobId=job_id, **parameters)
        answer.pop("ResponseMetadata")
        assert rekognition().problems_of_answer("GetFaceDetection", answer) == []
        if answer["JobStatus"] != "IN_PROGRESS":
            return answer
    pytest.fail(f"job {job_id} did not end")


def refused(client: Client, **request: Any) -> str:  # noqa: ANN401  as boto3's
    with pytest.raises(ClientError) as caught:
        client("rekognition").start_face_detection(**request)
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.parametrize("attributes", ["DEFAULT", "ALL"])
def test_a_job_with_every_parameter_is_followed_to_its_results(client: Client, attributes: str) -> None:
    place = stored(client, a_video(), versioned=True)
    channel, queue = a_channel(client)
    request = {
        "Video": {"S3Object": place},
        "ClientRequestToken": f"token_{uuid.uuid4().hex}",
        "NotificationChannel": channel,
        "FaceAttributes": attributes,
        "JobTag": "front-door:1/2+3=a_b.c",
    }

    job_id = client("rekognition").start_face_detection(**request)["JobId"]
    message = told(client, queue)
    pages = [ended(client, job_id, MaxResults=2, NextToken="")]
    while "NextToken" in pages[-1]:
        pages.append(ended(client, job_id, MaxResults=2, NextToken=pages[-1]["NextToken"]))

    assert message["Timestamp"] > 1_600_000_000_000
    del message["Timestamp"]
    assert message == {
        "JobId": job_id,
        "Status": "SUCCEEDED",
        "API": "StartFaceDetection",
        "JobTag": request["JobTag"],
        "Video": {"S3ObjectName": place["Name"], "S3Bucket": place["Bucket"]},
    }
    assert [seen_at(page["Faces"]) for page in pages] == [[0, 0], [500, 500], [1000, 1000], [1500, 1500]]
    for page in pages:
        assert page["JobStatus"] == "SUCCEEDED"
        assert page["VideoMetadata"]["Codec"] == "h264"
        assert page["Video"] == request["Video"]
        assert page["JobTag"] == request["JobTag"]
        assert page["JobId"] == job_id
        assert all(("Emotions" in face["Face"]) == (attributes == "ALL") for face in page["Faces"])
        assert all("EyeDirection" not in face["Face"] for face in page["Faces"])
    assert client("rekognition").start_face_detection(**request)["JobId"] == job_id
    assert refused(client, **(request | {"JobTag": "other"})) == "IdempotentParameterMismatchException"


def test_a_job_without_a_topic_is_polled_to_its_end(client: Client) -> None:
    place = stored(client, a_video())

    job_id = client("rekognition").start_face_detection(Video={"S3Object": place})["JobId"]

    assert seen_at(ended(client, job_id)["Faces"]) == [0, 0, 500, 500, 1000, 1000, 1500, 1500]


def test_a_video_of_another_codec_ends_as_failed(client: Client) -> None:
    place = stored(client, a_video("mp4", "mpeg4"))

    job_id = client("rekognition").start_face_detection(Video={"S3Object": place})["JobId"]
    answer = ended(client, job_id)

    assert (answer["JobStatus"], answer["StatusMessage"]) == ("FAILED", "Unsupported codec/format.")


def test_an_older_version_of_an_object_can_be_analysed(client: Client) -> None:
    place = stored(client, a_video(pictures=15), versioned=True)
    client("s3").put_object(Bucket=place["Bucket"], Key=place["Name"], Body=b"no video")

    job_id = client("rekognition").start_face_detection(Video={"S3Object": place})["JobId"]

    assert ended(client, job_id)["VideoMetadata"]["DurationMillis"] == 500


@pytest.mark.parametrize(
    "changed", [{"Bucket": "no-such-bucket-here"}, {"Name": "other.mp4"}, {"Version": "no-such-version"}]
)
def test_an_object_that_is_not_there_is_refused(client: Client, changed: dict[str, str]) -> None:
    place = stored(client, a_video(pictures=1), versioned=True)

    assert refused(client, Video={"S3Object": place | changed}) == "InvalidS3ObjectException"


def test_an_object_that_was_deleted_is_refused(client: Client) -> None:
    place = stored(client, a_video(pictures=1), versioned=True)
    client("s3").delete_object(Bucket=place["Bucket"], Key=place["Name"])
    place.pop("Version")

    assert refused(client, Video={"S3Object": place}) == "InvalidS3ObjectException"


def test_a_topic_that_is_not_there_is_refused(client: Client) -> None:
    place = stored(client, a_video(pictures=1))
    channel = {
        "SNSTopicArn": "arn:aws:sns:us-east-1:123456789012:AmazonRekognitionNowhere",
        "RoleArn": "arn:aws:iam::123456789012:role/publisher",
    }

    code = refused(client, Video={"S3Object": place}, NotificationChannel=channel)

    assert code == "InvalidParameterException"


def test_a_job_that_is_not_known_is_refused(client: Client) -> None:
    with pytest.raises(client("rekognition").exceptions.ResourceNotFoundException):
        client("rekognition").get_face_detection(JobId="0" * 64)


def test_a_page_token_of_ones_own_making_is_refused(client: Client) -> None:
    place = stored(client, a_video())
    job_id = client("rekognition").start_face_detection(Video={"S3Object": place})["JobId"]
    ended(client, job_id)

    with pytest.raises(client("rekognition").exceptions.InvalidPaginationTokenException):
        client("rekognition").get_face_detection(JobId=job_id, NextToken="2")


@pytest.mark.usefixtures("models")
def test_livecams_own_eyes_look_at_a_real_clip(media: Path) -> None:
    with in_background() as endpoint:
        client = _Clients(endpoint)
        place = stored(client, (media / "webcam_single.mp4").read_bytes())
        job_id = client("rekognition").start_face_detection(Video={"S3Object": place}, FaceAttributes="ALL")

        answer = ended(client, job_id["JobId"])
        client.close()

    assert len(answer["Faces"]) >= 38
    assert max(answer["Faces"][0]["Face"]["Emotions"], key=lambda each: each["Confidence"])["Type"] == "CALM"
