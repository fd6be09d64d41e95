"""Everything that is not Rekognition: moto's S3, SNS, SQS, STS and IAM, in this process.

moto keeps its buckets, topics and queues per process, so two endpoints in one process share them.
"""

from __future__ import annotations

import importlib.util
import logging
import threading
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from livecam.errors import MissingDependency
from livecam.local_aws import wsgi
from livecam.local_aws.http_messages import Response
from livecam.local_aws.operations import in_thread
from livecam.local_aws.service_errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.local_aws.http_messages import Request

log = logging.getLogger(__name__)

ACCOUNT = "123456789012"
"""The one that moto gives to callers it does not know."""
NEEDED = ("moto", "flask", "flask_cors")


class MotoServices:
    """moto's server application, called without a server; loaded with the first request (0.7 s of CPU).

    Args:
        port: the endpoint's, which moto writes into the addresses of queues.
        scheme: `http` or `https`, likewise.

    Raises:
        MissingDependency: moto is not installed.
    """

    def __init__(self, *, port: int, scheme: str) -> None:
        for name in NEEDED:
            if importlib.util.find_spec(name) is None:
                raise MissingDependency(
                    f"The local endpoint's S3, SNS, SQS, STS and IAM need {name}, which is not installed;"
                    " run: pip install 'livecam[local-aws]' (--no-moto serves Rekognition alone)"
                )
        self._port = port
        self._scheme = scheme
        self._lock = threading.Lock()
        self._application: Callable[..., Any] | None = None

    async def answer(self, request: Request) -> Response:
        """Return moto's answer."""
        return await in_thread(self._call, request)

    async def read_object(self, bucket: str, key: str, version: str | None, *, region: str) -> bytes:
        """Return an object's content.

        Raises:
            ServiceError: there is none, or its bucket is in another Region (`InvalidS3ObjectException`).
        """
        return await in_thread(self._read_object, bucket, key, version, region)

    async def publish(self, topic: str, message: str) -> None:
        """Publish a message to an SNS topic; what does not work is logged, as nobody waits for it."""
        await in_thread(self._publish, topic, message)

    async def has_topic(self, topic: str) -> bool:
        """Say whether there is an SNS topic with this ARN."""
        return await in_thread(self._has_topic, topic)

    def secret_of(self, access_key: str) -> str | None:
        """Return the secret of an access key that IAM or STS gave out here; None when there is none."""
        if self._application is None:
            return None  # then nobody has been given one
        from moto.iam.models import iam_backends
        from moto.sts.models import sts_backends

        pairs = [
            *(
                (key.access_key_id, key.secret_access_key)
                for each in iam_backends.values()
                for user in each["aws"].users.values()
                for key in user.access_keys
            ),
            *(
                (role.access_key_id, role.secret_access_key)
                for each in sts_backends.values()
                for role in each["aws"].assumed_roles
            ),
        ]
        return next((str(secret) for key, secret in pairs if key == access_key), None)

    def _loaded(self) -> Callable[..., Any]:
        with self._lock:
            if self._application is None:
                from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

                self._application = DomainDispatcherApplication(create_backend_app)
            return self._application

    def _call(self, request: Request) -> Response:
        try:
            return wsgi.call(self._loaded(), request, scheme=self._scheme, port=self._port)
        except NotImplementedError as error:  # a client would take a fault of ours for one that passes
            log.info("%s", error)
            return refusal(request, ServiceError("UnknownOperationException", f"{error} here", 501))

    def _read_object(self, bucket: str, key: str, version: str | None, region: str) -> bytes:
        self._loaded()
        from moto.core.exceptions import ServiceException
        from moto.s3.models import s3_backends

        s3 = s3_backends[ACCOUNT]["aws"]
        try:
            is_here = s3.get_bucket(bucket).region_name == region
            found = s3.get_object(bucket, key, version) if is_here else None
        except ServiceException as error:  # no such bucket
            raise ServiceError("InvalidS3ObjectException") from error
        if found is None:
            raise ServiceError("InvalidS3ObjectException")
        return bytes(found.value)

    def _publish(self, topic: str, message: str) -> None:
        self._loaded()
        from moto.sns.models import sns_backends

        try:
            sns_backends[ACCOUNT][_region_of(topic)].publish(message, arn=topic)
        except Exception as error:  # noqa: BLE001  whatever moto makes of a topic that is not there
            log.warning("nothing could be published to %s: %s", topic, type(error).__name__)

    def _has_topic(self, topic: str) -> bool:
        self._loaded()
        from moto.sns.models import sns_backends

        try:
            return topic in sns_backends[ACCOUNT][_region_of(topic)].topics
        except Exception:  # noqa: BLE001  a Region that moto does not know
            return False


class NoServices:
    """In the place of moto when only Rekognition is served."""

    async def answer(self, request: Request) -> Response:
        """Refuse."""
        text = "only Rekognition is served here (--no-moto)"
        return refusal(request, ServiceError("UnknownOperationException", text, 501))

    async def read_object(self, *_place: str | None, region: str) -> bytes:  # noqa: ARG002
        """Find nothing."""
        raise ServiceError("InvalidS3ObjectException")

    async def publish(self, topic: str, message: str) -> None:  # noqa: ARG002
        """Publish nothing."""
        log.warning("nothing could be published to %s: no SNS is served here (--no-moto)", topic)

    async def has_topic(self, topic: str) -> bool:  # noqa: ARG002
        """Know no topic."""
        return False

    def secret_of(self, access_key: str) -> str | None:  # noqa: ARG002
        """Know no key."""
        return None


def refusal(request: Request, error: ServiceError) -> Response:
    """Return an error in the words of the service that was asked: JSON where that speaks it, else XML."""
    if request.header("x-amz-target"):
        return Response(
            error.status, error.body(""), [("Content-Type", "application/x-amz-json-1.0")], error.code
        )
    code, message = escape(error.code), escape(error.message)
    # The clients of S3 understand this too, though its own errors have no element around them.
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return Response(error.status, body.encode(), [("Content-Type", "text/xml")], error.code)


def _region_of(topic: str) -> str:
    parts = topic.split(":")
    return parts[3] if len(parts) > 3 else "us-east-1"  # noqa: PLR2004  arn:aws:sns:REGION:...
