"""What must be true of stored video, whatever happened: asked of the endpoint, not of livecam."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cloud_endpoint import wait_until

from livecam.state.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cloud_endpoint import LocalEndpoint

    from livecam.stored_video import Job, StoredVideo

SETTLED_WITHIN = 20.0
"""Seconds in which jobs that nobody knows would have ended too."""


@dataclass(slots=True)
class CloudVerdict:
    """What was found."""

    videos: int = 0
    """That the ledger knows."""
    bytes_stored: int = 0
    objects: int = 0
    """Versions, deleted ones too: each must be there once."""
    objects_repeated: int = 0
    """Versions of the same content: a request whose answer was lost was sent again by AWS's own library."""
    uploads_left: int = 0
    """Multipart uploads that nobody will go on with."""
    parts_left: int = 0
    jobs: int = 0
    """That the endpoint has run."""
    jobs_doubled: int = 0
    results: int = 0
    faces: int = 0
    problems: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def judge(endpoint: LocalEndpoint, bucket: str, folder: Path, *, may_repeat: bool = False) -> CloudVerdict:
    """Compare what is on S3, what jobs ran and what results lie here with each other and with the ledger.

    Args:
        endpoint: with a bucket that keeps versions.
        bucket: its name; nothing else is in it.
        folder: the clip folder.
        may_repeat: whether answers were lost on the way, so that versions of the same content are no problem.
    """
    ledger, verdict = Ledger(folder), CloudVerdict()
    videos = {video.name: video for video in ledger.videos.all()}
    jobs = ledger.jobs.all()
    verdict.videos = len(videos)
    _judge_objects(endpoint, bucket, videos, verdict)
    if verdict.objects_repeated and not may_repeat:
        verdict.problems.append(f"{verdict.objects_repeated} objects were stored twice")
    known = {job.job_id for job in jobs if job.job_id}
    if not wait_until(lambda: known <= endpoint.ended_jobs().keys(), within=SETTLED_WITHIN):
        verdict.problems.append("the ledger has jobs that the endpoint never ended")
    _judge_jobs(endpoint, videos, jobs, verdict)
    for job in jobs:
        _judge_results(endpoint, job, verdict)
    for each in (folder, *{video.file.parent for video in videos.values() if video.file}):
        verdict.problems += [f"left lying about: {path}" for path in each.glob("*.results.jsonl.part")]
    return verdict


def _judge_objects(
    endpoint: LocalEndpoint, bucket: str, videos: Mapping[str, StoredVideo], verdict: CloudVerdict
) -> None:
    s3 = endpoint.client("s3")
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    versions = [
        each for page in pages for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
    ]
    verdict.objects = len(versions)
    contents = {(each["Key"], each.get("ETag"), each.get("Size")) for each in versions}
    verdict.objects_repeated = len(versions) - len(contents)
    keys = Counter(key for key, *_ in contents)
    verdict.problems += [f"{key}: there are {count} others of it" for key, count in keys.items() if count > 1]
    expected = {video.place.key for video in videos.values() if video.place and video.state == "stored"}
    verdict.problems += [f"{key}: nobody knows that object" for key in keys.keys() - expected]
    for name, video in videos.items():
        if video.state != "stored" or video.place is None or video.file is None:
            verdict.problems.append(f"{name}: it is {video.state}: {video.problem}")
            continue
        stored = s3.get_object(Bucket=bucket, Key=video.place.key)["Body"].read()
        verdict.bytes_stored += len(stored)
        if stored != video.file.read_bytes():
            verdict.problems.append(f"{name}: what is stored is not the file")
    for upload in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", ()):
        place = {"Bucket": bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]}
        verdict.uploads_left += 1
        verdict.parts_left += len(s3.list_parts(**place).get("Parts", ()))
    if verdict.uploads_left:
        verdict.problems.append(
            f"{verdict.uploads_left} uploads are left, {verdict.parts_left} parts in them"
        )


def _judge_jobs(
    endpoint: LocalEndpoint,
    videos: Mapping[str, StoredVideo],
    jobs: tuple[Job, ...],
    verdict: CloudVerdict,
) -> None:
    ran = endpoint.ended_jobs()
    verdict.jobs = len(ran)
    rekognition = endpoint.client("rekognition")
    things = Counter(_thing(rekognition.get_face_detection(JobId=each, MaxResults=1)) for each in ran)
    doubled = {thing: count for thing, count in things.items() if count > 1}
    verdict.jobs_doubled = sum(doubled.values()) - len(doubled)
    verdict.problems += [f"{thing}: {count} jobs were started" for thing, count in doubled.items()]
    strangers = ran.keys() - {job.job_id for job in jobs}
    verdict.problems += [f"the ledger does not know the job {each}" for each in strangers]
    verdict.problems += [
        f"{job.video}: its job is {job.state}: {job.message}" for job in jobs if job.state != "fetched"
    ]
    without = videos.keys() - {job.video for job in jobs}
    verdict.problems += [f"{name}: there is no job of it" for name in without]


def _thing(page: Mapping[str, Any]) -> str:
    """Return what a job is of, in one text."""
    return json.dumps([page["Video"]["S3Object"], page.get("JobTag")], sort_keys=True)


def _judge_results(endpoint: LocalEndpoint, job: Job, verdict: CloudVerdict) -> None:
    """Compare a results file, line by line, with what every page of the endpoint says."""
    if job.results is None or job.job_id is None:
        return
    lines = [json.loads(line) for line in job.results.read_text("utf-8").splitlines()]
    header, faces = lines[0], lines[1:]
    expected = _faces(endpoint, job.job_id)
    verdict.results += 1
    verdict.faces += len(faces)
    faults = {
        "its header is of another job": header["job_id"] != job.job_id,
        f"it has {len(faces)} faces in place of {len(expected)}": len(faces) != len(expected),
        "its faces are not those of the service": faces != expected,
        f"the ledger says {job.faces} faces": job.faces != len(expected),
        "there is none": not expected,
    }
    verdict.problems += [f"{job.results.name}: {fault}" for fault, holds in faults.items() if holds]


def _faces(endpoint: LocalEndpoint, job_id: str) -> list[Any]:
    rekognition = endpoint.client("rekognition")
    found: list[Any] = []
    token: dict[str, str] = {}
    while True:
        page = rekognition.get_face_detection(JobId=job_id, MaxResults=1000, **token)
        found += page["Faces"]
        if "NextToken" not in page:
            return found
        token = {"NextToken": page["NextToken"]}
