from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from livecam.analysis.cloud import results_file
from livecam.analysis.jobs import FINAL, GONE, NO_SLOT, ask, look, submit
from livecam.analysis.results import read_results
from livecam.analysis.video_lock import lock_of
from livecam.errors import CloudError, OutputError, UsageError
from livecam.events import JobEnded, JobSubmitted, ResultsFetched
from livecam.stored_video import JobParameters, StoredVideo
from livecam.testing.fake_face_jobs import FakeFaceJobs
from tests.analysis.samples import cloud_error, faces

if TYPE_CHECKING:
    from livecam.events import Event
    from livecam.stored_video import Job
    from tests.analysis.samples import Scene


def job_of(scene: Scene, number: int = 1) -> Job:
    job = scene.archive.ledger.jobs.get(number)
    assert job is not None
    return job


def ended(scene: Scene) -> list[tuple[str, str | None]]:
    return [(each.status, each.message) for each in scene.events.told if isinstance(each, JobEnded)]


def test_a_job_is_written_down_before_it_is_asked_for(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []
    start = FakeFaceJobs.start

    def looked(jobs: FakeFaceJobs, *request: object) -> str:
        seen.extend((job.state, job.token) for job in scene.archive.ledger.jobs.all())
        return start(jobs, *request)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeFaceJobs, "start", looked)
    job = submit(scene.cloud(), scene.stored())
    assert seen == [("submitting", job.token)]
    assert (job.state, job.job_id, job.attempt) == ("submitted", "job-1", 1)
    assert job == job_of(scene)
    assert scene.events.told == [
        JobSubmitted(at=scene.clock.now(), source="", clip=job.video, job_id="job-1")
    ]


def test_all_that_was_set_is_asked_for(scene: Scene) -> None:
    parameters = JobParameters("DEFAULT", "a-tag", "arn:topic", "arn:role")
    video = scene.stored()
    submit(scene.cloud(parameters=parameters), video)
    ((place, asked, token),) = scene.jobs.starts
    assert (place, asked) == (video.place, parameters)
    assert len(token) <= 64


def test_the_same_job_is_not_submitted_twice(scene: Scene) -> None:
    video = scene.stored()
    first = submit(scene.cloud(), video)
    assert submit(scene.cloud(), video) == first
    assert len(scene.jobs.starts) == 1


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_token(scene: Scene) -> None:
    video = scene.stored()
    scene.jobs.fail("started", cloud_error())
    with pytest.raises(CloudError):
        submit(scene.cloud(), video)
    assert (job_of(scene).state, job_of(scene).message) == ("submitting", "it said ServiceUnavailable")
    job = submit(scene.cloud(), video)
    assert (job.state, job.message) == ("submitted", None)
    assert len({token for _, _, token in scene.jobs.starts}) == 1
    assert scene.jobs.jobs == ["job-1"]
    assert ended(scene) == []


def test_after_a_kill_the_job_that_may_be_there_is_found_again(scene: Scene) -> None:
    video = scene.stored()

    class Killed(BaseException):
        pass

    scene.jobs.fail("started", Killed())  # type: ignore[arg-type]
    with pytest.raises(Killed):
        submit(scene.cloud(), video)
    (left,) = scene.archive.ledger.jobs.unfinished()
    assert ask(scene.cloud(), left).job_id == "job-1"
    assert scene.jobs.jobs == ["job-1"]


def test_without_a_slot_it_waits_and_is_no_failure(scene: Scene) -> None:
    scene.jobs.fail("start", cloud_error(NO_SLOT))
    job = submit(scene.cloud(), scene.stored())
    assert (job.state, job.message) == ("submitting", "waits for a free slot")
    assert ask(scene.cloud(), job).state == "submitted"
    assert len({token for _, _, token in scene.jobs.starts}) == 1


@pytest.mark.parametrize("code", FINAL)
def test_what_is_refused_for_good_is_over_and_another_attempt_is_another_job(code: str, scene: Scene) -> None:
    video = scene.stored()
    scene.jobs.fail("start", cloud_error(code))
    with pytest.raises(CloudError, match=code):
        submit(scene.cloud(), video)
    assert job_of(scene).state == "failed"
    assert ended(scene) == [("REFUSED", f"it said {code}")]
    again = submit(scene.cloud(), video)
    assert (again.attempt, again.state) == (2, "submitted")
    assert len({token for _, _, token in scene.jobs.starts}) == 2


def test_a_parameter_that_cannot_be_used_does_not_stay_in_the_way(scene: Scene) -> None:
    video = scene.stored()
    wrong = JobParameters(topic="arn:of-another-region", role="arn:role")
    scene.jobs.fail("start", UsageError("the topic is elsewhere"))
    with pytest.raises(UsageError):
        submit(scene.cloud(parameters=wrong), video)
    assert ended(scene) == [("REFUSED", "the topic is elsewhere")]
    job = submit(scene.cloud(), video)
    assert (job.state, job.parameters.topic) == ("submitted", None)


def test_an_expired_session_ends_nothing(scene: Scene) -> None:
    scene.jobs.fail("start", cloud_error("ExpiredTokenException", is_lasting=True))
    with pytest.raises(CloudError):
        submit(scene.cloud(), scene.stored())
    assert (job_of(scene).state, ended(scene)) == ("submitting", [])


@pytest.mark.parametrize(("is_anew", "attempts"), [(False, [1]), (True, [1, 2])])
def test_what_was_analysed_is_analysed_again_only_when_that_is_asked_for(
    attempts: list[int], scene: Scene, *, is_anew: bool
) -> None:
    video = scene.stored()
    job = submit(scene.cloud(), video)
    assert submit(scene.cloud(), video, is_anew=is_anew).attempt == 1  # it is under way
    scene.jobs.end("job-1", faces())
    assert look(scene.cloud(), job).state == "fetched"
    submit(scene.cloud(), video, is_anew=is_anew)
    assert [each.attempt for each in scene.archive.ledger.jobs.of(video.name)] == attempts
    assert len(scene.jobs.starts) == len(attempts)


def test_what_is_nowhere_on_s3_cannot_be_analysed(scene: Scene) -> None:
    with pytest.raises(ValueError, match="nowhere on S3"):
        submit(scene.cloud(), StoredVideo("x", "waiting"))


def test_a_job_in_progress_stays_as_it_is(scene: Scene) -> None:
    job = submit(scene.cloud(), scene.stored())
    assert look(scene.cloud(), job) == job
    assert scene.jobs.asked == ["job-1"]


def test_one_that_was_not_submitted_is_not_asked_about(scene: Scene) -> None:
    scene.jobs.fail("start", cloud_error(NO_SLOT))
    job = submit(scene.cloud(), scene.stored())
    assert look(scene.cloud(), job) == job
    assert scene.jobs.asked == []


def test_results_are_written_beside_the_video_with_all_that_is_known_of_the_job(scene: Scene) -> None:
    video = scene.stored()
    parameters = JobParameters(tag="a-tag")
    cloud = scene.cloud(parameters=parameters)
    job = submit(cloud, video)
    scene.clock.advance(90)
    scene.jobs.end("job-1", faces(5), milliseconds=30_000)
    fetched = look(cloud, job)
    assert fetched == job_of(scene)
    assert (fetched.state, fetched.faces, fetched.minutes) == ("fetched", 5, 0.5)
    assert fetched.results == scene.folder / "film.mp4.results.jsonl"
    lines = [json.loads(line) for line in fetched.results.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == {
        "schema": "livecam.results/1",
        "video": video.name,
        "job_id": "job-1",
        "attempt": 1,
        "bucket": "clips",
        "key": "films/film.mp4",
        "version": None,
        "etag": "e1",
        "attributes": "ALL",
        "tag": "a-tag",
        "submitted_at": "2026-01-01T00:00:00+00:00",
        "fetched_at": "2026-01-01T00:01:30+00:00",
        "metadata": {"DurationMillis": 30_000, "Codec": "h264"},
    }
    assert lines[1:] == faces(5)
    assert len(list(read_results(fetched.results).faces())) == 5
    assert ended(scene) == [("SUCCEEDED", None)]
    (told,) = scene.events.of(ResultsFetched)
    assert isinstance(told, ResultsFetched)
    assert (told.faces, told.minutes, told.file) == (5, 0.5, str(fetched.results))
    assert told.cost_usd == pytest.approx(cloud.price(0.5))
    assert look(cloud, fetched) == fetched
    assert scene.jobs.asked == ["job-1"]


@pytest.mark.parametrize("code", ["ServiceUnavailable", "InvalidPaginationTokenException"])
def test_results_that_were_half_read_are_read_anew_and_never_half_there(code: str, scene: Scene) -> None:
    video = scene.stored()
    job = submit(scene.cloud(), video)
    scene.jobs.end("job-1", faces(6))
    scene.jobs.fail("faces", cloud_error(code))
    with pytest.raises(CloudError, match=code):
        look(scene.cloud(), job)
    assert job_of(scene).state == "succeeded"
    assert not list(scene.folder.glob("*.results*"))
    fetched = look(scene.cloud(), job_of(scene))
    assert fetched.results is not None
    assert len(fetched.results.read_text(encoding="utf-8").splitlines()) == 7
    assert ended(scene) == [("SUCCEEDED", None)]


def test_results_that_cannot_be_written_wait(scene: Scene) -> None:
    video = scene.stored()
    job = submit(scene.cloud(), video)
    scene.jobs.end("job-1", faces())
    in_the_way = results_file(scene.archive, video)
    in_the_way.mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        look(scene.cloud(), job)
    assert job_of(scene).state == "succeeded"
    in_the_way.rmdir()
    assert look(scene.cloud(), job_of(scene)).state == "fetched"


def test_a_service_that_cannot_be_asked_ends_nothing(scene: Scene) -> None:
    job = submit(scene.cloud(), scene.stored())
    scene.jobs.fail("status", cloud_error())
    with pytest.raises(CloudError):
        look(scene.cloud(), job)
    assert (job_of(scene).state, ended(scene)) == ("submitted", [])


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "Unsupported codec/format.",
            "Unsupported codec/format. (Rekognition takes H.264 in MP4 or MOV only",
        ),
        ("Something odd", "Something odd"),
        (None, "the service does not say why"),
    ],
)
def test_why_a_job_failed_is_explained(message: str | None, said: str, scene: Scene) -> None:
    job = submit(scene.cloud(), scene.stored())
    scene.jobs.end_badly("job-1", message)
    failed = look(scene.cloud(), job)
    assert failed.state == "failed"
    assert failed.message is not None
    assert failed.message.startswith(f"Rekognition could not analyse it: {said}")
    assert failed.ended_at == scene.clock.wall()
    assert ended(scene) == [("FAILED", failed.message)]


@pytest.mark.parametrize("step", ["status", "faces"])
def test_results_that_are_gone_are_said_to_be_and_the_next_attempt_is_a_new_job(
    step: str, scene: Scene
) -> None:
    video = scene.stored()
    job = submit(scene.cloud(), video)
    scene.jobs.end("job-1", faces())
    scene.jobs.fail(step, cloud_error(GONE))  # type: ignore[arg-type]
    expired = look(scene.cloud(), job)
    assert expired.state == "expired"
    assert "results are kept for 7 days" in str(expired.message)
    assert [status for status, _ in ended(scene)] == ["EXPIRED"]
    assert not list(scene.folder.glob("*.results*"))
    assert submit(scene.cloud(), video).attempt == 2


def test_while_somebody_else_fetches_results_wait_and_are_told_once(scene: Scene) -> None:
    video = scene.stored()
    job = submit(scene.cloud(), video)
    scene.jobs.end("job-1", faces())
    lock = lock_of(scene.archive, video.name)
    assert lock is not None
    with lock:
        assert look(scene.cloud(), job).state == "submitted"
    assert look(scene.cloud(), job).state == "fetched"
    assert look(scene.cloud(), job).state == "fetched"  # it had not heard of it
    told: list[Event] = scene.events.of(ResultsFetched)
    assert len(told) == 1


def test_nothing_is_fetched_of_what_was_deleted_meanwhile(scene: Scene) -> None:
    video = scene.stored()
    job = submit(scene.cloud(), video)
    scene.jobs.end("job-1", faces())
    scene.archive.ledger.jobs.forget_of(video.name)
    look(scene.cloud(), job)
    assert not list(scene.folder.glob("*.results*"))
    assert ended(scene) == []


def test_an_object_that_is_gone_ends_the_job_and_has_its_file_sent_again(scene: Scene) -> None:
    video = scene.stored()
    scene.store.fail("describe", cloud_error("NoSuchKey"))
    scene.jobs.fail("start", cloud_error("InvalidS3ObjectException"))
    with pytest.raises(CloudError):
        submit(scene.cloud(), video)
    (job,) = scene.archive.ledger.jobs.of(video.name)
    assert job.state == "failed"
    assert scene.known(video.name).state == "waiting"
