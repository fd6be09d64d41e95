from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livecam.aws.clients import AwsAccess
from livecam.aws.face_jobs import ATTEMPTS_AT_BROKEN, RekognitionJobs
from livecam.clock import SystemClock
from livecam.errors import CloudError, UsageError
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import Fault, FaultPlan
from livecam.local_aws.server import in_background
from livecam.local_aws.video_jobs import OPEN_JOBS_LIMIT
from livecam.native import cv2
from livecam.stored_video import JobParameters, JobStatus, S3Place
from tests.aws.stored_video import Account, asked, ended, jobs_of
from tests.aws.wire import WireServer, http, refuses, says, writes
from tests.local_aws.video_files import BrightEyes, a_video, seen_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.local_aws.server import Running
    from tests.aws.wire import Script

PLACE = S3Place("clips", "a/b.mp4")
TOPIC = "arn:aws:sns:eu-west-1:123456789012:AmazonRekognition-livecam"
ROLE = "arn:aws:iam::123456789012:role/livecam"
FACE = {"Timestamp": 0, "Face": {"BoundingBox": {"Left": 0.1, "Top": 0.1, "Width": 0.1, "Height": 0.1}}}
DONE: dict[str, Any] = {"JobStatus": "SUCCEEDED", "Faces": [FACE]}


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let botocore try again at once; return the seconds that it would have waited."""
    seconds: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=seconds.append))
    return seconds


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Running]:
    with in_background(Setup(eyes=BrightEyes(faces=2))) as running:
        yield running


@pytest.fixture(scope="module")
def film() -> bytes:
    """Return two seconds of H.264 in MP4."""
    return a_video()


@pytest.fixture
def account(endpoint: Running) -> Iterator[Account]:
    made = Account(endpoint)
    yield made
    endpoint.change_faults(FaultPlan())
    made.close()


def test_every_parameter_reaches_the_service() -> None:
    place = S3Place("clips", "a/ä b.mp4", "v1", "0123")
    with WireServer([says({"JobId": "job-1"})]) as server:
        job_id = jobs_of(server.url).start(
            place, JobParameters("DEFAULT", "door:1/2+3=a_b.c", TOPIC, ROLE), "t-1"
        )
        sent = server.exchanges[0].json

    assert job_id == "job-1"
    assert sent == {
        "Video": {"S3Object": {"Bucket": "clips", "Name": "a/ä b.mp4", "Version": "v1"}},
        "ClientRequestToken": "t-1",
        "NotificationChannel": {"SNSTopicArn": TOPIC, "RoleArn": ROLE},
        "FaceAttributes": "DEFAULT",
        "JobTag": "door:1/2+3=a_b.c",
    }


def test_what_is_not_set_is_not_sent() -> None:
    with WireServer([says({"JobId": "job-1"})]) as server:
        jobs_of(server.url).start(PLACE, JobParameters(), "t")
        sent = server.exchanges[0].json

    assert sent == {
        "Video": {"S3Object": {"Bucket": "clips", "Name": "a/b.mp4"}},
        "ClientRequestToken": "t",
        "FaceAttributes": "ALL",
    }


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"token": ""}, "request token ''"),
        ({"token": "t" * 65}, "request token"),
        ({"token": "a b"}, "request token 'a b'"),
        ({"token": "a\n"}, "request token"),
        ({"place": S3Place("no", "k")}, "bucket 'no'"),
        ({"place": S3Place("clips", "")}, "object's key ''"),
        ({"place": S3Place("clips", "k" * 1025)}, r"object's key 'k+\.\.\.'"),
        ({"place": S3Place("clips", "k", "")}, "object's version"),
        ({"attributes": "EMOTIONS"}, "face attributes 'EMOTIONS'.*give DEFAULT or ALL"),
        ({"tag": ""}, "job tag ''"),
        ({"tag": "two words"}, "job tag 'two words'"),
        ({"tag": "t" * 1025}, "job tag"),
        ({"topic": TOPIC}, "give both, or neither"),
        ({"role": ROLE}, "give both, or neither"),
        (
            {"topic": "AmazonRekognition-livecam", "role": ROLE},
            "the topic 'Amazon.*ARN of a standard SNS topic",
        ),
        ({"topic": TOPIC + ".fifo", "role": ROLE}, "ARN of a standard SNS topic"),
        ({"topic": TOPIC, "role": "livecam"}, "the role 'livecam'"),
        (
            {"topic": TOPIC.replace("eu-west-1", "us-east-1"), "role": ROLE},
            "is in us-east-1 and .* in eu-west-1",
        ),
    ],
    ids=str,
)
def test_what_the_service_would_refuse_is_refused_here(changed: dict[str, Any], message: str) -> None:
    token, place = changed.pop("token", "t"), changed.pop("place", PLACE)
    with WireServer([says({"JobId": "job-1"})]) as server:
        with pytest.raises(UsageError, match=message):
            jobs_of(server.url).start(place, replace(JobParameters(), **changed), token)
        assert not server.exchanges


@pytest.mark.parametrize("page_size", [1, 3, 8, 1000])
def test_a_job_gives_all_its_faces_whatever_the_size_of_its_pages(
    page_size: int, endpoint: Running, account: Account, film: bytes
) -> None:
    jobs = jobs_of(endpoint, page_size=page_size)
    job_id = jobs.start(account.stored(film, versioned=True), JobParameters(tag="door"), f"all-{page_size}")

    status = ended(jobs, job_id)
    before = asked(endpoint, "GetFaceDetection")
    faces = list(jobs.faces(job_id))

    assert status.duration == pytest.approx(2.0)
    assert status.metadata["Codec"] == "h264"
    assert status.metadata["FrameRate"] == pytest.approx(30.0)
    assert seen_at([dict(face) for face in faces]) == [0, 0, 500, 500, 1000, 1000, 1500, 1500]
    assert faces[0]["Face"]["Emotions"] == [{"Type": "HAPPY", "Confidence": 90.0}]
    assert [face["Face"]["BoundingBox"]["Left"] for face in faces[:2]] == pytest.approx([0.0, 0.1])
    assert asked(endpoint, "GetFaceDetection") - before == -(-8 // page_size)


def test_faces_are_fetched_as_they_are_taken(endpoint: Running, account: Account, film: bytes) -> None:
    jobs = jobs_of(endpoint, page_size=2)
    job_id = jobs.start(account.stored(film), JobParameters(), "streamed")
    ended(jobs, job_id)
    before = asked(endpoint, "GetFaceDetection")

    faces = jobs.faces(job_id)
    next(faces)
    next(faces)

    assert asked(endpoint, "GetFaceDetection") - before == 1


def test_a_video_without_a_face_succeeds_without_any(account: Account) -> None:
    with in_background(Setup(eyes=BrightEyes(faces=0))) as empty:
        own = Account(empty)
        jobs = jobs_of(empty)
        job_id = jobs.start(own.stored(a_video(pictures=5)), JobParameters(), "nobody")
        assert ended(jobs, job_id).status == "SUCCEEDED"
        assert list(jobs.faces(job_id)) == []
        own.close()


def test_a_job_that_was_started_before_is_found_again(
    endpoint: Running, account: Account, film: bytes
) -> None:
    place, jobs = account.stored(film), jobs_of(endpoint)
    first = jobs.start(place, JobParameters(tag="one"), "same-token")

    assert jobs_of(endpoint).start(place, JobParameters(tag="one"), "same-token") == first
    assert jobs.start(place, JobParameters(tag="one"), "other-token") != first
    with pytest.raises(CloudError, match="start another attempt") as caught:
        jobs.start(place, JobParameters(tag="two"), "same-token")
    assert caught.value.code == "IdempotentParameterMismatchException"


def test_one_job_more_than_may_run_is_refused_at_once(slept: list[float]) -> None:
    with in_background(Setup(eyes=CannedEyes(), job_delay=600)) as busy:
        own = Account(busy)
        place, jobs = own.stored(b"never looked at"), jobs_of(busy)
        ids = {jobs.start(place, JobParameters(), f"job-{number}") for number in range(OPEN_JOBS_LIMIT)}
        with pytest.raises(CloudError, match="waits for one to end") as caught:
            jobs.start(place, JobParameters(), "one-more")
        own.close()

        assert len(ids) == OPEN_JOBS_LIMIT == 20
        assert caught.value.code == "LimitExceededException"
        assert not caught.value.is_throttle
        assert asked(busy, "StartFaceDetection") == OPEN_JOBS_LIMIT + 1
        assert not slept


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("InternalServerError", 500),
    ],
)
def test_what_passes_is_tried_again(code: str, status: int, slept: list[float]) -> None:
    with WireServer([refuses(code, status=status)] * 2 + [says(DONE)]) as server:
        assert jobs_of(server.url).status("job-1").status == "SUCCEEDED"
        assert len(server.exchanges) == 3
    assert len(slept) == 2


def test_an_mp4v_file_fails_and_has_no_results(endpoint: Running, account: Account, tmp_path: Path) -> None:
    path = tmp_path / "mp4v.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (64, 48))
    for number in range(15):
        writer.write(np.full((48, 64, 3), number, np.uint8))
    writer.release()
    jobs = jobs_of(endpoint)
    job_id = jobs.start(account.stored(path.read_bytes()), JobParameters(), "mp4v")

    assert ended(jobs, job_id) == JobStatus("FAILED", "Unsupported codec/format.")
    with pytest.raises(CloudError, match="a job that is FAILED; it does not count as no face"):
        list(jobs.faces(job_id))


def test_results_of_a_job_in_progress_are_not_no_faces() -> None:
    with (
        WireServer([says({"JobStatus": "IN_PROGRESS", "Faces": []})]) as server,
        pytest.raises(CloudError, match="IN_PROGRESS"),
    ):
        list(jobs_of(server.url).faces("job-1"))


def test_an_object_that_cannot_be_read_is_told_with_region_and_right(
    endpoint: Running, account: Account
) -> None:
    place = replace(account.stored(b"x"), key="other.mp4")
    with pytest.raises(CloudError, match=r"Region us-east-1.*s3:GetObject") as caught:
        jobs_of(endpoint).start(place, JobParameters(), "nothing-there")
    assert caught.value.code == "InvalidS3ObjectException"


def test_an_older_version_of_an_object_is_what_is_looked_at(endpoint: Running, account: Account) -> None:
    place = account.stored(a_video(pictures=15), versioned=True)
    assert place.version is not None
    jobs = jobs_of(endpoint)

    with pytest.raises(CloudError, match="could not read the object"):
        jobs.start(replace(place, version="no-such-version"), JobParameters(), "version-1")
    assert ended(jobs, jobs.start(place, JobParameters(), "version-2")).duration == pytest.approx(0.5)


def test_a_job_that_is_not_known_is_told_as_such(endpoint: Running) -> None:
    jobs = jobs_of(endpoint)
    for ask in (jobs.status, lambda job_id: list(jobs.faces(job_id))):
        with pytest.raises(CloudError, match="results are kept for 7 days") as caught:
            ask("0" * 64)
        assert caught.value.code == "ResourceNotFoundException"


def test_a_page_that_is_too_old_says_that_fetching_begins_anew() -> None:
    with WireServer([says(DONE | {"NextToken": "a"}), refuses("InvalidPaginationTokenException")]) as server:
        faces = jobs_of(server.url).faces("job-1")
        next(faces)
        with pytest.raises(CloudError, match="from the start") as caught:
            next(faces)
        assert server.exchanges[1].json["NextToken"] == "a"
    assert caught.value.code == "InvalidPaginationTokenException"


def test_pages_that_go_round_in_circles_end_as_an_error() -> None:
    pages = [says(DONE | {"NextToken": token}) for token in ("a", "b", "a")]
    with WireServer(pages) as server:
        with pytest.raises(CloudError, match="points back"):
            list(jobs_of(server.url).faces("job-1"))
        assert len(server.exchanges) == 3


@pytest.mark.parametrize(
    "script",
    [
        says({}),
        says([DONE]),
        says(None),
        says({"Faces": [FACE]}),
        says(DONE | {"JobStatus": None}),
        says(DONE | {"JobStatus": 1}),
        says(DONE | {"JobStatus": "SUCCEEDED?"}),
        says({"JobStatus": "SUCCEEDED"}),
        says(DONE | {"Faces": None}),
        says(DONE | {"Faces": {}}),
        says(DONE | {"Faces": [5]}),
        says(DONE | {"Faces": [None]}),
        says(DONE | {"Faces": [{}]}),
        says(DONE | {"Faces": [{"Timestamp": 0}]}),
        says(DONE | {"Faces": [{"Timestamp": 0, "Face": "me"}]}),
        says(DONE | {"Faces": [FACE | {"Timestamp": -1}]}),
        says(DONE | {"Faces": [FACE | {"Timestamp": True}]}),
        says(DONE | {"Faces": [FACE | {"Timestamp": "0"}]}),
        says(DONE | {"NextToken": 5}),
        says(DONE | {"VideoMetadata": "h264"}),
        writes(http(b'{"JobStatus": "SUCCEEDED", "Faces": [')),
        writes(http(b'{"JobStatus": "SUCCEEDED", "Faces": []}', length=900)),
        writes(http(b"")),
        writes(http(b"<html>")),
    ],
)
def test_a_broken_answer_is_an_error_and_never_no_faces(script: Script) -> None:
    with WireServer([script]) as server:
        with pytest.raises(CloudError, match="does not count as no face") as caught:
            list(jobs_of(server.url).faces("job-1"))
        assert 1 <= len(server.exchanges) <= ATTEMPTS_AT_BROKEN
    assert caught.value.code in ("MalformedAnswer", "TruncatedAnswer")


@pytest.mark.parametrize(
    "answer", [{}, {"JobId": None}, {"JobId": ""}, {"JobId": 7e9}, {"JobId": "a\nb"}], ids=str
)
def test_a_start_without_an_id_is_an_error(answer: object) -> None:
    with WireServer([says(answer)]) as server, pytest.raises(CloudError) as caught:
        jobs_of(server.url).start(PLACE, JobParameters(), "t")
    assert caught.value.code == "MalformedAnswer"


@pytest.mark.parametrize("kind", ["truncate", "malformed", "not-object", "empty", "incomplete"])
def test_answers_that_come_broken_now_and_then_lose_and_double_nothing(
    kind: Any,  # noqa: ANN401  of the fault plan's
    endpoint: Running,
    account: Account,
    film: bytes,
) -> None:
    jobs = jobs_of(endpoint, page_size=3)
    place = account.stored(film)
    for operation in ("StartFaceDetection", "GetFaceDetection"):
        fault = Fault(kind=kind, operation=operation, times=ATTEMPTS_AT_BROKEN - 1)
        endpoint.change_faults(FaultPlan(faults=(fault,)))
        job_id = jobs.start(place, JobParameters(), f"broken-{kind}")
        assert ended(jobs, job_id).status == "SUCCEEDED"
        endpoint.change_faults(FaultPlan(faults=(fault,)))
        faces = [dict(face) for face in jobs.faces(job_id)]
        assert seen_at(faces) == [0, 0, 500, 500, 1000, 1000, 1500, 1500]


def test_new_credentials_are_found_after_a_session_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    with WireServer([refuses("ExpiredTokenException"), says(DONE)]) as server:
        jobs = jobs_of(server.url)
        with pytest.raises(CloudError, match="has expired"):
            jobs.status("job-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "renewed")
        assert jobs.status("job-1").status == "SUCCEEDED"
        assert b"Credential=renewed/" in server.exchanges[1].head


def test_a_metadata_without_a_length_is_taken_as_it_is() -> None:
    metadata = {"Codec": "h264"}
    with WireServer([says(DONE | {"VideoMetadata": metadata})]) as server:
        status = jobs_of(server.url).status("job-1")
    assert (status.duration, status.metadata) == (None, metadata)


def test_the_end_of_a_job_is_told_by_topic_and_queue(
    endpoint: Running, account: Account, film: bytes
) -> None:
    queue, other = account.queue(), account.queue()
    jobs = jobs_of(endpoint, queue_url=queue)
    parameters = JobParameters(topic=account.topic(queue, other), role=ROLE)
    place = account.stored(film)
    ours = jobs.start(place, parameters, "told-1")
    jobs.start(place, parameters, "told-2")  # another program's, as far as we know

    assert jobs.finished(frozenset({ours}), 30) == frozenset({ours})
    assert jobs.status(ours).status == "SUCCEEDED"
    assert jobs.finished(frozenset({ours}), 0) == frozenset()


def test_without_a_queue_nobody_tells() -> None:
    assert jobs_of("http://127.0.0.1:1").finished(frozenset({"job-1"}), 3600) is None


def test_nothing_is_asked_before_it_is_needed() -> None:
    RekognitionJobs(AwsAccess(profile="no such profile"), queue_url="https://queue", clock=SystemClock())
