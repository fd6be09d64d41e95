"""A video is read picture by picture and written anew, with the same times, however long it is."""

from __future__ import annotations

import contextlib
import logging
import os
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from livecam.encoding.finishing import finish
from livecam.encoding.h264 import H264Writer
from livecam.errors import OutputError, SourceUnavailable
from livecam.native import av

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from livecam.frames import Image

log = logging.getLogger(__name__)

OWNER_ONLY = 0o600


class RewritingGivenUp(OutputError):
    """It was cancelled; nothing is left of it."""


def rewrite(
    video: Path,
    target: Path,
    touch_up: Callable[[Image, float], Image],
    *,
    on_progress: Callable[[int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    is_upright: bool = False,
) -> int:
    """Write each picture of a video to a new one; return how many there are.

    Args:
        video: to be read.
        target: the file to be; replaced when the new one is whole, and not before.
        touch_up: returns what stands in the new one for a picture at that time (seconds from the first).
        on_progress: told after each picture how many are done.
        is_cancelled: asked after each picture whether to give up.
        is_upright: whether a video that is stored lying on its side is turned.

    Raises:
        RewritingGivenUp: it was cancelled.
        SourceUnavailable: no picture of the video can be read.
        OutputError: the new one cannot be written.
    """
    part = target.with_name(f"{target.stem}.part{target.suffix}")
    try:
        _make(part)
        frames = 0
        with (
            contextlib.closing(Film(video, is_upright=is_upright)) as film,
            contextlib.closing(_written(film, part, touch_up)) as written,
        ):
            for frames in written:
                if on_progress:
                    on_progress(frames)
                if is_cancelled and is_cancelled():
                    raise RewritingGivenUp(f"no copy of {video} was made: it was given up")
        if not frames:
            raise SourceUnavailable(f"no picture of {video} can be read; no copy of it can be made")
        _put_in_place(part, target)
        return frames
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def transcode(video: Path, target: Path, *, on_progress: Callable[[int], None] | None = None) -> None:
    """Write a video anew as H.264 that Rekognition takes, upright, index in front; without its sound.

    Raises:
        SourceUnavailable: no picture of it can be read.
        OutputError: the new one cannot be written.
    """
    plain = target.with_suffix(".plain.mp4")
    try:
        rewrite(video, plain, lambda image, _time: image, on_progress=on_progress, is_upright=True)
        finish(plain, target, scratch=target.with_suffix(".tmp.mp4"))
    finally:
        with contextlib.suppress(OSError):
            plain.unlink(missing_ok=True)


class Film:
    """A video file that is open, picture by picture.

    Raises:
        SourceUnavailable: it is not there or holds no video.
    """

    def __init__(self, path: Path, *, is_upright: bool = False) -> None:
        self._path = path
        self._is_upright = is_upright
        try:
            self._container = av.open(f"file:{path}", metadata_errors="ignore")
        except (OSError, av.FFmpegError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SourceUnavailable(f"the clip {path} cannot be read: {reason}") from error
        if not self._container.streams.video:
            self._container.close()
            raise SourceUnavailable(f"{path} is no clip: it holds no video")
        self._stream = self._container.streams.video[0]

    @property
    def frames(self) -> int:
        """Pictures that the file says it holds; 0 when it does not say."""
        return self._stream.frames

    def pictures(self) -> Iterator[tuple[float, Image]]:
        """Yield (seconds from the clip's first frame, BGR image); what is damaged is skipped, and told."""
        tick = self._stream.time_base or Fraction(1, av.time_base)
        first, damaged = self._stream.start_time or 0, 0
        for packet in self._packets():
            try:
                for frame in packet.decode():
                    if frame.pts is not None:
                        # One thread: a scaler with several keeps them until the frame is gone.
                        image = frame.to_ndarray(format="bgr24", threads=1)
                        turns = frame.rotation // 90 if self._is_upright else 0
                        image = np.rot90(image, turns) if turns else image
                        yield float((frame.pts - first) * tick), np.ascontiguousarray(image, np.uint8)
            except (av.FFmpegError, ValueError):
                damaged += 1
        if damaged:
            log.warning("%s: %d damaged packets were left out of the copy", self._path, damaged)

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def _packets(self) -> Iterator[av.Packet[av.VideoStream]]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError as error:
                log.warning("%s ends early, the rest is damaged: %s", self._path, error)
                return
            if packet is None:
                return
            yield packet


def _written(film: Film, part: Path, touch_up: Callable[[Image, float], Image]) -> Generator[int]:
    """Write the touched up pictures of a clip, yielding how many there are; the file is whole at the end."""
    writer = H264Writer(part)
    with contextlib.ExitStack() as unwinding:
        unwinding.callback(_close_quietly, writer)
        for frames, (time, image) in enumerate(film.pictures(), start=1):
            writer.write(touch_up(image, time), time)
            yield frames
        writer.close()


def _close_quietly(writer: H264Writer) -> None:
    """Close a file that is not wanted any more, or was closed."""
    with contextlib.suppress(OutputError):
        writer.close()


def _make(part: Path) -> None:
    """Make the file anew, for its owner only: there are faces in it."""
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=OWNER_ONLY)
    except OSError as error:
        raise OutputError(f"{part} cannot be written: {error.strerror or error}") from error


def _put_in_place(part: Path, target: Path) -> None:
    """Make a whole file the copy, also after a loss of power."""
    try:
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror or error}") from error
