"""Amazon Rekognition's DetectFaces: a frame as JPEG by boto3, its answer as faces."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livecam.aws import clients
from livecam.aws.broken_answer import BrokenAnswer
from livecam.aws.live_calls import LiveCall
from livecam.aws.responses import faces_of
from livecam.consent import is_needed, place, scope_of
from livecam.detections import Detection, DetectorInfo
from livecam.encoding.jpeg import encode_jpeg
from livecam.errors import CloudError, DetectionAborted, UsageError
from livecam.events import PayloadPlanned
from livecam.face_attributes import known_attributes
from livecam.payload import PayloadPlanner, SentPicture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.consent import ConsentScope
    from livecam.encoding.jpeg import EncodedJpeg
    from livecam.faces import Face
    from livecam.frames import Frame
    from livecam.payload import Plan
    from livecam.protocols import EventListener

log = logging.getLogger(__name__)

TOO_SLOW = ("ReadTimeoutError", "RequestTimeout", "RequestTimeoutException")
"""Codes of calls that ended because the picture or the answer took too long."""
MOST_OF_IT = 0.8
"""Share of the deadline after which an unanswered picture counts as one that took too long."""

INFO = DetectorInfo(name="rekognition", is_approximate=False, unclear_below=50.0, is_paid=True)


@dataclass(frozen=True, slots=True)
class FacesRequest:
    """What is sent about each frame.

    Raises:
        UsageError: an attribute is unknown to DetectFaces, or there is none.
    """

    attributes: tuple[str, ...] = ("EMOTIONS",)
    """Of `FACE_ATTRIBUTES`, in any case. More of them may take the service longer."""
    width: int = 640
    """Pixels that a wider frame is made smaller to, where no planner says something else."""
    quality: int = 80
    """Of the JPEG, 1..100, likewise."""

    def __post_init__(self) -> None:
        # botocore sends any word, and the service refuses the call.
        try:
            known = known_attributes(self.attributes)
        except ValueError as error:
            raise UsageError(str(error)) from error
        object.__setattr__(self, "attributes", known)


def only_this_machine(endpoint_url: str, region: str | None) -> None:
    """Raise `CloudError` for an endpoint that is not on this machine."""
    if is_needed(endpoint_url):
        raise not_agreed(scope_of(endpoint_url, region=region, profile=None))


def not_agreed(scope: ConsentScope) -> CloudError:
    """Return the error of sending pictures where nobody agreed that they go."""
    return CloudError(
        f"nothing is sent to {place(scope)}, which you have not agreed to: start livecam again, and it asks",
        code="NotAgreed",
        blame="user",
        is_lasting=True,
    )


class RekognitionDetector:
    """Fits `FaceDetector`; what makes a call fail is a `CloudError`, never "no face".

    Args:
        access: whose account is called, where.
        clock: times the parts of a call.
        request: what is sent.
        in_flight: calls at the same time; as many connections are kept open.
        may_send: raises a `CloudError` unless pictures may be sent to an endpoint (address, Region); asked
            about every client before its first picture. Without it they may go to this machine only.
        deadline: seconds in which the whole call must end; the one who calls sees to it.
        planner: says how large each picture is, and is told what became of it; without it width and
            quality are as requested.
        make_client: makes the boto3 client, once; again after a failure that is the user's.
    """

    def __init__(  # noqa: PLR0913  put together in one place
        self,
        access: AwsAccess,
        *,
        clock: Clock,
        request: FacesRequest | None = None,
        in_flight: int = 2,
        may_send: Callable[[str, str | None], None] = only_this_machine,
        deadline: float = 3.0,
        planner: PayloadPlanner | None = None,
        make_client: Callable[..., Any] = clients.live_client,
    ) -> None:
        self._access = access
        self._clock = clock
        self._request = request or FacesRequest()
        self._in_flight = in_flight
        self._may_send = may_send
        self._deadline = deadline
        self._planner = planner or PayloadPlanner(self._request.width, self._request.quality, is_fixed=True)
        self._publish: EventListener | None = None
        self._make_client = make_client
        self._checked: Any = None
        self._lock = threading.Lock()
        self._running: list[tuple[tuple[str, int], LiveCall]] = []

    @property
    def info(self) -> DetectorInfo:
        """How its answers are to be labelled."""
        return INFO

    @property
    def planner(self) -> PayloadPlanner:
        """What says how large each picture is; it may be told of faces that others saw."""
        return self._planner

    def tell(self, publish: EventListener) -> None:
        """Say from now on when pictures are sent in another size; said before the first call."""
        self._publish = publish

    def warm(self) -> None:
        """Make the client and open its connections; no call, so that nothing is paid.

        What goes wrong is left to the first call: it may be mended until then, and it is told the
        same way as later.
        """
        try:
            client = self._client()
        except CloudError as error:
            log.info("amazon rekognition cannot be called yet: %s", error)
            return
        seconds = clients.creation_seconds(client)
        opened = clients.open_connections(client, self._in_flight)
        log.info(
            "client creation took %.3f s, %d connections to %s are open",
            seconds or 0.0,
            opened,
            clients.endpoint_of(client),
        )

    def detect(self, frame: Frame) -> Detection:
        """Return the faces in a frame; blocks.

        Raises:
            CloudError: the service, the network or the account is at fault, or the answer is broken.
            DetectionAborted: `abort` was called about this frame.
            DetectorError: the frame is smaller than the service takes; it was not sent.
        """
        began_at = self._clock.now()
        with self._running_call(frame) as call:
            client = self._client()
            encoding_at = self._clock.now()
            plan = self._planned(frame)
            picture = encode_jpeg(frame.image, width=plan.width, quality=plan.quality)
            encode = self._clock.now() - encoding_at
            faces = self._faces(client, call, picture.data)
            marks = call.marks
            timing = marks.parts(encode=encode, began_at=began_at, ended_at=self._clock.now())
            self._learn(frame, faces, _sent(picture, timing, is_cold=marks.is_cold))
            return Detection(
                faces=faces,
                timing=timing,
                sent_at=marks.sent_at,
                bytes_sent=len(picture.data),
                request_id=marks.request_id,
                is_cold=marks.is_cold,
            )

    def abort(self, frame: Frame) -> None:
        """End the call about this frame, if it is still running: its socket is shut."""
        key = (frame.source, frame.sequence)
        with self._lock:
            running = [call for about, call in self._running if about == key]
        for call in running:
            call.abort()

    def _client(self) -> Any:  # noqa: ANN401  boto3 has no types
        """Return the client, which may be another one than before: variables and files may have changed."""
        client = self._make_client(
            "rekognition",
            self._access,
            in_flight=self._in_flight,
            deadline=self._deadline,
            clock=self._clock,
        )
        if client is not self._checked:
            self._may_send(clients.endpoint_of(client), client.meta.region_name)
            self._checked = client
        return client

    def _faces(self, client: Any, call: LiveCall, data: bytes) -> tuple[Face, ...]:  # noqa: ANN401
        target = clients.target_of(client, self._access, "DetectFaces")
        parameters = {"Image": {"Bytes": data}, "Attributes": list(self._request.attributes)}
        try:
            answer = call.make(client.detect_faces, parameters, target=target)
        except DetectionAborted:
            self._learn_of_none(call, len(data))
            raise
        except CloudError as error:
            if error.code in TOO_SLOW:
                self._learn_of_none(call, len(data))
            if error.is_lasting and error.blame == "user":
                clients.forget(client)  # it would keep the credentials that were refused
            raise
        parsing_at = self._clock.now()
        try:
            faces = faces_of(answer)
        except BrokenAnswer as error:
            raise call.translated(error, target) from error
        call.marks.understood(self._clock.now() - parsing_at)
        return faces

    def _planned(self, frame: Frame) -> Plan:
        now = self._clock.now()
        plan = self._planner.plan(now, width=frame.width)
        if plan.is_new:
            log.info(
                "pictures are sent %d pixels wide at quality %d: %s", plan.width, plan.quality, plan.reason
            )
            if self._publish is not None:
                self._publish(
                    PayloadPlanned(
                        at=now,
                        source=frame.source,
                        width=plan.width,
                        quality=plan.quality,
                        reason=plan.reason,
                    )
                )
        return plan

    def _learn(self, frame: Frame, faces: tuple[Face, ...], sent: SentPicture) -> None:
        self._planner.answered(sent)
        heights = [face.box.height * frame.height for face in faces]
        self._planner.saw(self._clock.now(), heights, height=frame.height)

    def _learn_of_none(self, call: LiveCall, size: int) -> None:
        """Tell the planner of a picture that had most of the time there is, and no answer came.

        What was ended sooner was not wanted any more: that says nothing of the uplink.
        """
        sent_at = call.marks.sent_at
        if sent_at is not None and self._clock.now() - sent_at >= MOST_OF_IT * self._deadline:
            self._planner.unanswered(size)

    @contextlib.contextmanager
    def _running_call(self, frame: Frame) -> Iterator[LiveCall]:
        call = LiveCall(self._clock)
        running = ((frame.source, frame.sequence), call)
        with self._lock:
            self._running.append(running)
        try:
            yield call
        finally:
            with self._lock:
                self._running = [other for other in self._running if other is not running]


def _sent(picture: EncodedJpeg, timing: Mapping[str, float], *, is_cold: bool) -> SentPicture:
    return SentPicture(
        width=picture.width,
        quality=picture.quality,
        size=len(picture.data),
        send=timing.get("send", 0.0),
        wait=timing["wait"],
        is_cold=is_cold,
    )
