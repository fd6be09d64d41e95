"""Rekognition's jobs on stored video: started once per token, asked how they stand, results page by page."""

from __future__ import annotations

import contextlib
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from livecam.aws.broken_answer import NOT_AS_MODELLED, BrokenAnswer, not_as_modelled
from livecam.aws.clients import forget, job_client, target_of
from livecam.aws.error_mapping import translate
from livecam.aws.job_notices import JobNotices
from livecam.errors import UsageError
from livecam.stored_video import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.errors import CloudError
    from livecam.stored_video import JobParameters, S3Place

LARGEST_PAGE = 1000
"""Faces (API reference); more is taken for this."""
ATTEMPTS_AT_BROKEN = 3
"""At an answer that came broken, which botocore does not ask for again; results may have many pages."""

_TOKEN = re.compile(r"[a-zA-Z0-9_-]{1,64}")
"""A ClientRequestToken, and the id of a job."""
_TAG = re.compile(r"[a-zA-Z0-9_.\-:+=/]{1,1024}")
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]+):\w{12}:\S+(?<!\.fifo)")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")
_BUCKET = re.compile(r"[0-9A-Za-z.\-_]{3,255}")
_NAME = re.compile(r".{1,1024}", re.DOTALL)
_ATTRIBUTES = re.compile("DEFAULT|ALL")
_STATES = ("IN_PROGRESS", "SUCCEEDED", "FAILED")
_SHOWN = 80
"""Characters of a value in a message."""


class RekognitionJobs:
    """Fits `FaceJobs`. May be used from any thread; its clients are made when they are first needed.

    A `CloudError` has the service's code: "LimitExceededException" when as many jobs run as may (not tried
    again here), "ResourceNotFoundException" when results expired or never were,
    "InvalidPaginationTokenException" when fetching took longer than pages are valid and has to begin anew.

    Args:
        access: whose account is called, where.
        queue_url: of the SQS queue that is told of the end of jobs; None: nobody tells.
        clock: says for how long was waited, and by how much this machine's clock is off.
        page_size: faces that are asked for at a time, 1 to `LARGEST_PAGE`.

    Raises:
        UsageError: `queue_url` is no address.
    """

    def __init__(
        self, access: AwsAccess, *, queue_url: str | None = None, clock: Clock, page_size: int = LARGEST_PAGE
    ) -> None:
        self._access = access
        self._clock = clock
        self._page_size = page_size
        self._notices = JobNotices(access, queue_url, clock=clock) if queue_url else None

    def start(self, place: S3Place, parameters: JobParameters, token: str) -> str:
        """Start a job, or find the one that this token started, and return its id.

        Raises:
            UsageError: a parameter cannot be used; the service was not asked.
            CloudError: it was not started, as far as is known: with the same token it can be asked again.
        """
        request = _request(place, parameters, token)
        if parameters.topic is not None:
            self._check_region_of(parameters.topic)
        return str(self._ask("start_face_detection", request, _check_start)["JobId"])

    def status(self, job_id: str) -> JobStatus:
        """Return how a job stands.

        Raises:
            CloudError: nobody could say, or the job is not known (any more).
        """
        answer = self._page(job_id, size=1)
        metadata = answer.get("VideoMetadata") or {}
        milliseconds = metadata.get("DurationMillis")
        return JobStatus(
            status=answer["JobStatus"],
            message=answer.get("StatusMessage"),
            duration=milliseconds / 1000 if isinstance(milliseconds, int) else None,
            metadata=metadata,
        )

    def faces(self, job_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield the service's FaceDetection objects of a job that succeeded, unchanged, page after page.

        Raises:
            CloudError: a page could not be had or cannot be what the service said. What was yielded is then
                not all: never take it for the results.
        """
        seen: set[str] = set()
        token: str | None = None
        while True:
            page = self._page(job_id, size=self._page_size, token=token)
            if page["JobStatus"] != "SUCCEEDED":
                raise self._broken(f"it gives results of a job that is {page['JobStatus']}")
            if "Faces" not in page:
                raise self._broken("it has no list of Faces")
            yield from page["Faces"]
            token = page.get("NextToken")
            if not token:
                return
            if token in seen:  # it would go round in circles for ever
                raise self._broken("a page of results points back to one before it")
            seen.add(token)

    def finished(self, ours: frozenset[str], timeout: float) -> frozenset[str] | None:
        """Wait for word that some of `ours` have ended, at most `timeout` seconds; None where nobody tells.

        Raises:
            CloudError: the queue cannot be read; told once, after which it is None for a while.
        """
        return None if self._notices is None else self._notices.finished(ours, timeout)

    def _check_region_of(self, topic: str) -> None:
        region = str(job_client(self._access, clock=self._clock).meta.region_name)
        found = _TOPIC.fullmatch(topic)
        if found and found[1] != region:
            raise UsageError(
                f"the topic {topic} is in {found[1]} and Rekognition is called in {region}: give a topic of "
                f"{region}, or another --region"
            )

    def _page(self, job_id: str, *, size: int, token: str | None = None) -> dict[str, Any]:
        request = {"JobId": job_id, "MaxResults": size} | ({} if token is None else {"NextToken": token})
        return self._ask("get_face_detection", request, _check_page)

    def _ask(
        self, method: str, request: dict[str, Any], check: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        client = job_client(self._access, clock=self._clock)
        try:
            return _asked(partial(getattr(client, method), **request), check)
        except Exception as error:
            raise self._translated(error, str(client.meta.method_to_api_mapping[method])) from error

    def _broken(self, detail: str) -> CloudError:
        return self._translated(BrokenAnswer("MalformedAnswer", detail), "GetFaceDetection")

    def _translated(self, error: Exception, operation: str) -> CloudError:
        client = job_client(self._access, clock=self._clock)
        target = target_of(client, self._access, operation)
        translated = translate(error, target=target, wall=self._clock.wall())
        if translated.is_lasting and translated.blame == "user":
            forget(client)  # it would keep the credentials that were refused
        return translated


def _asked(call: Callable[[], dict[str, Any]], check: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Return an answer that passes the check; of the operations here both may be asked again."""
    for _ in range(ATTEMPTS_AT_BROKEN - 1):
        with contextlib.suppress(BrokenAnswer):
            return _answer(call, check)
    return _answer(call, check)


def _answer(call: Callable[[], dict[str, Any]], check: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    try:
        answer = call()
    except NOT_AS_MODELLED as error:
        raise not_as_modelled() from error
    check(answer)
    return answer


def _check_start(answer: dict[str, Any]) -> None:
    if not _TOKEN.fullmatch(str(answer.get("JobId"))):
        raise BrokenAnswer("MalformedAnswer", "its JobId is none")


def _check_page(answer: dict[str, Any]) -> None:
    if answer.get("JobStatus") not in _STATES:
        raise BrokenAnswer("MalformedAnswer", "its JobStatus is none")
    for name in ("StatusMessage", "NextToken"):
        if not isinstance(answer.get(name, ""), str | None):
            raise BrokenAnswer("MalformedAnswer", f"{name} is no text")
    if not all(_is_face_detection(entry) for entry in answer.get("Faces", ())):
        raise BrokenAnswer("MalformedAnswer", "one of its Faces has no Timestamp, or no Face")


def _is_face_detection(entry: object) -> bool:
    """Return whether an entry has what it cannot be without; the face itself is judged by who reads it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("Face"), dict):
        return False
    timestamp = entry.get("Timestamp")
    return isinstance(timestamp, int) and not isinstance(timestamp, bool) and timestamp >= 0


def _request(place: S3Place, parameters: JobParameters, token: str) -> dict[str, Any]:
    """Return what StartFaceDetection is asked; the service would refuse what is refused here."""
    _check(_TOKEN, "request token", token, "1 to 64 letters, digits, - or _")
    _check(_BUCKET, "bucket", place.bucket, "3 to 255 letters, digits or . - _")
    _check(_NAME, "object's key", place.key, "1 to 1024 characters")
    _check(_ATTRIBUTES, "face attributes", parameters.attributes, "DEFAULT or ALL")
    s3_object = {"Bucket": place.bucket, "Name": place.key}
    if place.version is not None:
        _check(_NAME, "object's version", place.version, "1 to 1024 characters")
        s3_object["Version"] = place.version
    request: dict[str, Any] = {
        "Video": {"S3Object": s3_object},
        "ClientRequestToken": token,
        "FaceAttributes": parameters.attributes,
    }
    if parameters.tag is not None:
        _check(_TAG, "job tag", parameters.tag, "1 to 1024 letters, digits or _ . - : + = /")
        request["JobTag"] = parameters.tag
    return request | _channel(parameters.topic, parameters.role)


def _channel(topic: str | None, role: str | None) -> dict[str, Any]:
    if topic is None and role is None:
        return {}
    if topic is None or role is None:
        raise UsageError(
            "a job's end is told by a topic and a role that may publish there: give both, or neither"
        )
    _check(_TOPIC, "topic", topic, "the ARN of a standard SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME")
    _check(_ROLE, "role", role, "the ARN of an IAM role, arn:aws:iam::ACCOUNT:role/NAME")
    return {"NotificationChannel": {"SNSTopicArn": topic, "RoleArn": role}}


def _check(pattern: re.Pattern[str], name: str, value: str, form: str) -> None:
    if not pattern.fullmatch(value):
        raise UsageError(f"the {name} {_short(value)} cannot be used for a job; give {form}")


def _short(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "...")
