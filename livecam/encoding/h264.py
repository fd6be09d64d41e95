"""H.264 with true timestamps, through PyAV: pictures to packets, and pictures to a file.

OpenCV's own writer cannot do it: its wheel has no H.264 encoder (its `mp4v` is MPEG-4 Part 2, which
browsers and Rekognition reject), and it writes every frame at n / fps whatever its time was.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, cast

from livecam.encoding.part_file import PartFile
from livecam.errors import OutputError
from livecam.native import av, cv2

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TypeAlias

    from livecam.frames import Image

    Preset: TypeAlias = Literal["ultrafast", "superfast", "veryfast"]
    """x264's name for how much work is put into fewer bytes."""

TIME_BASE = Fraction(1, 90_000)
"""Of stream and codec: the codec's default, 1/rate, cannot hold uneven times."""
KEYFRAME_EVERY = 1.0
"""Seconds between I-frames, by time: a slow camera would make long groups of pictures otherwise."""
# zerolatency: no B-frames and no look-ahead, so that a picture's packet is there when it is encoded.
_ENCODER = {"tune": "zerolatency", "crf": "23", "forced-idr": "1"}
# BT.601, limited range: what cv2's I420 conversion makes. Untagged, players guess BT.709 for HD.
_BT601 = 6
_LIMITED_RANGE = 1


@dataclass(frozen=True, slots=True)
class EncodedPacket:
    """One picture, encoded. Its time of decoding is that of showing: there are no B-frames."""

    data: bytes
    """H.264 with start codes (Annex B); parameter sets are in the encoder's description alone."""
    pts: int
    """When it is shown, in ticks of `TIME_BASE`; ascends from packet to packet."""
    is_key: bool
    """Whether decoding can begin here."""

    @property
    def time(self) -> float:
        """When it is shown, in seconds of the frames' media time."""
        return float(self.pts * TIME_BASE)


class H264Encoder:
    """Makes exactly one packet of every picture, in the caller's thread; nothing is held back.

    Args:
        width: pixels; an odd width loses the last column, as yuv420p needs even sides.
        height: pixels; an odd height loses the last row.
        preset: superfast takes 8-12 ms of CPU per real 720p frame; ultrafast half of that for up to twice the
            bytes; veryfast more than a core at 1080p30.

    Raises:
        ValueError: a side is less than two pixels.
        OutputError: pictures of that size are too large for the encoder.
    """

    def __init__(self, width: int, height: int, *, preset: Preset = "superfast") -> None:
        self.width, self.height = width & ~1, height & ~1
        if min(width, height) < 2:  # noqa: PLR2004
            raise ValueError(f"a picture of {width}x{height} is too small for H.264; 2x2 is the least")
        # A stream, unlike a bare codec, can be the template of a part file's stream: it lives in a file of
        # its own in memory, into which no packet is ever put.
        self._container = av.open(io.BytesIO(), "w", format="mp4")
        self._stream = self._container.add_stream("libx264", rate=30, options=_ENCODER | {"preset": preset})
        self._last_pts = -1
        self._keyframe_due: int | None = None
        try:
            self._start()
        except av.FFmpegError as error:
            why = error.strerror or error
            raise OutputError(f"pictures of {width}x{height} cannot be encoded as H.264: {why}") from error

    @property
    def template(self) -> av.VideoStream:
        """The full description of what is encoded, for muxing; to be used before `close()`."""
        return self._stream

    def encode(self, image: Image, media_time: float, *, keyframe: bool = False) -> EncodedPacket:
        """Encode a picture of the encoder's size.

        Args:
            image: BGR, shape (height, width, 3); it may have the odd row and column that get lost.
            media_time: seconds from which on it is shown. One that does not ascend becomes the tick after
                the last.
            keyframe: whether decoding must be able to begin here; so it is with the first picture and at
                least once a second anyway.

        Raises:
            ValueError: the picture has another size.
            OutputError: the encoder failed.
        """
        height, width = image.shape[:2]
        if (width & ~1, height & ~1) != (self.width, self.height):
            msg = f"a picture of {width}x{height} was given to an encoder of {self.width}x{self.height}"
            raise ValueError(msg)
        frame = av.VideoFrame.from_ndarray(self._as_yuv(image), format="yuv420p")
        # Never two frames in one tick: the muxer refuses times that do not ascend.
        frame.pts = self._last_pts = max(round(media_time / TIME_BASE), self._last_pts + 1)
        frame.time_base = TIME_BASE
        if keyframe or self._keyframe_due is None or frame.pts >= self._keyframe_due:
            frame.pict_type = av.video.frame.PictureType.I
            self._keyframe_due = frame.pts + round(KEYFRAME_EVERY / TIME_BASE)
        return self._encoded(frame, frame.pts)

    def close(self) -> None:
        """Let go of the encoder. There is nothing left in it; may be called twice."""
        self._container.close()

    def _start(self) -> None:
        stream, codec = self._stream, self._stream.codec_context
        stream.width, stream.height, stream.pix_fmt = self.width, self.height, "yuv420p"
        stream.time_base = codec.time_base = TIME_BASE
        # More threads cost CPU time and, when they take frames in turn, hold packets back.
        codec.thread_count = 1
        codec.max_b_frames = 0
        codec.color_range = _LIMITED_RANGE
        codec.colorspace = _BT601
        self._container.start_encoding()

    def _encoded(self, frame: av.VideoFrame, pts: int) -> EncodedPacket:
        try:
            (packet,) = self._stream.encode(frame)
        except av.FFmpegError as error:
            raise OutputError(f"a picture cannot be encoded as H.264: {error.strerror or error}") from error
        return EncodedPacket(bytes(packet), pts, packet.is_keyframe)

    def _as_yuv(self, image: Image) -> Image:
        return cast("Image", cv2.cvtColor(image[: self.height, : self.width], cv2.COLOR_BGR2YUV_I420))


class H264Writer:
    """Writes BGR pictures to one MP4 file, which begins with the first.

    The first picture sets the size (odd sides lose a pixel row or column, as yuv420p needs even
    ones); later pictures of another size are fitted into it, whole and undistorted, with black bars.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoder: H264Encoder | None = None
        self._file: PartFile | None = None

    def write(self, image: Image, media_time: float) -> None:
        """Add a picture shown from `media_time` (seconds, ascending) on.

        Raises:
            OutputError: the file cannot be written.
        """
        if self._encoder is None:
            self._encoder = H264Encoder(image.shape[1], image.shape[0])
        if self._file is None:
            self._file = PartFile(self._path, self._encoder, replaces=True)
        size = (self._encoder.width, self._encoder.height)
        if (image.shape[1] & ~1, image.shape[0] & ~1) != size:
            image = fitted(image, width=size[0], height=size[1])
        self._file.write(self._encoder.encode(image, media_time))

    def close(self) -> None:
        """Finish the file. May be called twice.

        Raises:
            OutputError: the file cannot be finished.
        """
        file, self._file = self._file, None
        encoder, self._encoder = self._encoder, None
        if encoder is not None:
            encoder.close()
        if file is not None:
            file.close()


def fitted(image: Image, *, width: int, height: int) -> Image:
    """Return a picture scaled into a size (pixels), in its middle, with black bars where it leaves room."""
    scale = min(width / image.shape[1], height / image.shape[0])
    inner = (max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(image, inner, interpolation=method)
    across, down = width - inner[0], height - inner[1]
    left, top = across // 2, down // 2
    bars = (top, down - top, left, across - left)
    return cast("Image", cv2.copyMakeBorder(scaled, *bars, cv2.BORDER_CONSTANT, value=(0, 0, 0)))
