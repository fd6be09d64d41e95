"""A video file, played at its own speed with its true timestamps.

PyAV rather than OpenCV reads it: OpenCV reports the time of a frame from the nominal rate, which is
wrong for every file of uneven rate.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, cast

from livecam.errors import SourceUnavailable
from livecam.frames import SourceInfo
from livecam.native import av
from livecam.sources.playback import Playback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.frames import Image
    from livecam.protocols import FrameSlot

log = logging.getLogger(__name__)

CLOSE_TIMEOUT = 2.0
"""Seconds to wait for the reading thread before the file is left to the garbage collector."""
_PICTURE_FORMATS = ("image2", "_pipe", "gif", "apng", "webp")


class VideoFileSource:
    """Frames of a video file.

    Args:
        path: the file; anything FFmpeg can decode.
        source: id for the frames.
        is_fast: unpaced; no frame is dropped.
    """

    def __init__(self, path: Path, *, source: str, clock: Clock, is_fast: bool = False) -> None:
        self._path = path
        self._source = source
        self._is_fast = is_fast
        self._container: av.container.InputContainer | None = None
        self._lock = threading.Lock()
        self._playback = Playback(source=source, clock=clock, is_fast=is_fast)

    def open(self) -> SourceInfo:
        """Open the file and say what is in it.

        Raises:
            SourceUnavailable: there is no such file, or no video in it that can be decoded.
        """
        container = self._open_container()
        self._container = container
        if not container.streams.video:
            raise SourceUnavailable(f"{self._path} holds no video")
        if any(name in container.format.name for name in _PICTURE_FORMATS):
            raise SourceUnavailable(f"{self._path} is a picture, not a video; give a video file")
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        duration = container.duration
        return SourceInfo(
            source=self._source,
            description=self._path.name,
            width=stream.codec_context.width,
            height=stream.codec_context.height,
            fps=float(stream.average_rate) if stream.average_rate else None,
            duration=duration / av.time_base if duration else None,
            is_live=not self._is_fast,
        )

    def start(self, slot: FrameSlot) -> None:
        """Play the file into `slot`."""
        with self._lock:
            if self._container is None:
                raise SourceUnavailable(f"{self._path} was not opened")
            self._playback.start(_pictures(self._container), slot)

    def close(self) -> None:
        """Stop playing and let go of the file."""
        has_ended = self._playback.stop(CLOSE_TIMEOUT)
        with self._lock:
            if self._container is not None and has_ended:
                self._container.close()
                self._container = None

    def _open_container(self) -> av.container.InputContainer:
        try:
            return av.open(f"file:{self._path}")  # else a colon in the name is a protocol
        except FileNotFoundError as error:
            raise SourceUnavailable(f"no such file: {self._path}") from error
        except (IsADirectoryError, PermissionError) as error:
            raise SourceUnavailable(f"{self._path} cannot be read: {error.strerror}") from error
        except av.FFmpegError as error:
            reason = error.strerror
            raise SourceUnavailable(f"{self._path} is not a video that can be read: {reason}") from error


def _pictures(container: av.container.InputContainer) -> Iterator[tuple[float, Image]]:
    """Yield (seconds from the first frame, BGR image) in display order."""
    stream = container.streams.video[0]
    first: float | None = None
    last = 0.0
    step = float(1 / stream.average_rate) if stream.average_rate else 1 / 30
    for frame in _decoded(container, stream):
        time = cast("float | None", frame.time)
        if time is None:  # a file without timestamps: the nominal rate is all there is
            time = last + step if first is not None else 0.0
        first = time if first is None else first
        last = time
        yield time - first, cast("Image", frame.to_ndarray(format="bgr24"))


def _decoded(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.VideoFrame]:
    """Yield what can be decoded; what cannot is skipped and counted, a torn end is the end."""
    damaged = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.FFmpegError as error:
            log.warning("%s ends early, the rest is damaged: %s", container.name, error)
            break
        if packet is None:
            break
        try:
            yield from packet.decode()
        except av.FFmpegError:
            damaged += 1
    if damaged:
        log.warning("%s: %d damaged packets were skipped", container.name, damaged)
