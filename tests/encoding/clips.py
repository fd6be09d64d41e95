"""Small clips for tests, really encoded and really decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.encoding.h264 import EncodedPacket, H264Encoder
from livecam.encoding.part_file import PartFile
from livecam.native import av

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from livecam.frames import Image


def noise(seed: int = 0, *, width: int = 64, height: int = 48) -> Image:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def uneven_times(frames: int, *, seed: int = 1) -> list[float]:
    """Return times (seconds) as a slow webcam delivers: 7 to 25 frames per second."""
    intervals = np.random.default_rng(seed).uniform(1 / 25, 1 / 7, frames)
    return [float(time) for time in np.cumsum(intervals)]


def encoded(encoder: H264Encoder, times: Iterable[float]) -> list[EncodedPacket]:
    size = {"width": encoder.width, "height": encoder.height}
    return [encoder.encode(noise(number, **size), time) for number, time in enumerate(times)]


def part_of(path: Path, encoder: H264Encoder, packets: Sequence[EncodedPacket]) -> Path:
    """Write a part file that is closed as it should be."""
    part = PartFile(path, encoder)
    for packet in packets:
        part.write(packet)
    part.close()
    return path


def a_part(path: Path, times: Iterable[float]) -> Path:
    encoder = H264Encoder(64, 48)
    return part_of(path, encoder, encoded(encoder, times))


def decoded(path: Path) -> list[av.VideoFrame]:
    """Return all frames; a damaged one is an error."""
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.options = {"err_detect": "explode"}
        return list(container.decode(video=0))


def ticks_of(path: Path) -> list[int]:
    """Return when each frame is shown, in ticks of 1/90000 s."""
    return [round((frame.time or 0.0) * 90_000) for frame in decoded(path)]


def keyframes_of(path: Path) -> list[int]:
    """Return the 0-based numbers of the frames that a plain MP4's index calls keyframes.

    FFmpeg is not asked: it calls every I-frame one.
    """
    data = path.read_bytes()
    at = data.rindex(b"stss") + 8
    numbers = data[at + 4 : at + 4 + 4 * int.from_bytes(data[at : at + 4], "big")]
    return [int.from_bytes(numbers[n : n + 4], "big") - 1 for n in range(0, len(numbers), 4)]
