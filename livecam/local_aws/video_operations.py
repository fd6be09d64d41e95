"""StartFaceDetection and GetFaceDetection: faces in a video that is stored in S3.

Not checked, as there is nobody to ask: whether the role may publish to the topic. Of the order in which
several mistakes of one request are told the service documents nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from typing import TYPE_CHECKING, Any

from livecam.errors import LivecamError
from livecam.local_aws.operations import in_thread
from livecam.local_aws.service_errors import ServiceError
from livecam.local_aws.video_analysis import UnsupportedVideo, analyse
from livecam.local_aws.video_jobs import LARGEST_PAGE, JobRequest, VideoJob, VideoJobs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from livecam.clock import Clock
    from livecam.local_aws.operations import Context, Operation

log = logging.getLogger(__name__)

LARGEST_VIDEO = 10 * 1024**3
"""Bytes (limits page)."""
ANALYSED_AT_ONCE = 2
"""Videos; the others wait, in progress as the service's are."""
CALLER = "arn:aws:iam::123456789012:user/test"
"""The only user of the endpoint, for the messages that name one."""


class VideoOperations:
    """The two operations and the jobs that they share.

    Args:
        job_delay: seconds that every job takes longer, whatever its video.
        largest_video: bytes; a larger object is refused.
        has_topic: tells whether there is an SNS topic, by its ARN; None: every topic is believed in.
        pause: waits for some seconds; a seam for tests.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        job_delay: float = 0.0,
        largest_video: int = LARGEST_VIDEO,
        has_topic: Callable[[str], Awaitable[bool]] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._job_delay = job_delay
        self._largest_video = largest_video
        self._has_topic = has_topic
        self._pause = pause
        self._jobs = VideoJobs(clock)
        self._slots = asyncio.Semaphore(ANALYSED_AT_ONCE)

    @property
    def operations(self) -> dict[str, Operation]:
        """What is to be registered, by the operation's name."""
        return {"StartFaceDetection": self.start, "GetFaceDetection": self.get}

    async def start(self, request: dict[str, Any], context: Context) -> dict[str, Any]:
        """Begin a job, or name the one that this token has begun, and return its id.

        Raises:
            ServiceError: as the service's page of StartFaceDetection says.
        """
        wanted, token = _job_request(request), request.get("ClientRequestToken")
        job = self._jobs.started_by(token, wanted)
        if job is None:
            await self._check_topic(wanted.topic, context.region)
            await self._check_video(wanted, context)
            job, is_new = self._jobs.start(token, wanted, caller=CALLER)
            if is_new:
                context.start(self._run(job, context))
        return {"JobId": job.job_id}

    async def get(self, request: dict[str, Any], _context: Context) -> dict[str, Any]:
        """Return how a job stands, and a page of its faces.

        Raises:
            ServiceError: as the service's page of GetFaceDetection says.
        """
        page = self._jobs.page(
            request["JobId"],
            size=request.get("MaxResults", LARGEST_PAGE),
            token=request.get("NextToken"),  # AWS's own examples send an empty one for the first page
        )
        job = page.job
        answer = {
            "JobId": job.job_id,
            "JobStatus": job.status,
            "StatusMessage": job.message,
            "JobTag": job.request.tag,
            "Video": {"S3Object": _s3_object(job.request)},
            "VideoMetadata": job.metadata,
            "Faces": list(page.faces),
            "NextToken": page.next_token,
        }
        return {name: value for name, value in answer.items() if value is not None}

    async def _check_topic(self, topic: str | None, region: str) -> None:
        if topic is None:
            return
        is_near = topic.split(":")[3] == region  # a topic must be in the Region of the call
        if not is_near or (self._has_topic is not None and not await self._has_topic(topic)):
            text = f"Request has invalid parameters: there is no topic {topic} in {region}"
            raise ServiceError("InvalidParameterException", text)

    async def _check_video(self, wanted: JobRequest, context: Context) -> None:
        size = len(await context.read_object(wanted.bucket, wanted.name, wanted.version))
        if size > self._largest_video:
            text = (
                f"Video size in bytes: {size} is more than the maximum limit of: {self._largest_video} bytes."
            )
            raise ServiceError("VideoTooLargeException", text)

    async def _run(self, job: VideoJob, context: Context) -> None:
        """See a job through to its end, and tell its topic."""
        if self._job_delay > 0:
            await self._pause(self._job_delay)
        async with self._slots:
            ended = await self._analysed(job, context)
        log.info("job %s %s%s", ended.job_id, ended.status, f": {ended.message}" if ended.message else "")
        if ended.request.topic is not None:
            await context.publish(ended.request.topic, self._notification(ended))

    async def _analysed(self, job: VideoJob, context: Context) -> VideoJob:
        """Analyse a job's video and note what came of it."""
        wanted = job.request
        is_over = threading.Event()
        try:
            content = await context.read_object(wanted.bucket, wanted.name, wanted.version)
            analysis = await in_thread(
                analyse, content, context.eyes, attributes=wanted.attributes, is_cancelled=is_over.is_set
            )
        except (LivecamError, UnsupportedVideo, ServiceError) as error:
            message = error.message if isinstance(error, ServiceError) else str(error)
            return self._jobs.fail(job.job_id, message)
        except Exception:  # whatever it was: a job that stays open for ever would take a place
            log.exception("job %s: its video could not be analysed", job.job_id)
            return self._jobs.fail(job.job_id, "Internal server error")
        finally:
            is_over.set()  # the endpoint may be ending, and the thread still at work
        return self._jobs.succeed(job.job_id, analysis.metadata, analysis.faces)

    def _notification(self, job: VideoJob) -> str:
        """Return the message that the topic gets."""
        message = {
            "JobId": job.job_id,
            "Status": job.status,
            "API": "StartFaceDetection",
            "JobTag": job.request.tag,
            "Timestamp": int(self._clock.wall().timestamp() * 1000),
            "Video": {"S3ObjectName": job.request.name, "S3Bucket": job.request.bucket},
        }
        return json.dumps({name: value for name, value in message.items() if value is not None})


def _job_request(request: dict[str, Any]) -> JobRequest:
    """Return what a valid request asks for.

    Raises:
        ServiceError: it names no object: botocore's model requires none of the parts of `Video`.
    """
    place = request["Video"].get("S3Object")
    if place is None:
        raise ServiceError(
            "InvalidParameterException", "Request has invalid parameters: Video needs S3Object"
        )
    if "Bucket" not in place or "Name" not in place:
        raise ServiceError("InvalidS3ObjectException")
    channel = request.get("NotificationChannel", {})
    return JobRequest(
        bucket=place["Bucket"],
        name=place["Name"],
        version=place.get("Version"),
        attributes=request.get("FaceAttributes", "DEFAULT"),
        tag=request.get("JobTag"),
        topic=channel.get("SNSTopicArn"),
        role=channel.get("RoleArn"),
    )


def _s3_object(request: JobRequest) -> dict[str, str]:
    """Return where a job's video is, in the service's words."""
    place = {"Bucket": request.bucket, "Name": request.name}
    return place if request.version is None else place | {"Version": request.version}
