"""StartFaceDetection and GetFaceDetection, asked directly."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from livecam.errors import ModelMissing
from livecam.local_aws.operations import Context
from livecam.local_aws.service_errors import ServiceError
from livecam.local_aws.service_model import rekognition
from livecam.local_aws.video_jobs import OPEN_JOBS_LIMIT
from livecam.local_aws.video_operations import ANALYSED_AT_ONCE, VideoOperations
from livecam.testing.clock import FakeClock
from tests.local_aws.video_files import BrightEyes, a_video, seen_at

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from livecam.frames import Image
    from livecam.local_aws.operations import Eyes, FaceDetail

TOPIC = "arn:aws:sns:us-east-1:123456789012:AmazonRekognitionEnds"
ROLE = "arn:aws:iam::123456789012:role/publisher"
CHANNEL = {"SNSTopicArn": TOPIC, "RoleArn": ROLE}
PLACE = {"Bucket": "clips", "Name": "film.mp4"}
REQUEST: dict[str, Any] = {"Video": {"S3Object": PLACE}}
EVERYTHING: dict[str, Any] = {
    "Video": {"S3Object": PLACE | {"Version": "3"}},
    "ClientRequestToken": "token-1",
    "NotificationChannel": CHANNEL,
    "FaceAttributes": "ALL",
    "JobTag": "front-door",
}


class Account:
    """An account with some objects, and what a context needs of it."""

    def __init__(self, film: bytes | None = None, eyes: Eyes | None = None) -> None:
        film = a_video() if film is None else film
        self.objects = {("clips", "film.mp4", None): film, ("clips", "film.mp4", "3"): film}
        self.published: list[tuple[str, dict[str, Any]]] = []
        self.statuses_when_published: list[str] = []
        self.clock = FakeClock()
        self.jobs: list[asyncio.Task[None]] = []
        self.operations: VideoOperations = VideoOperations(self.clock)
        self.context = Context(
            eyes=eyes or BrightEyes(),
            clock=self.clock,
            read_object=self._read,
            publish=self._publish,
            start=self._start,
            region="us-east-1",
        )

    async def start(self, request: dict[str, Any]) -> str:
        answer = await self.operations.start(request, self.context)
        assert rekognition().problems_of_answer("StartFaceDetection", answer) == []
        return str(answer["JobId"])

    async def get(self, job_id: str, **parameters: str | int) -> dict[str, Any]:
        answer = await self.operations.get({"JobId": job_id} | parameters, self.context)
        assert rekognition().problems_of_answer("GetFaceDetection", answer) == []
        return answer

    async def finished(self) -> None:
        await asyncio.gather(*self.jobs)

    async def _read(self, bucket: str, name: str, version: str | None) -> bytes:
        await asyncio.sleep(0)  # others have their turn, as with a real bucket
        try:
            return self.objects[bucket, name, version]
        except KeyError as error:
            raise ServiceError("InvalidS3ObjectException") from error

    async def _publish(self, topic: str, message: str) -> None:
        content = json.loads(message)
        self.published.append((topic, content))
        self.statuses_when_published.append((await self.get(content["JobId"]))["JobStatus"])

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self.jobs.append(asyncio.create_task(work))


class SlowEyes(BrightEyes):
    """Looks until it is allowed to stop, and knows how many look at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.may_see = threading.Event()
        self.looking = threading.Semaphore(0)
        self.most = self._now = 0

    def look(self, image: Image) -> list[FaceDetail]:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.looking.release()
        self.may_see.wait(20)
        with self._lock:
            self._now -= 1
        return super().look(image)


async def refused(account: Account, request: dict[str, Any]) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await account.start(request)
    assert account.jobs == []
    return caught.value


async def test_a_job_is_in_progress_until_its_video_was_analysed() -> None:
    eyes = SlowEyes()
    account = Account(eyes=eyes)

    job_id = await account.start(REQUEST)
    assert await asyncio.to_thread(eyes.looking.acquire, timeout=20)
    during = await account.get(job_id)
    eyes.may_see.set()
    await account.finished()
    after = await account.get(job_id)

    assert during == {
        "JobId": job_id,
        "JobStatus": "IN_PROGRESS",
        "Video": {"S3Object": PLACE},
        "Faces": [],
    }
    assert after["JobStatus"] == "SUCCEEDED"
    assert seen_at(after["Faces"]) == [0, 500, 1000, 1500]


async def test_every_parameter_is_told_again() -> None:
    account = Account()

    job_id = await account.start(EVERYTHING)
    await account.finished()
    answer = await account.get(job_id)

    assert answer["Video"] == EVERYTHING["Video"]
    assert answer["JobTag"] == "front-door"
    assert "Emotions" in answer["Faces"][0]["Face"]
    assert "StatusMessage" not in answer


async def test_default_attributes_are_given_when_nothing_is_said() -> None:
    account = Account()

    job_id = await account.start(REQUEST)
    await account.finished()

    assert "Emotions" not in (await account.get(job_id))["Faces"][0]["Face"]


async def test_every_page_says_what_the_video_is() -> None:
    account = Account()
    job_id = await account.start(REQUEST)
    await account.finished()

    first = await account.get(job_id, MaxResults=3)
    second = await account.get(job_id, MaxResults=3, NextToken=first["NextToken"])

    assert first["VideoMetadata"] == second["VideoMetadata"]
    assert seen_at(first["Faces"] + second["Faces"]) == [0, 500, 1000, 1500]
    assert "NextToken" not in second


async def test_a_video_of_another_codec_fails_with_the_services_words() -> None:
    account = Account(a_video("mp4", "mpeg4"))

    job_id = await account.start(REQUEST)
    await account.finished()
    answer = await account.get(job_id)

    assert (answer["JobStatus"], answer["StatusMessage"]) == ("FAILED", "Unsupported codec/format.")
    assert answer["Faces"] == []
    assert "VideoMetadata" not in answer


async def test_the_topic_is_told_once_the_results_can_be_had() -> None:
    account = Account()

    job_id = await account.start(EVERYTHING)
    account.clock.advance(1.5)
    await account.finished()

    message = {
        "JobId": job_id,
        "Status": "SUCCEEDED",
        "API": "StartFaceDetection",
        "JobTag": "front-door",
        "Timestamp": int(account.clock.wall().timestamp() * 1000),
        "Video": {"S3ObjectName": "film.mp4", "S3Bucket": "clips"},
    }
    assert account.published == [(TOPIC, message)]
    assert account.statuses_when_published == ["SUCCEEDED"]


async def test_the_topic_is_told_of_a_failure() -> None:
    account = Account(b"no video")

    await account.start(REQUEST | {"NotificationChannel": CHANNEL})
    await account.finished()

    (_, message) = account.published[0]
    assert message["Status"] == "FAILED"
    assert "JobTag" not in message


async def test_nothing_is_published_without_a_topic() -> None:
    account = Account()

    await account.start(REQUEST)
    await account.finished()

    assert account.published == []


async def test_a_topic_that_does_not_exist_is_refused() -> None:
    async def has_topic(topic: str) -> bool:
        return topic != TOPIC

    account = Account()
    account.operations = VideoOperations(account.clock, has_topic=has_topic)

    assert (await refused(account, EVERYTHING)).code == "InvalidParameterException"
    await account.start(EVERYTHING | {"NotificationChannel": CHANNEL | {"SNSTopicArn": TOPIC + "2"}})
    await account.finished()


async def test_a_topic_of_another_region_is_refused() -> None:
    far = CHANNEL | {"SNSTopicArn": TOPIC.replace("us-east-1", "eu-west-1")}

    assert (await refused(Account(), REQUEST | {"NotificationChannel": far})).code == (
        "InvalidParameterException"
    )


@pytest.mark.parametrize("place", [{"Bucket": "other"}, {"Name": "other.mp4"}, {"Version": "9"}])
async def test_an_object_that_does_not_exist_is_refused(place: dict[str, str]) -> None:
    error = await refused(Account(), {"Video": {"S3Object": PLACE | place}})

    assert error.code == "InvalidS3ObjectException"


@pytest.mark.parametrize(
    ("video", "code"),
    [
        ({}, "InvalidParameterException"),
        ({"S3Object": {}}, "InvalidS3ObjectException"),
        ({"S3Object": {"Name": "film.mp4"}}, "InvalidS3ObjectException"),
        ({"S3Object": {"Bucket": "clips"}}, "InvalidS3ObjectException"),
    ],
)
async def test_a_request_that_names_no_object_is_refused(video: dict[str, Any], code: str) -> None:
    assert (await refused(Account(), {"Video": video})).code == code


@pytest.mark.parametrize(
    "changed",
    [
        {"Video": None},
        {"Video": {"S3Object": PLACE | {"Bucket": "ab"}}},
        {"Video": {"S3Object": PLACE | {"Bucket": "a bucket"}}},
        {"Video": {"S3Object": PLACE | {"Name": ""}}},
        {"Video": {"S3Object": PLACE | {"Name": "n" * 1025}}},
        {"Video": {"S3Object": PLACE | {"Version": ""}}},
        {"ClientRequestToken": ""},
        {"ClientRequestToken": "t" * 65},
        {"ClientRequestToken": "a token"},
        {"NotificationChannel": {"SNSTopicArn": TOPIC}},
        {"NotificationChannel": {"RoleArn": ROLE}},
        {"NotificationChannel": CHANNEL | {"SNSTopicArn": "arn:aws:sqs:us-east-1:123456789012:queue"}},
        {"NotificationChannel": CHANNEL | {"RoleArn": "publisher"}},
        {"FaceAttributes": "EMOTIONS"},
        {"JobTag": ""},
        {"JobTag": "j" * 1025},
        {"JobTag": "a tag"},
    ],
)
def test_a_parameter_that_breaks_the_model_never_gets_here(changed: dict[str, Any]) -> None:
    assert rekognition().read_request("StartFaceDetection", EVERYTHING) == EVERYTHING

    with pytest.raises(ServiceError) as caught:
        rekognition().read_request("StartFaceDetection", EVERYTHING | changed)

    assert caught.value.code == "InvalidParameterException"


async def test_a_video_that_is_too_large_is_refused_with_both_sizes() -> None:
    account = Account(b"x" * 101)
    account.operations = VideoOperations(account.clock, largest_video=100)

    error = await refused(account, REQUEST)

    assert error.code == "VideoTooLargeException"
    assert error.message == "Video size in bytes: 101 is more than the maximum limit of: 100 bytes."


async def test_a_token_means_one_job_whose_video_is_analysed_once() -> None:
    account = Account()

    ids = [await account.start(EVERYTHING), await account.start(EVERYTHING)]
    await account.finished()
    account.objects.clear()
    ids.append(await account.start(EVERYTHING))

    assert len(set(ids)) == len(account.jobs) == 1


async def test_two_requests_with_one_token_at_the_same_time_are_one_job() -> None:
    account = Account()

    ids = await asyncio.gather(*(account.start(EVERYTHING) for _ in range(5)))
    await account.finished()

    assert len(set(ids)) == len(account.jobs) == 1


async def test_a_token_with_other_parameters_is_refused() -> None:
    account = Account()
    await account.start(EVERYTHING)

    with pytest.raises(ServiceError) as caught:
        await account.start(EVERYTHING | {"JobTag": "back-door"})

    assert caught.value.code == "IdempotentParameterMismatchException"
    await account.finished()


async def test_two_videos_are_analysed_at_a_time_and_the_others_wait_in_progress() -> None:
    eyes = SlowEyes()
    account = Account(eyes=eyes)
    ids = [await account.start(REQUEST) for _ in range(OPEN_JOBS_LIMIT)]
    for _ in range(ANALYSED_AT_ONCE):
        assert await asyncio.to_thread(eyes.looking.acquire, timeout=20)

    statuses = [(await account.get(job_id))["JobStatus"] for job_id in ids]
    with pytest.raises(ServiceError) as caught:
        await account.start(REQUEST)
    eyes.may_see.set()
    await account.finished()

    assert statuses == ["IN_PROGRESS"] * OPEN_JOBS_LIMIT
    assert caught.value.code == "LimitExceededException"
    assert eyes.most == ANALYSED_AT_ONCE
    assert {(await account.get(job_id))["JobStatus"] for job_id in ids} == {"SUCCEEDED"}
    await account.start(REQUEST)
    await account.finished()


async def test_a_job_may_be_made_to_take_longer() -> None:
    pauses: list[float] = []
    go_on = asyncio.Event()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await go_on.wait()

    account = Account()
    account.operations = VideoOperations(account.clock, job_delay=7.0, pause=pause)
    job_id = await account.start(REQUEST)
    await asyncio.sleep(0)

    assert pauses == [7.0]
    assert (await account.get(job_id))["JobStatus"] == "IN_PROGRESS"
    go_on.set()
    await account.finished()
    assert (await account.get(job_id))["JobStatus"] == "SUCCEEDED"


async def test_a_video_that_was_deleted_meanwhile_fails() -> None:
    account = Account()

    job_id = await account.start(REQUEST)
    account.objects.clear()
    await account.finished()

    answer = await account.get(job_id)
    assert (answer["JobStatus"], answer["StatusMessage"][:20]) == ("FAILED", "Unable to get object")


async def test_eyes_without_their_models_fail_the_job_and_say_so() -> None:
    class Blind(BrightEyes):
        def look(self, image: Image) -> list[FaceDetail]:
            raise ModelMissing("the models are missing; run: livecam models install")

    account = Account(eyes=Blind())

    job_id = await account.start(REQUEST)
    await account.finished()

    assert "livecam models install" in (await account.get(job_id))["StatusMessage"]


@pytest.mark.logs_errors
async def test_whatever_goes_wrong_the_job_ends() -> None:
    class Broken(BrightEyes):
        def look(self, image: Image) -> list[FaceDetail]:
            raise ZeroDivisionError

    account = Account(eyes=Broken())

    job_id = await account.start(EVERYTHING)
    await account.finished()

    answer = await account.get(job_id)
    assert (answer["JobStatus"], answer["StatusMessage"]) == ("FAILED", "Internal server error")
    assert account.published[0][1]["Status"] == "FAILED"


async def test_an_endpoint_that_ends_stops_its_analyses() -> None:
    eyes = SlowEyes()
    account = Account(eyes=eyes)
    await account.start(REQUEST)
    assert await asyncio.to_thread(eyes.looking.acquire, timeout=20)

    account.jobs[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await account.finished()
    eyes.may_see.set()

    for thread in threading.enumerate():
        if thread.name == "local-aws call":
            await asyncio.to_thread(thread.join, 20)
    assert len(eyes.pictures) == 1
    assert account.published == []
