"""Check of the video encoder: a few pictures are really encoded, finished and looked at."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from livecam.doctor.examination import Finding
from livecam.encoding.finishing import finish
from livecam.encoding.h264 import H264Writer
from livecam.encoding.probe import probe, why_refused
from livecam.errors import LivecamError
from livecam.native import av

ENCODER = "libx264"
PICTURES = 6
SIZE = (320, 180)
"""Pixels (width, height)."""
RATE = 30
REINSTALL = "run: pip install --force-reinstall --only-binary av av"


def encoder(name: str = ENCODER, folder: Path | None = None) -> Finding:
    """Say whether H.264 video can be written that players and Rekognition take.

    Args:
        name: of the encoder.
        folder: in which a few pictures are written for a moment; None for the system's own.
    """
    told = f"PyAV {av.__version__}"
    try:
        av.Codec(name, "w")
    except ValueError:  # PyAV's UnknownCodecError is one
        return Finding("fail", f"{told} has no encoder {name}, so that no video can be written", REINSTALL)
    try:
        refusal = _try(folder)
    except (LivecamError, av.FFmpegError) as error:
        return Finding(
            "fail", f"{told} has {name}, but a trial of {PICTURES} pictures failed: {error}", REINSTALL
        )
    except OSError as error:
        where = folder or tempfile.gettempdir()
        return Finding(
            "fail",
            f"nothing can be written to {where} ({error.strerror}), so that {name} was not tried",
            "make room there, or set TMPDIR to another folder",
        )
    if refusal:
        return Finding("fail", f"what {told} writes with {name} is no use: {refusal}", REINSTALL)
    return Finding("ok", f"{told} writes H.264 ({name}): {PICTURES} pictures encoded, finished and read back")


def _try(folder: Path | None) -> str | None:
    """Write a clip as a recording does; return why Rekognition would refuse it, None if it would not.

    Raises:
        LivecamError: it cannot be written or read.
        OSError: the folder cannot be written.
    """
    width, height = SIZE
    with tempfile.TemporaryDirectory(prefix="livecam-doctor-", dir=folder) as made:
        part, clip = Path(made) / "clip.part.mp4", Path(made) / "clip.mp4"
        writer = H264Writer(part)
        try:
            for index in range(PICTURES):
                writer.write(np.full((height, width, 3), 40 * index, np.uint8), index / RATE)
        finally:
            writer.close()
        finish(part, clip, scratch=Path(made) / "clip.tmp.mp4")
        facts = probe(clip)
    if facts.frames != PICTURES:
        return f"{facts.frames} of {PICTURES} pictures are in it"
    return why_refused(facts)
