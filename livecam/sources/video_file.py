"""A video file, played at its own speed with its true timestamps; one that is still growing is followed.

PyAV rather than OpenCV reads it: OpenCV reports the time of a frame from the nominal rate, which is
wrong for every file of uneven rate.
"""

from __future__ import annotations

import itertools
import logging
import threading
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from livecam.errors import SourceUnavailable
from livecam.frames import SourceInfo
from livecam.native import av
from livecam.sources.playback import Playback
from livecam.sources.timeline import Timeline, believable_rate
from livecam.sources.upright import Upright, pixel_aspect_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.frames import Image
    from livecam.protocols import FrameSlot

log = logging.getLogger(__name__)

CLOSE_TIMEOUT = 2.0
"""Seconds to wait for the reading thread before the file is left to the garbage collector."""
GROWTH_POLL = 0.25
"""Seconds between looks at a file that is being written."""
GROWTH_PATIENCE = 2.0
"""Seconds without growth after which a file that was being written is taken to be finished."""
FIRST_PICTURE_WITHIN = 3000
"""Packets in which the first picture must be: more than the longest distance of keyframes in use, yet a
large file of noise is refused at once."""
MOST_PIXELS = 100_000_000
"""Of a picture; three times 8K. A damaged header claims any size, and memory is given for it."""
LONGEST_FILM = 30 * 24 * 3600.0
"""Seconds; a container that announces more lies."""
_PICTURE_FORMATS = ("image2", "_pipe", "gif", "apng", "webp")


class VideoFileSource:
    """Frames of a video file, the right way up.

    Args:
        path: the file; anything FFmpeg can decode.
        source: id for the frames.
        is_fast: unpaced; no frame is dropped.
        is_stopped_within: waits for an event for some seconds and says whether it was set; a seam for
            tests of growing files.
    """

    def __init__(
        self,
        path: Path,
        *,
        source: str,
        clock: Clock,
        is_fast: bool = False,
        is_stopped_within: Callable[[threading.Event, float], bool] = threading.Event.wait,
    ) -> None:
        self._path = path
        self._source = source
        self._is_fast = is_fast
        self._is_stopped_within = is_stopped_within
        self._film: _Film | None = None
        self._lock = threading.Lock()
        self._playback = Playback(source=source, clock=clock, is_fast=is_fast)

    def open(self) -> SourceInfo:
        """Open the file, decode its first picture and say what is in it.

        Raises:
            SourceUnavailable: there is no such file, or no video in it that can be decoded.
        """
        film = self._film = _Film(self._path)
        height, width = film.first_image().shape[:2]
        return SourceInfo(
            source=self._source,
            description=self._path.name,
            width=width,
            height=height,
            fps=film.rate,
            duration=film.duration,
            is_live=not self._is_fast,
        )

    def start(self, slot: FrameSlot) -> None:
        """Play the file into `slot`."""
        with self._lock:
            if self._film is None:
                raise SourceUnavailable(f"{self._path} was not opened")
            self._playback.start(self._pictures(self._film), slot)

    def close(self) -> None:
        """Stop playing and let go of the file."""
        self._playback.stop(CLOSE_TIMEOUT)  # not under the lock: the thread itself may be closing
        with self._lock:
            if self._film is not None and self._playback.stop(CLOSE_TIMEOUT):
                self._film.close()
                self._film = None

    def _pictures(self, film: _Film) -> Iterator[tuple[float, Image]]:
        """Yield (media time in seconds, BGR image) in display order, for as long as the file grows."""
        timeline = Timeline(rate=film.rate, duration=film.duration)
        damaged = 0
        film.follow = self._grown
        while True:
            for time, image in film.images():
                yield timeline.place(time), image
            damaged += film.damaged
            longer = film.longer or self._grown(film)
            if longer is None:
                break
            if not film.is_growing:
                log.info("%s is still being written; it is followed until it stops", self._path.name)
            film.close()
            film = self._film = longer
            timeline.duration = film.duration
        _tell_of_damage(self._path.name, damaged, film.tear)

    def _grown(self, film: _Film) -> _Film | None:
        """Return a growing file, opened anew where it was left; None when it has reached its end."""
        if film.is_finished or (not film.is_growing and _size_of(self._path) == film.size):
            return None  # it was whole when it was opened
        seen, polls = film.size, 0
        while (size := _size_of(self._path)) >= seen and polls <= GROWTH_PATIENCE / GROWTH_POLL:
            polls = 0 if size > seen else polls + 1
            if size > seen and (longer := film.continued(self._grown)):
                return longer
            seen = size
            if self._is_stopped_within(self._playback.stopped, GROWTH_POLL):
                return None
        return film.continued(None) if size > film.size else None  # its very last pictures


class _Film:
    """A video file that is open, and its pictures in display order.

    Raises:
        SourceUnavailable: there is no such file, or no video in it.
    """

    damaged = 0
    """Packets and pictures that could not be decoded."""
    tear: Exception | None = None
    """Why it could not be read to its end."""
    is_growing = False
    """Whether it is known to be written still."""
    follow: Callable[[_Film], _Film | None] | None = None
    """Asked at the end for the same file as it has become; None: the end is the end."""
    longer: _Film | None = None
    """What it answered."""
    is_finished = False
    """Whether it answered that there is no more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = _size_of(path)
        """In bytes, just before it was opened."""
        self._container = _open_container(path, self.size)
        streams = [stream for stream in self._container.streams.video if _is_film(stream)]
        if not streams:
            self._container.close()
            raise SourceUnavailable(f"{path} holds no video that can be decoded")
        self._stream = streams[0]
        self._stream.thread_type = "AUTO"
        self._stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
        self._tick = self._stream.time_base or Fraction(1, av.time_base)
        self._upright = Upright(pixel_aspect_of(self._stream))
        self._frames = self._decoded()
        self._images = self._converted()
        self._has_begun = False
        self._keyframe: int | None = None
        """When the last keyframe is decoded, in ticks of the stream."""
        self._last: int | None = None
        """When the last picture is shown, in ticks of the stream."""

    @property
    def rate(self) -> float | None:
        """Nominal frames per second; None when the file says none that can be believed."""
        rate = self._stream.average_rate
        return believable_rate(float(rate)) if rate else None

    @property
    def duration(self) -> float | None:
        """Length in seconds that the container announces; None when it does not."""
        ticks = self._container.duration
        return ticks / av.time_base if ticks and 0 < ticks / av.time_base <= LONGEST_FILM else None

    def first_image(self) -> Image:
        """Return the first picture; `images` will give it as well.

        Raises:
            SourceUnavailable: there is none, or no second one in a format for still pictures.
        """
        is_picture_format = any(name in self._container.format.name for name in _PICTURE_FORMATS)
        needed = 2 if is_picture_format else 1
        first = list(itertools.islice(self._images, needed))
        if not first:
            raise SourceUnavailable(f"{self._path} holds no picture that can be decoded; it is damaged")
        if len(first) < needed:
            raise SourceUnavailable(f"{self._path} is a picture, not a video; give a video file")
        self._images = itertools.chain(first, self._images)
        return first[0][1]

    def images(self) -> Iterator[tuple[float | None, Image]]:
        """Yield (presentation time in seconds, BGR image the right way up)."""
        return self._images

    def continued(self, follow: Callable[[_Film], _Film | None] | None) -> _Film | None:
        """Return the file opened anew, right behind the last picture; None when there is no more yet.

        Args:
            follow: for the new one; None when the file has stopped growing.
        """
        for keyframe in (self._keyframe, None):
            try:
                longer = _Film(self._path)
            except SourceUnavailable:
                return None
            longer.is_growing, longer.is_finished = True, follow is None
            if longer._goes_on_behind(self._last, keyframe):
                longer.follow = follow
                return longer
            longer.close()
        return None

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def _goes_on_behind(self, last: int | None, keyframe: int | None) -> bool:
        """Go to the first picture behind one that was seen; tell whether it is there."""
        if last is None:
            return False
        try:
            if keyframe is not None:
                self._container.seek(keyframe, stream=self._stream)
        except av.FFmpegError:
            return False
        has_overlap = False
        for frame in self._frames:
            if frame.pts is not None and frame.pts > last:
                self._frames = itertools.chain([frame], self._frames)
                self.damaged = 0  # what was damaged before was counted when it was played
                return has_overlap  # else some were jumped over
            has_overlap = True
        return False

    def _converted(self) -> Iterator[tuple[float | None, Image]]:
        for frame in self._frames:
            try:
                image = self._upright(frame)
            except (av.FFmpegError, ValueError):
                self.damaged += 1
                continue
            self._last = frame.pts if frame.pts is not None else self._last
            yield None if frame.pts is None else float(frame.pts * self._tick), image

    def _decoded(self) -> Iterator[av.VideoFrame]:
        """Yield what can be decoded; what cannot is skipped and counted, a torn end is the end."""
        held: av.Packet[av.VideoStream] | None = None  # the last one may be half written
        for packet in self._packets():
            if held is not None:
                yield from self._frames_of(held)
            held = packet
        if self.follow is not None:
            self.longer = self.follow(self)
            self.is_finished = self.longer is None
        if self.longer is None and (self.is_finished or not self.is_growing):
            if held is not None:
                yield from self._frames_of(held)
            yield from self._frames_of(None)

    def _packets(self) -> Iterator[av.Packet[av.VideoStream]]:
        packets = self._container.demux(self._stream)
        for number in itertools.count():
            try:
                packet = next(packets, None)
            except av.FFmpegError as error:
                self.tear = error
                return
            if packet is None or (number > FIRST_PICTURE_WITHIN and not self._has_begun):
                return
            if packet.size == 0 and packet.pts is None and packet.dts is None:
                return  # the demuxer's way to have the decoder flushed
            if packet.is_keyframe:
                self._keyframe = packet.pts if packet.dts is None else packet.dts
            yield packet

    def _frames_of(self, packet: av.Packet[av.VideoStream] | None) -> list[av.VideoFrame]:
        """Return what a packet (None: the end) makes the decoder give."""
        try:
            frames = self._stream.decode(packet)
        except av.FFmpegError:
            self.damaged += packet is not None
            return []
        self._has_begun = self._has_begun or bool(frames)
        return frames


def _open_container(path: Path, size: int) -> av.container.InputContainer:
    """Open a file as it is now: what is added later is not seen, so that nothing half read is resumed."""
    name = f"file:{path}"  # else a colon in the name is a protocol
    if path.is_file() and size > 0:
        name = f"subfile,,start,0,end,{size},,:{name}"
    try:
        return av.open(name, metadata_errors="ignore")  # a damaged title is no reason not to play
    except FileNotFoundError as error:
        raise SourceUnavailable(f"no such file: {path}") from error
    except (IsADirectoryError, PermissionError) as error:
        raise SourceUnavailable(f"{path} cannot be read: {error.strerror}") from error
    except (av.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceUnavailable(f"{path} is not a video that can be read: {reason}") from error


def _is_film(stream: av.VideoStream) -> bool:
    """Tell whether a stream has a known decoder and is not the picture on a record's cover."""
    codec = cast("av.VideoCodecContext | None", stream.codec_context)
    return codec is not None and not stream.disposition & av.stream.Disposition.attached_pic


def _size_of(path: Path) -> int:
    """Return a file's size in bytes; -1 when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _tell_of_damage(name: str, damaged: int, tear: Exception | None) -> None:
    """Say once, at the end, what could not be played."""
    count = "1 damaged packet was" if damaged == 1 else f"{damaged} damaged packets were"
    if tear is not None:
        before = f"; {count} skipped before" if damaged else ""
        log.warning("%s ends early, the rest is damaged: %s%s", name, tear, before)
    elif damaged:
        log.warning("%s: %s skipped", name, count)
