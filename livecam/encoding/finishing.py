"""A part file, torn or not, is made into an MP4 that every reader can play. Nothing is encoded anew."""

from __future__ import annotations

import os
import statistics
from collections import deque
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, cast

from livecam.encoding.boxes import whole_length
from livecam.encoding.part_file import WriteFailed
from livecam.encoding.probe import VideoFacts, probe
from livecam.errors import OutputError
from livecam.native import av
from livecam.whole_file import OWNER_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The index in front; times of the whole in the same ticks as those of the frames, so that clips that join
# are as long as what they show, to the tick.
_CONTAINER = {"movflags": "faststart", "movie_timescale": "90000"}
_INTERVALS = 99
"""Newest distances between frames whose median stands in for how long the last frame is shown."""
_LONE_FRAME = 1 / 30
"""Seconds that the only frame of a clip is shown."""
_HEADER_ROOM = 4096
"""Bytes that there must be room for: PyAV never closes a file whose header could not be written."""
_MOST_PIXELS = "100000000"
"""Of a picture: a damaged head claims any size, and memory is given for it."""
_IDR = 5
"""Type of the NAL units of a frame from which decoding can begin (ISO/IEC 14496-10, table 7-1)."""
_LENGTH_BYTES = 4
"""Before each NAL unit of a packet; so FFmpeg's muxer writes it."""


class NothingRecorded(OutputError):
    """There is no frame in a part file that can be read."""


def finish(part: Path, target: Path, *, scratch: Path, end: float | None = None) -> VideoFacts:
    """Make a part file into a faststart MP4 on disk, and return what it became. The part file stays.

    Args:
        part: to be read; whatever goes wrong with that, because its writer was killed or the disk was full,
            is taken for its end.
        target: the file to be; it appears when it is whole and on disk, in place of one that is there.
        scratch: where it is made, in the folder of `target`; what is there is replaced, nothing is left.
        end: seconds from the first frame to the end of the last one; when it is not known, or not after the
            last frame, that one is shown for as long as those before it were.

    Raises:
        NothingRecorded: no frame can be read in it.
        WriteFailed: the file cannot be written.
        OutputError: the part file cannot be opened, or the file did not become what it should.
    """
    try:
        with suppress(FileNotFoundError):
            scratch.unlink()  # of a livecam that was killed
        facts = _remuxed(part, scratch, end)
        _flush_to_disk(scratch)
        scratch.replace(target)
        _flush_to_disk(target.parent)
    except OSError as error:
        raise WriteFailed.of(target, "finished", error) from error
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
    return facts


def _remuxed(part: Path, made: Path, end: float | None) -> VideoFacts:
    """Copy the readable frames of `part` into a new file; return what it became."""
    with _opened(part) as source:
        stream = source.streams.video[0]
        packets = _timed(_readable(source, stream), stream, end)
        first = next(packets, None)
        if first is None:
            raise NothingRecorded(f"no frame can be read in {part}")
        try:
            frames = _write(made, stream, chain([first], packets))
        except (OSError, av.FFmpegError) as error:
            raise WriteFailed.of(made, "written", error) from error
    facts = probe(made)
    if facts.frames != frames or facts.codec != "h264" or not facts.is_faststart:
        found = f"{facts.frames} of {frames} frames, {facts.codec}"
        raise OutputError(f"{part} did not become an MP4 that can be played ({found}); the part file is kept")
    if not _shows_a_picture(made):
        raise OutputError(f"{part} cannot be decoded: what it says of its pictures is damaged; it is kept")
    return facts


def _shows_a_picture(made: Path) -> bool:
    """Tell whether anything can be decoded; without what the head says of the encoding nothing can."""
    with av.open(f"file:{made}", metadata_errors="ignore") as container:
        stream = container.streams.video[0]
        stream.codec_context.options = {"max_pixels": _MOST_PIXELS}
        for packet in container.demux(stream):
            with suppress(av.FFmpegError):
                if stream.decode(packet):
                    return True
    return False


def _opened(part: Path) -> av.container.InputContainer:
    """Open a part file as though it ended with its last whole box.

    FFmpeg looks through all fragments first, and refuses a file that ends within the head of one, or within
    the index, with all that it holds.
    """
    try:
        length = whole_length(part)
        if not length:
            raise NothingRecorded(f"no frame can be read in {part}: there is not one whole box in it")
        # A damaged title is no reason to lose the pictures.
        source = av.open(f"subfile,,start,0,end,{length},,:file:{part}", metadata_errors="ignore")
    except OSError as error:
        raise OutputError(f"{part} cannot be read: {error.strerror}") from error
    except av.FFmpegError as error:
        raise NothingRecorded(f"no frame can be read in {part}: {error.strerror or error}") from error
    if not source.streams.video:
        source.close()
        raise NothingRecorded(f"no frame can be read in {part}: there is no picture track in it")
    if cast("av.VideoCodecContext | None", source.streams.video[0].codec_context) is None:
        source.close()  # PyAV's types do not tell of it
        raise OutputError(f"{part} cannot be decoded: nothing here knows how its pictures are encoded")
    return source


def _write(made: Path, stream: av.VideoStream, packets: Iterator[av.Packet[av.VideoStream]]) -> int:
    descriptor = os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
    try:
        left = _HEADER_ROOM
        while left:
            left -= os.write(descriptor, bytes(left))
    finally:
        os.close(descriptor)
    frames = 0
    with av.open(f"file:{made}", "w", format="mp4", options=_CONTAINER) as container:
        track = container.add_stream_from_template(stream)
        for packet in packets:
            packet.stream = track
            container.mux(packet)
            frames += 1
    return frames


def _readable(
    source: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[av.Packet[av.VideoStream]]:
    """Yield the packets that are whole, and of those only what can be decoded: from a keyframe on."""
    awaits_keyframe = True
    try:
        for packet in source.demux(stream):
            if packet.dts is None:
                continue  # the empty one that says that there are no more
            types = _nal_types(packet)
            # FFmpeg takes every I-frame for one, although what follows it may need frames from before it.
            packet.is_keyframe = _IDR in types
            awaits_keyframe = not types or (awaits_keyframe and not packet.is_keyframe)
            if not awaits_keyframe:
                yield packet
    except (OSError, av.FFmpegError):
        return  # a torn fragment says so in many ways


def _nal_types(packet: av.Packet[av.VideoStream]) -> set[int]:
    """Return the types of a packet's NAL units; none if they do not fill it exactly.

    So it is with a file that ends within a frame, of which FFmpeg gives what there is.
    """
    data, at, types = memoryview(packet), 0, set()
    while at + _LENGTH_BYTES < len(data):
        begin = at + _LENGTH_BYTES
        at = begin + int.from_bytes(data[at:begin], "big")
        # No NAL unit ends with a zero (ISO/IEC 14496-10, 7.4.1): such blocks never reached the disk.
        if at > len(data) or at == begin or not data[at - 1]:
            return set()
        types.add(data[begin] & 0x1F)
    return types if at == len(data) and not packet.is_corrupt else set()


def _timed(
    packets: Iterator[av.Packet[av.VideoStream]], stream: av.VideoStream, end: float | None
) -> Iterator[av.Packet[av.VideoStream]]:
    """Yield packets with times from 0 on, each as long as until the next; the last until `end` (seconds)."""
    intervals: deque[int] = deque(maxlen=_INTERVALS)
    begin, waiting = 0, None
    for packet in packets:
        if waiting is None:
            begin = packet.dts or 0
        packet.pts = packet.dts = (packet.dts or 0) - begin
        if waiting is not None:
            waiting.duration = packet.dts - (waiting.dts or 0)
            intervals.append(waiting.duration)
            yield waiting
        waiting = packet
    if waiting is not None:
        ticks = float(1 / (stream.time_base or 1))
        left = 0 if end is None else round(end * ticks) - (waiting.dts or 0)
        usual = statistics.median_low(intervals) if intervals else round(_LONE_FRAME * ticks)
        waiting.duration = left if left > 0 else usual
        yield waiting


def _flush_to_disk(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk: a power cut must not undo it."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return  # Windows: it knows no flushing of folders
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
