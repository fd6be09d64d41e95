"""Jobs on stored video: submitted once, fetched whole; each step written down before it is taken.

Whenever this is killed: a job that may have been submitted is asked for again with its token, which is the
same job; results that were half written are fetched anew.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from livecam.analysis.cloud import results_file
from livecam.analysis.results import ResultsWriter
from livecam.analysis.token import client_request_token
from livecam.analysis.video_lock import lock_of
from livecam.errors import CloudError, UsageError
from livecam.events import JobEnded, JobSubmitted, ResultsFetched

if TYPE_CHECKING:
    from livecam.analysis.cloud import Cloud
    from livecam.stored_video import Job, JobState, JobStatus, StoredVideo

log = logging.getLogger(__name__)

NO_SLOT = "LimitExceededException"
"""As many jobs as the account may have are open: this one waits for a place."""
NO_OBJECT = "InvalidS3ObjectException"
"""It is gone, or in another Region, or may not be read."""
GONE_FROM_S3 = ("404", "NoSuchKey", "NoSuchBucket", "NoSuchVersion")
FINAL = (
    "IdempotentParameterMismatchException",
    "InvalidParameterException",
    NO_OBJECT,
    "VideoTooLargeException",
)
"""Asked again with the same token, the answer would be the same."""
GONE = "ResourceNotFoundException"
UNFINISHED = ("submitting", "submitted", "succeeded")
RESULTS_KEPT = timedelta(days=7)
"""For which the service keeps results (developer guide, "Calling Amazon Rekognition Video operations")."""
_EXPLAINED = {
    "Unsupported codec/format.": "Rekognition takes H.264 in MP4 or MOV only; `livecam clips show` says what"
    " this file is",
}


def submit(cloud: Cloud, video: StoredVideo, *, is_anew: bool = False) -> Job:
    """Have a stored video analysed; return the job as it is then, which may be one that was submitted before.

    Args:
        cloud: who analyses it.
        video: on S3.
        is_anew: whether a job that is over, whatever came of it, is followed by another attempt.

    Raises:
        CloudError: it was not taken; asked again, it is the same job.
        UsageError: a parameter cannot be used.
    """
    place = video.place
    if place is None:
        raise ValueError(f"{video.name} is nowhere on S3")
    jobs, parameters = cloud.archive.ledger.jobs, cloud.parameters
    attempt = jobs.next_attempt(video.name, place, parameters, is_anew=is_anew)
    token = client_request_token(place, parameters, attempt)
    job = jobs.begin(video.name, place, parameters, token=token, attempt=attempt)
    return ask(cloud, job) if job.state == "submitting" else job


def ask(cloud: Cloud, job: Job) -> Job:
    """Submit a job that is written down as "submitting"; return it as it is then: so still without a slot.

    Raises:
        CloudError: it was not taken.
        UsageError: a parameter cannot be used.
    """
    archive = cloud.archive
    try:
        job_id = cloud.jobs.start(job.place, job.parameters, job.token)
    except CloudError as error:
        if error.code == NO_SLOT:
            return archive.ledger.jobs.note(job.number, message="waits for a free slot") or job
        if error.code == NO_OBJECT:
            _note_loss(cloud, job)
        if error.code in FINAL:
            _ended(cloud, job, "failed", "REFUSED", str(error))
        else:  # such as an expired session: the service may have the job already, so its token stays
            archive.ledger.jobs.note(job.number, message=str(error))
        raise
    except UsageError as error:  # the service was not asked
        _ended(cloud, job, "failed", "REFUSED", str(error))
        raise
    submitted = archive.ledger.jobs.note(job.number, state="submitted", job_id=job_id, message=None)
    archive.publish(JobSubmitted(at=archive.clock.now(), source="", clip=job.video, job_id=job_id))
    return submitted or job


def _note_loss(cloud: Cloud, job: Job) -> None:
    """Have a video uploaded again whose object is gone, while it is still on this machine."""
    videos = cloud.archive.ledger.videos
    video = videos.get(job.video)
    if video is None or cloud.store is None or video.file is None or not video.file.is_file():
        return
    try:
        cloud.store.describe(job.place)
    except CloudError as error:
        if error.code in GONE_FROM_S3:
            problem = "its object on S3 is gone; `livecam clips upload` sends it again"
            videos.note(job.video, state="waiting", problem=problem)


def look(cloud: Cloud, job: Job) -> Job:
    """Ask how a submitted job stands, and note what has become of it; results are fetched at once.

    While somebody else is at work on the video, who may be fetching them, results wait.

    Raises:
        CloudError: nobody could be asked, or results not be fetched; asked again, it goes on.
        OutputError: the results cannot be written.
    """
    if job.job_id is None or job.state not in ("submitted", "succeeded"):
        return job
    try:
        status = cloud.jobs.status(job.job_id)
        if status.status == "IN_PROGRESS":
            return job
        if status.status == "FAILED":
            return _failed(cloud, job, status)
        lock = lock_of(cloud.archive, job.video)
        if lock is None:
            return job
        with lock:
            return _fetched(cloud, job, status)
    except CloudError as error:
        if error.code != GONE:
            raise
        return _expired(cloud, job)


def _fetched(cloud: Cloud, job: Job, status: JobStatus) -> Job:
    """Write all pages of results to a file that appears when it is whole."""
    archive = cloud.archive
    known, video = archive.ledger.jobs.get(job.number), archive.ledger.videos.get(job.video)
    if known is None or video is None or job.job_id is None:  # purged meanwhile
        return job
    if known.state == "fetched":  # by somebody else
        return known
    archive.ledger.jobs.note(job.number, state="succeeded")
    with ResultsWriter(results_file(archive, video), _header(cloud, job, status)) as results:
        for face in cloud.jobs.faces(job.job_id):
            results.write(face)
        file = results.finish()
    minutes = (status.duration or 0.0) / 60
    fetched = archive.ledger.jobs.note(
        job.number,
        state="fetched",
        faces=results.faces,
        minutes=minutes,
        results=file,
        ended_at=archive.clock.wall(),
        message=None,
    )
    _tell_end(cloud, job, "SUCCEEDED", None)
    archive.publish(
        ResultsFetched(
            at=archive.clock.now(),
            source="",
            clip=job.video,
            job_id=job.job_id,
            file=str(file),
            faces=results.faces,
            minutes=minutes,
            cost_usd=cloud.price(minutes),
        )
    )
    return fetched or job


def _header(cloud: Cloud, job: Job, status: JobStatus) -> dict[str, Any]:
    return {
        "video": job.video,
        "job_id": job.job_id,
        "attempt": job.attempt,
        "bucket": job.place.bucket,
        "key": job.place.key,
        "version": job.place.version,
        "etag": job.place.etag,
        "attributes": job.parameters.attributes,
        "tag": job.parameters.tag,
        "submitted_at": job.began_at.isoformat(timespec="seconds"),
        "fetched_at": cloud.archive.clock.wall().isoformat(timespec="seconds"),
        "metadata": dict(status.metadata or {}),
    }


def _failed(cloud: Cloud, job: Job, status: JobStatus) -> Job:
    said = status.message or "the service does not say why"
    explained = _EXPLAINED.get(said)
    message = f"Rekognition could not analyse it: {said}{f' ({explained})' if explained else ''}"
    return _ended(cloud, job, "failed", "FAILED", message)


def _expired(cloud: Cloud, job: Job) -> Job:
    message = (
        f"the service does not know the job any more: results are kept for {RESULTS_KEPT.days} days;"
        " `livecam clips analyze` has it analysed anew"
    )
    return _ended(cloud, job, "expired", "EXPIRED", message)


def _ended(cloud: Cloud, job: Job, state: JobState, status: str, message: str) -> Job:
    ended_at = cloud.archive.clock.wall()
    ended = cloud.archive.ledger.jobs.note(job.number, state=state, message=message, ended_at=ended_at)
    _tell_end(cloud, job, status, message)
    return ended or job


def _tell_end(cloud: Cloud, job: Job, status: str, message: str | None) -> None:
    archive = cloud.archive
    archive.publish(
        JobEnded(
            at=archive.clock.now(),
            source="",
            clip=job.video,
            job_id=job.job_id or "",
            status=status,
            message=message,
        )
    )
