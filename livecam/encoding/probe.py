"""What a video file is, read from its headers, and whether Rekognition's stored video would take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from livecam.encoding.boxes import boxes
from livecam.errors import OutputError
from livecam.native import av

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Limits of stored video: docs.aws.amazon.com/rekognition/latest/dg/limits.html
MOST_BYTES = 10_000_000_000
MOST_SECONDS = 6 * 3600.0


class Unreadable(OutputError):
    """A file is not a video that can be read."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video file is."""

    container: str
    """"mp4", "mov", or FFmpeg's name of another, such as "matroska" or "avi"."""
    codec: str
    """FFmpeg's name, such as "h264" or "mpeg4"."""
    codec_tag: str
    """Four characters by which the container names the codec, such as "avc1"."""
    profile: str | None
    """Such as "High"; None when the codec has none."""
    pixel_format: str
    """FFmpeg's name, such as "yuv420p"; empty when it is not known."""
    width: int
    """Pixels, as stored."""
    height: int
    duration: float
    """Seconds from the first frame to the end of the last."""
    frames: int
    fps: float
    """Frames per second, on average over the duration; 0 without one."""
    size: int
    """Bytes."""
    is_faststart: bool
    """Whether the index comes before the pictures, so that it plays while it is still being loaded."""
    is_fragmented: bool
    """Whether the pictures come in fragments with an index each: written so, and not finished."""
    has_audio: bool


def probe(path: Path) -> VideoFacts:
    """Return what a video file is. Nothing is decoded; frames are counted only if no index does.

    Raises:
        Unreadable: it is not there, not a video, or too damaged to be read.
    """
    try:
        return _probed(path)
    except (OSError, av.FFmpegError) as error:
        raise Unreadable(f"{path} cannot be read as a video: {error.strerror or error}") from error


def why_refused(facts: VideoFacts) -> str | None:
    """Return in one sentence why stored video of Rekognition would not take such a file; None if it would."""
    if facts.container not in ("mp4", "mov"):
        return f"Rekognition takes MP4 and MOV files, and this is {facts.container}."
    if facts.is_fragmented:
        return "Rekognition needs a finished MP4, and this one is still in fragments."
    if facts.codec != "h264":
        return f"Rekognition takes H.264, and this is {facts.codec}."
    if facts.pixel_format != "yuv420p":
        return f"Rekognition needs yuv420p with 8 bits, and this is {facts.pixel_format or 'unknown'}."
    return _why_of_a_wrong_measure(facts)


def _why_of_a_wrong_measure(facts: VideoFacts) -> str | None:
    if facts.size > MOST_BYTES:
        return f"Rekognition takes up to 10 GB, and this has {facts.size / 1e9:.1f} GB."
    if facts.duration > MOST_SECONDS:
        return f"Rekognition takes up to 6 hours, and this lasts {facts.duration / 3600:.2f} hours."
    if facts.width % 2 or facts.height % 2:
        return (
            f"Rekognition needs an even width and height, and this has {facts.width}x{facts.height} pixels."
        )
    if not facts.frames:
        return "There is no picture in it."
    return None


def _probed(path: Path) -> VideoFacts:
    names = list(_names_of_boxes(path))
    with av.open(f"file:{path}", metadata_errors="ignore") as container:  # whatever is wrong with its title
        if not container.streams.video:
            raise Unreadable(f"{path} cannot be read as a video: there is no picture track in it")
        stream = container.streams.video[0]
        codec = cast("av.VideoCodecContext | None", stream.codec_context)
        if codec is None:  # which PyAV's types do not tell of
            raise Unreadable(f"{path} cannot be read as a video: nothing here can decode its picture track")
        frames, duration = stream.frames, float((stream.duration or 0) * (stream.time_base or 0))
        is_fragmented = b"moof" in names
        if is_fragmented or not frames or not duration:  # of fragments the index knows the first alone
            frames, duration = _counted(container, stream)
        return VideoFacts(
            container=_container_name(container),
            codec=codec.name,
            codec_tag=codec.codec_tag,
            profile=codec.profile,
            pixel_format=codec.pix_fmt or "",
            width=codec.width,
            height=codec.height,
            duration=duration,
            frames=frames,
            fps=frames / duration if duration else 0.0,
            size=path.stat().st_size,
            is_faststart=b"moov" in names and b"mdat" in names[names.index(b"moov") :],
            is_fragmented=is_fragmented,
            has_audio=bool(container.streams.audio),
        )


def _container_name(container: av.container.InputContainer) -> str:
    names = container.format.name.split(",")
    if "mp4" not in names:
        return names[0]
    return "mov" if container.metadata.get("major_brand", "").strip() == "qt" else "mp4"


def _counted(container: av.container.InputContainer, stream: av.VideoStream) -> tuple[int, float]:
    frames, begin, end = 0, 0.0, 0.0
    try:
        for packet in container.demux(stream):
            if not packet.size or packet.pts is None:
                continue
            shown = float(packet.pts * packet.time_base)
            begin = shown if not frames else min(begin, shown)
            end = max(end, shown + float((packet.duration or 0) * packet.time_base))
            frames += 1
    except (OSError, av.FFmpegError):
        pass  # a torn end: what came before it counts
    return frames, end - begin


def _names_of_boxes(path: Path) -> Iterator[bytes]:
    """Yield the names of the outermost boxes up to the first fragment: of those there may be very many."""
    for box in boxes(path):
        yield box.name
        if box.name == b"moof":
            return
