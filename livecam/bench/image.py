"""The classic experiment: one picture, a client, a few calls; and where their time went.

The picture goes as its file is, where the service takes that; each call is one attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livecam.aws import clients
from livecam.aws.broken_answer import BrokenAnswer
from livecam.aws.live_calls import LiveCall
from livecam.aws.responses import faces_of
from livecam.encoding.jpeg import LEAST_SIDE, MOST_BYTES, encode_jpeg
from livecam.errors import CloudError, SourceUnavailable, UsageError
from livecam.sources.stills import read_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.faces import Face
    from livecam.frames import Image

PATIENCE = 10.0
"""Seconds in which the next byte of an answer must come: nobody waits for a picture here."""
QUALITY = 80
_TAKEN = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
"""How files begin that the service takes."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A picture, and what is sent of it."""

    path: Path
    image: Image
    """As people see it: BGR, shape (height, width, 3)."""
    data: bytes
    """What is sent."""
    width: int
    """Pixels, of what is sent."""
    height: int
    told: str
    """What became of the file: "sent as it is", or why it was encoded anew, and how."""
    is_as_it_is: bool
    encode: float | None = None
    """Seconds that encoding took; None where nothing was encoded."""


@dataclass(frozen=True, slots=True)
class ImageCall:
    """One call that was answered."""

    seconds: float
    parts: Mapping[str, float]
    """Seconds of each part, as in docs/latency.md; they sum to `seconds`."""
    is_cold: bool
    """Whether a connection had to be opened for it."""
    request_id: str | None


@dataclass(frozen=True, slots=True)
class ImageResult:
    """What was measured."""

    payload: Payload
    attributes: tuple[str, ...]
    endpoint: str
    region: str
    creation: float | None
    """Seconds that it took to make the client, boto3's loading included."""
    calls: tuple[ImageCall, ...]
    """At least one."""
    details: tuple[Mapping[str, Any], ...]
    """FaceDetails of the last answer, as boto3 gives them."""
    faces: tuple[Face, ...]
    """The same, as livecam reads them."""
    failure: CloudError | None = None
    """What ended the calls after the first."""


def payload_of(path: Path, clock: Clock, *, width: int | None = None, quality: int | None = None) -> Payload:
    """Return what is sent of a picture's file: the file itself where nothing else is asked for or needed.

    Args:
        path: the picture.
        clock: times the encoding.
        width: pixels that a wider picture is made smaller to; None: as it is.
        quality: of the JPEG, 1..100; None: as it is, and 80 where it has to be encoded.

    Raises:
        UsageError: it cannot be read, or is smaller than the service takes.
        DetectorError: it is too large even after encoding.
    """
    try:
        image = read_picture(path)
        data = path.read_bytes()
    except SourceUnavailable as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    height, full_width = image.shape[:2]
    if min(height, full_width) < LEAST_SIDE:
        raise UsageError(
            f"{path} has {full_width}x{height} pixels, Amazon Rekognition takes none under"
            f" {LEAST_SIDE}x{LEAST_SIDE}: use a larger picture; it was not sent"
        )
    why = _why_not_as_it_is(data, is_asked=width is not None or quality is not None)
    if why is None:
        return Payload(path, image, data, full_width, height, "sent as it is", is_as_it_is=True)
    began_at = clock.now()
    encoded = encode_jpeg(image, width=width or full_width, quality=quality or QUALITY)
    told = (
        f"{why}: sent as JPEG of {encoded.width}x{encoded.height} pixels, quality {encoded.quality},"
        f" {len(encoded.data):,} bytes"
    )
    took = clock.now() - began_at
    return Payload(
        path, image, encoded.data, encoded.width, encoded.height, told, is_as_it_is=False, encode=took
    )


def measure(
    payload: Payload,
    access: AwsAccess,
    attributes: tuple[str, ...],
    *,
    calls: int,
    may_send: Callable[[str, str | None], None],
    clock: Clock,
) -> ImageResult:
    """Make a client and call DetectFaces about one picture, one call after the other; blocks.

    Args:
        payload: what is sent.
        access: whose account, where.
        attributes: as DetectFaces takes them.
        calls: how many, 1 or more; the first opens the connection. Each costs money where calls do.
        may_send: raises unless pictures may be sent to an endpoint (address, Region); asked before the first.
        clock: times it.

    Returns:
        What was measured; with its failure if only a later call failed.

    Raises:
        CloudError: the client cannot be made, or the first call failed.
        LivecamError: what `may_send` raises.
    """
    client = clients.live_client("rekognition", access, in_flight=1, deadline=PATIENCE, clock=clock)
    endpoint, region = clients.endpoint_of(client), client.meta.region_name
    may_send(endpoint, region)
    made: list[ImageCall] = []
    answer: dict[str, Any] = {}
    failure: CloudError | None = None
    for _ in range(calls):
        try:
            call, answer = _call(client, access, payload, attributes, clock)
        except CloudError as error:
            if not made:
                raise
            failure = error
            break
        made.append(call)
    return ImageResult(
        payload=payload,
        attributes=attributes,
        endpoint=endpoint,
        region=region,
        creation=clients.creation_seconds(client),
        calls=tuple(made),
        details=tuple(answer["FaceDetails"]),
        faces=faces_of(answer),
        failure=failure,
    )


def _call(
    client: Any,  # noqa: ANN401  boto3 has no types
    access: AwsAccess,
    payload: Payload,
    attributes: tuple[str, ...],
    clock: Clock,
) -> tuple[ImageCall, dict[str, Any]]:
    call = LiveCall(clock)
    target = clients.target_of(client, access, "DetectFaces")
    parameters = {"Image": {"Bytes": payload.data}, "Attributes": list(attributes)}
    began_at = clock.now()
    answer = call.make(client.detect_faces, parameters, target=target)
    ended_at = clock.now()
    try:
        faces_of(answer)  # an answer that cannot be read is a failure, never "no face"
    except BrokenAnswer as error:
        raise call.translated(error, target) from error
    marks = call.marks
    parts = marks.parts(encode=0.0, began_at=began_at, ended_at=ended_at)
    return ImageCall(ended_at - began_at, parts, marks.is_cold, marks.request_id), answer


def _why_not_as_it_is(data: bytes, *, is_asked: bool) -> str | None:
    if is_asked:
        return "made anew, as --width or --quality ask for"
    if not any(data.startswith(magic) for magic in _TAKEN):
        return f"the service takes {' and '.join(_TAKEN.values())} only"
    if len(data) > MOST_BYTES:
        return f"the file has {len(data):,} bytes, the service takes {MOST_BYTES:,} at most"
    return None
