"""Which job a token means, how many may be open, how long they are known, and their pages."""

from __future__ import annotations

import base64
import itertools
from dataclasses import replace
from typing import Any

import pytest

from livecam.local_aws.service_errors import ServiceError
from livecam.local_aws.video_jobs import (
    KEPT_FOR,
    LARGEST_PAGE,
    OPEN_JOBS_LIMIT,
    PAGE_TOKEN_VALID_FOR,
    JobRequest,
    VideoJob,
    VideoJobs,
)
from livecam.testing.clock import FakeClock

REQUEST = JobRequest("clips", "one.mp4")
CALLER = "arn:aws:iam::123456789012:user/test"
OTHERS = [
    replace(REQUEST, bucket="others"),
    replace(REQUEST, name="two.mp4"),
    replace(REQUEST, version="1"),
    replace(REQUEST, attributes="ALL"),
    replace(REQUEST, tag="front-door"),
    replace(REQUEST, topic="arn:aws:sns:us-east-1:123456789012:AmazonRekognitionEnds"),
    replace(REQUEST, role="arn:aws:iam::123456789012:role/publisher"),
]


def numbered_jobs(clock: FakeClock | None = None, **limits: int) -> VideoJobs:
    numbers = itertools.count(1)
    return VideoJobs(clock or FakeClock(), new_id=lambda: f"job-{next(numbers)}", **limits)


def started(jobs: VideoJobs, token: str | None = None, request: JobRequest = REQUEST) -> VideoJob:
    return jobs.start(token, request, caller=CALLER)[0]


def faces(count: int) -> list[dict[str, Any]]:
    return [{"Timestamp": 500 * number, "Face": {"Confidence": 99.0}} for number in range(count)]


def succeeded(jobs: VideoJobs, face_count: int) -> str:
    job = started(jobs)
    jobs.succeed(job.job_id, {"Codec": "h264"}, faces(face_count))
    return job.job_id


def test_a_new_job_is_in_progress_and_has_no_faces() -> None:
    jobs = numbered_jobs()

    job, is_new = jobs.start("token", REQUEST, caller=CALLER)

    assert is_new
    page = jobs.page(job.job_id)
    assert (page.job.status, page.faces, page.next_token) == ("IN_PROGRESS", (), None)


def test_ids_fit_the_service_and_are_never_the_same() -> None:
    jobs = VideoJobs(FakeClock())

    ids = {started(jobs).job_id for _ in range(OPEN_JOBS_LIMIT)}

    assert len(ids) == OPEN_JOBS_LIMIT
    assert all(len(job_id) <= 64 and job_id.isalnum() for job_id in ids)


def test_the_same_request_with_the_same_token_is_the_same_job() -> None:
    jobs = numbered_jobs()
    first = started(jobs, "token")

    again, is_new = jobs.start("token", replace(REQUEST), caller=CALLER)

    assert again.job_id == first.job_id
    assert not is_new
    assert jobs.started_by("token", REQUEST) == first


def test_a_token_means_the_same_job_after_its_end() -> None:
    jobs = numbered_jobs()
    first = started(jobs, "token")
    jobs.fail(first.job_id, "Unsupported codec/format.")

    assert started(jobs, "token").job_id == first.job_id


def test_requests_without_a_token_are_jobs_of_their_own() -> None:
    jobs = numbered_jobs()

    assert started(jobs).job_id != started(jobs).job_id
    assert jobs.started_by(None, REQUEST) is None


@pytest.mark.parametrize("other", OTHERS)
def test_a_token_cannot_be_used_for_any_other_request(other: JobRequest) -> None:
    jobs = numbered_jobs()
    started(jobs, "token")

    with pytest.raises(ServiceError) as caught:
        started(jobs, "token", other)
    with pytest.raises(ServiceError):
        jobs.started_by("token", other)

    assert caught.value.code == "IdempotentParameterMismatchException"
    assert caught.value.message == "The ClientRequestToken: token you have supplied is already in use."


def test_the_job_after_the_last_allowed_one_is_refused_until_one_ends() -> None:
    jobs = numbered_jobs()
    first = started(jobs)
    for _ in range(OPEN_JOBS_LIMIT - 1):
        started(jobs)

    with pytest.raises(ServiceError) as caught:
        started(jobs, "token")

    assert caught.value.code == "LimitExceededException"
    assert caught.value.status == 400
    assert caught.value.message == f"20 open Jobs for User {CALLER} Maximum limit: 20"
    jobs.fail(first.job_id, "")
    assert started(jobs, "token").job_id == "job-21"


def test_a_repeated_token_is_no_further_job() -> None:
    jobs = numbered_jobs(open_limit=1)

    assert started(jobs, "token").job_id == started(jobs, "token").job_id


def test_pages_hold_every_face_once_and_in_order() -> None:
    jobs = numbered_jobs()
    job_id = succeeded(jobs, 5)

    pages = [jobs.page(job_id, size=2)]
    while pages[-1].next_token:
        pages.append(jobs.page(job_id, size=2, token=pages[-1].next_token))

    assert [len(page.faces) for page in pages] == [2, 2, 1]
    assert [face for page in pages for face in page.faces] == faces(5)
    assert all(page.job.metadata == {"Codec": "h264"} for page in pages)


def test_a_page_that_is_exactly_full_is_the_last_one() -> None:
    jobs = numbered_jobs()

    assert jobs.page(succeeded(jobs, 4), size=4).next_token is None


def test_a_page_has_a_thousand_faces_at_most() -> None:
    jobs = numbered_jobs()
    job_id = succeeded(jobs, LARGEST_PAGE + 1)

    for page in (jobs.page(job_id), jobs.page(job_id, size=5000)):
        assert len(page.faces) == LARGEST_PAGE
        assert len(jobs.page(job_id, size=5000, token=page.next_token).faces) == 1


def test_an_empty_token_means_the_first_page() -> None:
    jobs = numbered_jobs()

    assert jobs.page(succeeded(jobs, 3), size=2, token="").faces == tuple(faces(2))


def test_a_page_token_fits_the_service() -> None:
    jobs = numbered_jobs()

    assert len(jobs.page(succeeded(jobs, 3), size=2).next_token or "") in range(1, 256)


@pytest.mark.parametrize("place", range(0, 32, 3))
def test_a_changed_page_token_is_refused(place: int) -> None:
    jobs = numbered_jobs()
    job_id = succeeded(jobs, 3)
    token = bytearray(base64.b64decode(jobs.page(job_id, size=1).next_token or ""))
    token[place] ^= 1

    with pytest.raises(ServiceError) as caught:
        jobs.page(job_id, size=1, token=base64.b64encode(token).decode())

    assert caught.value.code == "InvalidPaginationTokenException"


@pytest.mark.parametrize("token", ["x", "AAAA", "no token", "ä", "=" * 8, "A" * 44])
def test_what_is_no_page_token_is_refused(token: str) -> None:
    jobs = numbered_jobs()

    with pytest.raises(ServiceError) as caught:
        jobs.page(succeeded(jobs, 3), token=token)

    assert caught.value.code == "InvalidPaginationTokenException"


def test_a_page_token_belongs_to_one_job() -> None:
    jobs = numbered_jobs()
    first, second = succeeded(jobs, 3), succeeded(jobs, 3)
    token = jobs.page(first, size=1).next_token

    with pytest.raises(ServiceError) as caught:
        jobs.page(second, size=1, token=token)

    assert caught.value.code == "InvalidPaginationTokenException"


def test_a_page_token_is_good_for_a_day() -> None:
    clock = FakeClock()
    jobs = numbered_jobs(clock)
    job_id = succeeded(jobs, 3)
    token = jobs.page(job_id, size=1).next_token

    clock.advance(PAGE_TOKEN_VALID_FOR - 1)
    assert jobs.page(job_id, size=1, token=token).faces == tuple(faces(2)[1:])
    clock.advance(1)
    with pytest.raises(ServiceError) as caught:
        jobs.page(job_id, size=1, token=token)

    assert caught.value.code == "InvalidPaginationTokenException"


def test_an_unknown_job_is_refused() -> None:
    with pytest.raises(ServiceError) as caught:
        numbered_jobs().page("job-1")

    assert caught.value.code == "ResourceNotFoundException"


def test_results_are_known_for_a_week_after_the_end_of_their_job() -> None:
    clock = FakeClock()
    jobs = numbered_jobs(clock)
    job = started(jobs, "token")
    clock.advance(1000)
    jobs.succeed(job.job_id, {}, faces(1))

    clock.advance(KEPT_FOR - 1)
    assert jobs.page(job.job_id).faces == tuple(faces(1))
    clock.advance(1)
    with pytest.raises(ServiceError) as caught:
        jobs.page(job.job_id)

    assert caught.value.code == "ResourceNotFoundException"
    assert started(jobs, "token").job_id != job.job_id


def test_a_job_that_has_not_ended_is_never_forgotten() -> None:
    clock = FakeClock()
    jobs = numbered_jobs(clock)
    job = started(jobs)

    clock.advance(10 * KEPT_FOR)

    assert jobs.page(job.job_id).job.status == "IN_PROGRESS"


def test_a_job_that_failed_says_why() -> None:
    jobs = numbered_jobs()
    job = started(jobs)

    jobs.fail(job.job_id, "Unsupported codec/format.")

    failed = jobs.page(job.job_id).job
    assert (failed.status, failed.message, failed.metadata) == ("FAILED", "Unsupported codec/format.", None)
