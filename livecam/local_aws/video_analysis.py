"""What a job does with a stored video: tell whether the service takes it, and look at it every half second.

What is not documented was decided here: between two pictures the earlier one is what is seen, a picture that
is stored lying on its side is turned, and of a file that is torn in its middle the part before is analysed.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from livecam.native import av

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from livecam.frames import Image
    from livecam.local_aws.operations import Eyes, FaceDetail

SAMPLED_EVERY = Fraction(1, 2)
"""Seconds. The service documents no interval; an integrator reports this one."""
LONGEST_VIDEO = 6 * 3600
"""Seconds (limits page)."""
UNSUPPORTED = "Unsupported codec/format."
"""The service's words for whatever is not H.264 in MP4 or MOV."""
DEFAULT_ATTRIBUTES = frozenset({"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"})
"""Members of a face that are told when `FaceAttributes` is DEFAULT."""
NEVER_IN_VIDEO = frozenset({"EyeDirection", "FaceOccluded"})
"""Members that are always null in the results of stored video."""

# With another demuxer a playlist in the bucket could make FFmpeg open files and addresses of its own choice.
_DEMUXER = "mov"
_FOREIGN_BRANDS = ("3g", "mj")  # 3GPP and Motion JPEG 2000 have the same structure, and are not MP4
_MOST_PIXELS = 100_000_000  # three times 8K: a damaged header claims any size, and memory is given for it
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG


class UnsupportedVideo(Exception):
    """The service would end this job as FAILED; the message is its `StatusMessage`."""


class AnalysisCancelled(Exception):
    """It was told to stop."""


@dataclass(frozen=True, slots=True)
class VideoAnalysis:
    """What is known about a video, in the service's words."""

    metadata: dict[str, Any]
    """`VideoMetadata`."""
    faces: tuple[dict[str, Any], ...]
    """`FaceDetection` objects: one per face and sampled instant, by time."""


def analyse(
    content: bytes,
    eyes: Eyes,
    *,
    attributes: Literal["DEFAULT", "ALL"],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> VideoAnalysis:
    """Look at a video every half second; blocks for as long as that takes.

    Args:
        content: the whole file.
        eyes: who looks; at each picture once, however long it is shown.
        attributes: which members of a face are told.
        is_cancelled: asked between pictures; once it says yes there is no result.

    Raises:
        UnsupportedVideo: it is not H.264 in MP4 or MOV, holds no picture, or is too long.
        AnalysisCancelled: `is_cancelled` said so.
        ModelMissing, ModelDamaged: the eyes cannot look.
    """
    try:
        container = av.open(io.BytesIO(content), "r", format=_DEMUXER, metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise UnsupportedVideo(UNSUPPORTED) from error
    with container:
        film = _Film(container)
        faces: list[dict[str, Any]] = []
        seen: list[FaceDetail] = []
        newest = None
        for time, frame in film.samples():
            if is_cancelled():
                raise AnalysisCancelled
            if frame is not newest:  # else it is still the same picture that is shown
                newest, seen = frame, [_told(face, attributes) for face in eyes.look(_upright(frame))]
            faces.extend({"Timestamp": int(time * 1000), "Face": face} for face in seen)
        return VideoAnalysis(film.metadata(), tuple(faces))


class _Film:
    """The pictures of an open file.

    Raises:
        UnsupportedVideo: it holds no H.264.
    """

    _first: av.VideoFrame | None = None
    _end = Fraction(0)
    """When the last picture ends, in seconds from the start."""
    _pictures = 0

    def __init__(self, container: av.container.InputContainer) -> None:
        self._container = container
        self._stream = _h264_of(container)
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.options = {"max_pixels": str(_MOST_PIXELS)}
        self._tick = self._stream.time_base or Fraction(1, av.time_base)
        self._start = Fraction(container.start_time or 0, av.time_base)

    def samples(self) -> Iterator[tuple[Fraction, av.VideoFrame]]:
        """Yield (seconds from the start, the picture that is shown then).

        Raises:
            UnsupportedVideo: there is no picture that can be decoded, or it is too long.
        """
        due = (number * SAMPLED_EVERY for number in itertools.count())
        time = next(due)
        shown: av.VideoFrame | None = None
        for frame in self._frames():
            begins = self._end if frame.pts is None else frame.pts * self._tick - self._start
            _refuse_beyond_limit(begins)
            while shown is not None and time < begins:
                yield time, shown
                time = next(due)
            shown = frame
            self._end = max(self._end, begins + self._length_of(frame))
            self._pictures += 1
            self._first = self._first or frame
        if shown is None:
            raise UnsupportedVideo(UNSUPPORTED)
        while time < self._end:
            yield time, shown
            time = next(due)

    def metadata(self) -> dict[str, Any]:
        """Return the service's `VideoMetadata`; the samples must have been gone through."""
        first = self._first
        if first is None:
            raise UnsupportedVideo(UNSUPPORTED)
        is_on_its_side = _quarter_turns(first) % 2 == 1
        width, height = (first.height, first.width) if is_on_its_side else (first.width, first.height)
        announced = Fraction(self._container.duration or 0, av.time_base)
        duration = announced if announced > 0 else self._end
        rate = self._stream.average_rate or self._pictures / max(self._end, self._tick)
        is_full = first.color_range == _FULL_RANGE or first.format.name.startswith("yuvj")
        return {
            "Codec": "h264",
            "DurationMillis": int(duration * 1000),
            "Format": "QuickTime / MOV",  # the service's, and FFmpeg's, name for MP4 as well
            "FrameRate": float(rate),
            "FrameHeight": height,
            "FrameWidth": width,
            "ColorRange": "FULL" if is_full else "LIMITED",
        }

    def _frames(self) -> Iterator[av.VideoFrame]:
        """Yield what can be decoded; a damaged packet is skipped, a torn end is the end."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                packet = None
            yield from self._frames_of(packet)
            if packet is None:
                return

    def _frames_of(self, packet: av.Packet[av.VideoStream] | None) -> list[av.VideoFrame]:
        """Return what a packet (None: the end) makes the decoder give."""
        try:
            return self._stream.decode(packet)
        except av.FFmpegError:  # the end may be told twice, which is an error of this kind too
            return []

    def _length_of(self, frame: av.VideoFrame) -> Fraction:
        """Return how long a picture is shown, in seconds, when no other follows."""
        if frame.duration:
            return frame.duration * self._tick
        return 1 / self._stream.average_rate if self._stream.average_rate else self._tick


def _h264_of(container: av.container.InputContainer) -> av.VideoStream:
    """Return the first film in a file; refuse what is not H.264, or not in MP4 or MOV."""
    films = [
        stream
        for stream in container.streams.video
        if not stream.disposition & av.stream.Disposition.attached_pic
    ]
    if not films or container.metadata.get("major_brand", "").startswith(_FOREIGN_BRANDS):
        raise UnsupportedVideo(UNSUPPORTED)
    codec = cast("av.VideoCodecContext | None", films[0].codec_context)
    if codec is None or codec.name != "h264":
        raise UnsupportedVideo(UNSUPPORTED)
    return films[0]


def _refuse_beyond_limit(time: Fraction) -> None:
    # Before the samples up to it are taken: a damaged time may be thousands of years away.
    if time > LONGEST_VIDEO:
        hours = LONGEST_VIDEO // 3600
        raise UnsupportedVideo(f"The video is longer than the maximum duration of {hours} hours.")


def _upright(frame: av.VideoFrame) -> Image:
    """Return a picture as it is to be shown, BGR: a face that lies on its side is not found."""
    image = cast("Image", frame.to_ndarray(format="bgr24", threads=1))
    return np.ascontiguousarray(np.rot90(image, _quarter_turns(frame)))


def _quarter_turns(frame: av.VideoFrame) -> int:
    """Return how often a picture is to be turned by 90 degrees, counterclockwise."""
    return round(frame.rotation / 90) % 4


def _told(face: FaceDetail, attributes: Literal["DEFAULT", "ALL"]) -> FaceDetail:
    """Return the members of a face that the service tells of video."""
    if attributes == "DEFAULT":
        return {name: value for name, value in face.items() if name in DEFAULT_ATTRIBUTES}
    return {name: value for name, value in face.items() if name not in NEVER_IN_VIDEO}
