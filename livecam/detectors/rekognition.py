"""Amazon Rekognition's DetectFaces: a frame as JPEG by boto3, its answer as faces."""

from __future__ import annotations

import contextlib
import difflib
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
from livecam.errors import CloudError, UsageError
from livecam.face_attributes import FACE_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.consent import ConsentScope
    from livecam.faces import Face
    from livecam.frames import Frame

log = logging.getLogger(__name__)

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
    """Pixels that a wider frame is made smaller to."""
    quality: int = 80
    """Of the JPEG, 1..100."""

    def __post_init__(self) -> None:
        # botocore sends any word, and the service refuses the call.
        object.__setattr__(self, "attributes", validate_attributes(",".join(self.attributes)))


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
        make_client: Callable[..., Any] = clients.live_client,
    ) -> None:
        self._access = access
        self._clock = clock
        self._request = request or FacesRequest()
        self._in_flight = in_flight
        self._may_send = may_send
        self._deadline = deadline
        self._make_client = make_client
        self._checked: Any = None
        self._lock = threading.Lock()
        self._running: list[tuple[tuple[str, int], LiveCall]] = []

    @property
    def info(self) -> DetectorInfo:
        """How its answers are to be labelled."""
        return INFO

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
            picture = encode_jpeg(frame.image, width=self._request.width, quality=self._request.quality)
            encode = self._clock.now() - encoding_at
            faces = self._faces(client, call, picture.data)
            marks = call.marks
            return Detection(
                faces=faces,
                timing=marks.parts(encode=encode, began_at=began_at, ended_at=self._clock.now()),
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
        except CloudError as error:
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


def validate_attributes(text: str) -> tuple[str, ...]:
    """Return the attributes of a list such as "emotions, smile", in upper case and each once.

    Raises:
        UsageError: one is unknown to DetectFaces, or there is none.
    """
    names = tuple(dict.fromkeys(name.strip().upper() for name in text.split(",") if name.strip()))
    if not names:
        raise UsageError(f"--attributes needs at least one of {', '.join(FACE_ATTRIBUTES)}")
    for name in names:
        if name not in FACE_ATTRIBUTES:
            near = difflib.get_close_matches(name, FACE_ATTRIBUTES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(FACE_ATTRIBUTES)}"
            raise UsageError(f"Amazon Rekognition has no attribute {name!r}: {hint}")
    return names
