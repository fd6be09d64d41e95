"""H.264 in MP4 with true timestamps, through PyAV.

OpenCV's own writer cannot do it: its wheel has no H.264 encoder (its `mp4v` is MPEG-4 Part 2, which
browsers and Rekognition reject), and it writes every frame at n / fps whatever its time was.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

from livecam.errors import OutputError
from livecam.native import av, cv2

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image

TIME_BASE = Fraction(1, 90_000)
"""Of stream and codec: the codec's default, 1/rate, cannot hold uneven times."""
KEYFRAME_EVERY = 1.0
"""Seconds between I-frames, by time: a slow camera would make long groups of pictures otherwise."""
# superfast: 8-12 ms of CPU per real 720p frame; ultrafast halves that for up to twice the bytes,
# veryfast costs more than a core at 1080p30.
_ENCODER = {"preset": "superfast", "tune": "zerolatency", "crf": "23", "forced-idr": "1"}
# Readable after a crash up to the last frame, and a plain MP4 once closed.
_CONTAINER = {"movflags": "hybrid_fragmented+frag_every_frame", "flush_packets": "1"}
# BT.601, limited range: what cv2's I420 conversion makes. Untagged, players guess BT.709 for HD.
_BT601 = 6
_LIMITED_RANGE = 1


class H264Writer:
    """Writes BGR pictures to one MP4 file.

    The first picture sets the size (odd sides lose a pixel row or column, as yuv420p needs even
    ones); later pictures of another size are fitted into it, whole and undistorted, with black bars.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._container: av.container.OutputContainer | None = None
        self._stream: av.VideoStream | None = None
        self._last_pts = -1
        self._keyframe_due = 0.0

    def write(self, image: Image, media_time: float) -> None:
        """Add a picture shown from `media_time` (seconds, ascending) on.

        Raises:
            OutputError: the file cannot be written.
        """
        try:
            self._write(image, media_time)
        except (OSError, av.FFmpegError) as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror or error}") from error

    def close(self) -> None:
        """Flush the encoder and finish the file.

        Raises:
            OutputError: the file cannot be finished.
        """
        container, self._container = self._container, None
        if container is None or self._stream is None:
            return
        try:
            with container:  # leaving it writes the index, for which there may be no room left
                container.mux(self._stream.encode(None))
        except (OSError, av.FFmpegError) as error:
            raise OutputError(f"{self._path} cannot be finished: {error.strerror or error}") from error

    def _write(self, image: Image, media_time: float) -> None:
        if self._container is None or self._stream is None:
            self._container, self._stream = self._begin(image.shape[1] & ~1, image.shape[0] & ~1)
        frame = av.VideoFrame.from_ndarray(self._fitted(image, self._stream), format="yuv420p")
        # Never two frames in one tick: the muxer refuses times that do not ascend.
        frame.pts = self._last_pts = max(round(media_time / TIME_BASE), self._last_pts + 1)
        frame.time_base = TIME_BASE
        if media_time >= self._keyframe_due:
            frame.pict_type = av.video.frame.PictureType.I
            self._keyframe_due = media_time + KEYFRAME_EVERY
        self._container.mux(self._stream.encode(frame))

    def _begin(self, width: int, height: int) -> tuple[av.container.OutputContainer, av.VideoStream]:
        container = av.open(f"file:{self._path}", "w", format="mp4", options=_CONTAINER)
        stream = container.add_stream("libx264", rate=30, options=_ENCODER)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = TIME_BASE
        stream.codec_context.thread_count = 1
        stream.codec_context.max_b_frames = 0
        stream.codec_context.color_range = _LIMITED_RANGE
        stream.codec_context.colorspace = _BT601
        return container, stream

    @staticmethod
    def _fitted(image: Image, stream: av.VideoStream) -> Image:
        if (image.shape[1] & ~1, image.shape[0] & ~1) != (stream.width, stream.height):
            image = fitted(image, width=stream.width, height=stream.height)
        cropped = image[: stream.height, : stream.width]
        return cast("Image", cv2.cvtColor(cropped, cv2.COLOR_BGR2YUV_I420))


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
