"""A network stream or a recording at a URL, as one connection; `live.py` reads it and opens it again.

PyAV rather than OpenCV reads it: its time limits and options belong to one opening, where OpenCV's
are environment variables of the whole process, and its recordings have true timestamps.

FFmpeg's errors carry the whole URL, password included. None of them leaves this module: what is
raised is worded here, has no cause and no context, and names the stream as `address.shown` does.

TLS encrypts, but whoever answers is believed: cameras sign their own certificates.
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from typing import TYPE_CHECKING, NamedTuple, cast

from livecam.errors import SourceFailed, SourceUnavailable
from livecam.frames import SourceInfo
from livecam.native import av
from livecam.sources import address
from livecam.sources.punctuality import Punctuality
from livecam.sources.timeline import Timeline, believable_rate
from livecam.sources.upright import Upright, pixel_aspect_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.clock import Clock
    from livecam.frames import Image

SCHEMES = ("rtsp", "rtsps", "http", "https", "rtmp", "rtmps", "rtp", "udp", "tcp")
"""What FFmpeg can reach in PyAV's wheels and livecam has a use for; they have no SRT."""
_TLS_SCHEMES = ("rtsps", "https", "rtmps")
OPEN_TIMEOUT = 3.0
"""Seconds for each of the two steps of opening: connecting, and finding out what is sent."""
READ_TIMEOUT = 3.0
"""Seconds of silence after which a read gives up. The watchdog of `live.py` speaks earlier; this ends the
thread that it leaves behind."""
SEGMENTS_READ_TIMEOUT = 10.0
"""The same for streams that come in segments, which last 2 to 6 seconds as a rule."""
FIRST_PICTURE_TIMEOUT = 10.5
"""Seconds until the first whole picture: cameras send one every 10 seconds or more often."""
UNDECODABLE_TIMEOUT = 3.0
"""Seconds of data without a picture in it after which a stream is given up."""
_SEGMENTED_FORMATS = ("hls", "dash")
_PICTURE_FORMATS = ("image2", "_pipe", "gif", "apng", "webp")
_RATELESS_FORMATS = ("mpjpeg", "mjpeg")
"""Formats that know nothing of rates; FFmpeg says 25 for them."""
_TIMED_FORMATS = ("rtsp", "flv", "mpegts")
"""Formats whose times are the sender's; raw ones are given made up times."""
_CODEC_NAMES = {"h264": "H.264", "hevc": "H.265", "mjpeg": "MJPEG", "av1": "AV1", "mpeg4": "MPEG-4"}
_MOST_PIXELS = "100000000"
"""Of a picture; three times 8K. Damaged data claims any size, and memory is given for it."""
_MOST_PIXELS_OF_ONE_THREAD = 1920 * 1088
_DECODER_OPTIONS = {
    # Half a JPEG would be shown with a grey lower half, and nothing tells it from a whole one.
    "mjpeg": {"err_detect": "explode"},
}
_RTSP_OPTIONS = {
    "rtsp_flags": "prefer_tcp",  # UDP loses packets, and a lost packet is a smear until the next keyframe
    # The session description says what is sent, so that no second of it need be analysed. What is read
    # meanwhile must be kept ("nobuffer" drops it, and with it the keyframe that all waits for).
    "probesize": "32768",
}
_HTTP_OPTIONS = {
    "analyzeduration": "1000000",  # microseconds; 5 seconds by default
    "reconnect": "1",  # a recording goes on where its connection broke; FFmpeg never does it to what is live
    "reconnect_delay_max": "2",
    # FFmpeg 8.1 loses data when it jumps in a file over a connection that is not kept alive: the same file
    # opens or is "invalid", one time out of two.
    "multiple_requests": "1",
}

_WRONG_USER = "does not accept the user name and password in its URL (401)"
_NO_USER = "asks for a user name and password (401): write them as ://USER:PASSWORD@ before the host"
_REASONS: tuple[tuple[type[av.FFmpegError], str], ...] = (
    (av.HTTPForbiddenError, "may not be seen by this user (403)"),
    (av.HTTPNotFoundError, "is not there (404): check the path"),
    (av.HTTPServerError, "cannot be delivered: its server reports an error of its own"),
    (
        av.ConnectionRefusedError,
        "refuses the connection: check host and port, and that its server is running",
    ),
    (av.ProtocolNotFoundError, "leads to a kind of address that cannot be read"),
    (av.InvalidDataError, "holds no video that can be read"),
)
"""What FFmpeg's errors mean; the first that fits."""


class StreamConnection:
    """Fits `Connection`; made by `open_stream`.

    Args:
        container: open; it is closed by `close`.
        source: id for the frames.
        name: the stream as it may be shown.

    Raises:
        SourceUnavailable: there is no picture in it.
    """

    def __init__(
        self, container: av.container.InputContainer, *, source: str, name: str, clock: Clock
    ) -> None:
        self._container = container
        self._name = name
        self._clock = clock
        self._read_timeout = float(container.read_timeout or READ_TIMEOUT)
        self._closed = threading.Event()
        self._is_segmented = container.format.name in _SEGMENTED_FORMATS
        self._stream = _video_of(container, name)
        self._upright = Upright(pixel_aspect_of(self._stream))
        duration = _duration_of(container)
        self._is_recording = duration is not None
        self._prepare_decoder()
        self._packets = container.demux(self._stream)
        self._decoded: deque[av.VideoFrame] = deque()
        rate = _rate_of(container, self._stream)
        self._pace = (
            _Pace(Timeline(rate=rate, duration=duration), clock, self._closed)
            if self._is_recording or self._is_segmented
            else None
        )
        has_sender_times = self._pace is None and container.format.name in _TIMED_FORMATS
        self._punctuality = Punctuality() if has_sender_times else None
        first = self._first_image()
        codec = self._stream.codec_context.name
        self._info = SourceInfo(
            source=source,
            description=f"{name} ({_CODEC_NAMES.get(codec, codec.upper())})",
            width=int(first.shape[1]),
            height=int(first.shape[0]),
            fps=rate,
            duration=duration,
        )
        self._first: Image | None = first

    @property
    def info(self) -> SourceInfo:
        """What is sent; only a recording has a duration."""
        return self._info

    def read(self) -> Image | None:
        """Return the next picture, BGR, shape (height, width, 3); None at the end of a recording.

        A recording's pictures come at their own pace, a live stream's as soon as they are there.

        Raises:
            SourceFailed: a live stream ended, or anything fell silent or broke.
        """
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return self._next_image(UNDECODABLE_TIMEOUT)

    def close(self) -> None:
        """Leave the server."""
        self._closed.set()
        self._container.close()

    def _prepare_decoder(self) -> None:
        codec = self._stream.codec_context
        codec.options = {"max_pixels": _MOST_PIXELS} | _DECODER_OPTIONS.get(codec.name, {})
        # Threads by frame hold back a frame each. Threads by slice have nothing to share in the one slice
        # per picture that cameras send, and turn much of a picture green when one of several is lost.
        is_prompt = not self._is_recording and codec.width * codec.height <= _MOST_PIXELS_OF_ONE_THREAD
        self._stream.thread_type = "NONE" if is_prompt else "AUTO"

    def _first_image(self) -> Image:
        """Return the first picture: only it tells the size as shown, and that there is one at all."""
        failure = f"{self._name} holds no video that can be decoded"
        try:
            first = self._next_image(FIRST_PICTURE_TIMEOUT)
        except SourceFailed as error:
            failure, first = str(error), None
        if first is None:
            raise SourceUnavailable(failure)
        return first

    def _next_image(self, patience: float) -> Image | None:
        frame = self._next_frame(self._clock.now() + patience)
        if frame is None:
            return None
        if self._pace is not None:
            self._pace.wait(frame.time)
        try:
            return self._upright(frame)
        except (av.FFmpegError, ValueError):
            failure = f"{self._name} has pictures of a kind that cannot be shown ({frame.format.name})"
        raise SourceFailed(failure)

    def _next_frame(self, deadline: float) -> av.VideoFrame | None:
        """Return the next whole frame, None at the end of a recording; what is damaged is skipped."""
        while not self._decoded:
            packet = self._next_packet()
            if packet is None and self._is_recording:
                return None
            if packet is None:
                raise SourceFailed(f"{self._name} ended: its server closed the stream")
            self._decoded.extend(frame for frame in _whole_frames(packet) if not self._is_late(frame))
            if not self._decoded and self._clock.now() > deadline:
                raise SourceFailed(f"{self._name} sends data that cannot be decoded")
        return self._decoded.popleft()

    def _is_late(self, frame: av.VideoFrame) -> bool:
        """Return whether a picture is to be left out, before it costs its conversion."""
        return self._punctuality is not None and self._punctuality.is_late(frame.time, self._clock.now())

    def _next_packet(self) -> av.Packet[av.VideoStream] | None:
        begun_at = self._clock.now()
        packet = None
        reason: str | None = None
        try:
            packet = next(self._packets, None)
        except av.InvalidDataError:
            reason = "its data makes no sense"
        except av.FFmpegError:
            reason = "the connection was lost"
        # At the limit FFmpeg hands out the picture that it had not been sure was whole, and waits as long
        # again before it says that something is wrong.
        if self._clock.now() - begun_at >= self._read_timeout:
            raise SourceFailed(f"{self._name} has sent nothing for {self._read_timeout:g} s")
        if reason is not None:
            raise SourceFailed(f"{self._name} broke off: {reason}")
        return packet


class _Pace:
    """Holds pictures until their time.

    Args:
        closed: ends every waiting once it is set.
    """

    def __init__(self, timeline: Timeline, clock: Clock, closed: threading.Event) -> None:
        self._timeline = timeline
        self._clock = clock
        self._closed = closed
        self._start_at: float | None = None

    def wait(self, presented: float | None) -> None:
        """Wait until a picture is due; the first one is at once."""
        media_time = self._timeline.place(presented)
        now = self._clock.now()
        if self._start_at is None:
            self._start_at = now - media_time
        self._closed.wait(max(self._start_at + media_time - now, 0.0))


def open_stream(url: str, *, source: str, clock: Clock) -> StreamConnection:
    """Connect to a stream or a recording and decode its first picture.

    Args:
        url: with user name and password, if it needs them; one of `SCHEMES`.
        source: id for the frames, such as `address.source_id(url)`.
        clock: tells when to give up, and the pace of a recording.

    Raises:
        SourceUnavailable: it cannot be reached, may not be seen, or is no video; in one sentence without
            the URL's secrets.
    """
    name = address.shown(url)
    scheme = address.scheme(url)
    if scheme not in SCHEMES:
        raise SourceUnavailable(f"{name} is of a kind that cannot be read: use one of {', '.join(SCHEMES)}")
    container = _opened(url, scheme, clock)
    try:
        return StreamConnection(container, source=source, name=name, clock=clock)
    except BaseException:
        container.close()
        raise


def _opened(url: str, scheme: str, clock: Clock) -> av.container.InputContainer:
    """Open a URL within the time limits."""
    options = (
        _RTSP_OPTIONS if scheme.startswith("rtsp") else _HTTP_OPTIONS if scheme.startswith("http") else {}
    )
    begun_at = clock.now()
    try:
        # A damaged title is no reason not to play.
        return av.open(
            url,
            options=dict(options),
            timeout=(OPEN_TIMEOUT, _read_timeout(url)),
            metadata_errors="ignore",
        )
    except av.FFmpegError as error:
        failure = _Failure(type(error), error.strerror or "", clock.now() - begun_at)
    # Outside of the handler: FFmpeg's error, which holds the URL, must not be the context of this one.
    raise SourceUnavailable(f"{address.shown(url)} {_explained(failure, url)}")


def _read_timeout(url: str) -> float:
    """Return the seconds of silence that are waited for; PyAV wants them before the format is known."""
    return SEGMENTS_READ_TIMEOUT if ".m3u8" in url else READ_TIMEOUT


class _Failure(NamedTuple):
    """What is kept of an error of FFmpeg: nothing that could hold the URL."""

    kind: type[av.FFmpegError]
    text: str
    lasted: float
    """Seconds from the begin of the opening."""


def _explained(failure: _Failure, url: str) -> str:
    """Return why a URL could not be opened and what to do about it, to follow the stream's name."""
    kind = failure.kind
    if issubclass(kind, av.ExitError) or failure.lasted >= OPEN_TIMEOUT:
        return f"did not answer within {OPEN_TIMEOUT:g} s: check the host, the port and the network"
    if issubclass(kind, av.HTTPUnauthorizedError):
        return _WRONG_USER if address.names_a_user(url) else _NO_USER
    known = next((reason for each, reason in _REASONS if issubclass(kind, each)), None)
    if known is not None:
        return known
    if address.host(url) is None:
        return "cannot be opened: in its user name and password write @ as %40, / as %2F, ? as %3F, # as %23"
    if issubclass(kind, av.OSError):
        return _explained_io_error(failure, url)
    return f"cannot be opened: {failure.text.lower()}"


def _explained_io_error(failure: _Failure, url: str) -> str:
    """Return what is behind FFmpeg's "Input/output error", which it says of much."""
    try:
        socket.getaddrinfo(address.host(url), None)
    except (OSError, UnicodeError):
        return "cannot be found: there is no host of that name in this network"
    if address.scheme(url) in _TLS_SCHEMES:
        return f"cannot be opened ({failure.text.lower()}): check that its server speaks TLS on this port"
    return f"cannot be opened: {failure.text.lower()}"


def _video_of(container: av.container.InputContainer, name: str) -> av.VideoStream:
    if any(each in container.format.name for each in _PICTURE_FORMATS):
        raise SourceUnavailable(f"{name} is a single picture: download it and give the file")
    if not container.streams.video:
        raise SourceUnavailable(f"{name} holds no video")
    stream = container.streams.video[0]
    if cast("av.VideoCodecContext | None", stream.codec_context) is None:  # PyAV's types do not tell of it
        raise SourceUnavailable(f"{name} holds no video that can be decoded")
    return stream


def _duration_of(container: av.container.InputContainer) -> float | None:
    """Return a recording's length in seconds, None for what is live."""
    duration = container.duration
    return duration / av.time_base if duration is not None and duration > 0 else None


def _rate_of(container: av.container.InputContainer, stream: av.VideoStream) -> float | None:
    if container.format.name in _RATELESS_FORMATS or not stream.average_rate:
        return None
    return believable_rate(float(stream.average_rate))


def _whole_frames(packet: av.Packet[av.VideoStream]) -> Iterator[av.VideoFrame]:
    """Yield the undamaged frames of a packet."""
    try:
        yield from (frame for frame in packet.decode() if not frame.is_corrupt)
    except av.FFmpegError:
        return
