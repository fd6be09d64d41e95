"""Films to be recorded, a real livecam that records them, and its clips as they can be read."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.archive.sidecar import read_sidecar
from livecam.clock import SystemClock
from livecam.encoding.h264 import H264Writer
from livecam.encoding.probe import probe, why_refused
from livecam.native import av, cv2
from tests import command_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

PATIENCE = 20.0
"""Seconds for something that takes 2 on an idle machine."""
POLL = 0.01
"""Seconds between looks at a folder that another process writes."""
QUIETLY = ("--detector", "none", "--view", "none", "--json")
WHERE = ("--clip-dir", "clips")


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended."""

    code: int
    summary: dict[str, Any]
    said: str
    """On standard error."""

    @property
    def trouble(self) -> str:
        """What the summary says of recording."""
        return str(self.summary["recording"]["trouble"])

    @property
    def lost_no_picture(self) -> bool:
        """Whether all that was captured was displayed."""
        frames = self.summary["frames"]
        return bool(frames["displayed"] == frames["captured"] > 0)


@dataclass(frozen=True, slots=True)
class ReadClip:
    """A clip as others read it; times are seconds from its first frame."""

    path: Path
    times: Sequence[float]
    """Of the frames, every one decoded."""
    line_times: Sequence[float]
    sequences: Sequence[int]
    """Of the sidecar's lines."""
    duration: float
    size: tuple[int, int]


def an_uneven_film(
    path: Path,
    *,
    seconds: float = 8.0,
    size: tuple[int, int] = (160, 120),
    fps: tuple[float, float] = (7, 25),
) -> list[float]:
    """Write a film whose frames come as from a webcam in bad light; return when, in seconds."""
    lot = random.Random(7)  # noqa: S311  nothing is to be kept secret
    noise = np.random.default_rng(7).integers(0, 255, (12, 16, 3), np.uint8)
    picture = cv2.resize(noise, size)
    writer = H264Writer(path)
    times = [0.0]
    while times[-1] < seconds:
        writer.write(np.roll(picture, 3 * len(times), axis=1), times[-1])
        times.append(times[-1] + 1 / lot.uniform(*fps))
    writer.close()
    return times[:-1]


def an_odd_film(path: Path, *, frames: int, size: tuple[int, int]) -> None:
    """Write a film of a size that H.264 cannot have."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, size)
    for index in range(frames):
        writer.write(np.full((size[1], size[0], 3), index * 5 % 255, np.uint8))
    writer.release()


def record(source: Path | str, *options: str, cwd: Path, where: Sequence[str] = WHERE) -> Run:
    """Record a source to its end."""
    result = command_line.livecam("record", source, *QUIETLY, *where, *options, cwd=cwd)
    return Run(result.returncode, json.loads(result.stdout or "{}"), result.stderr)


def start(source: Path | str, *options: str, cwd: Path, **how: Any) -> subprocess.Popen[str]:  # noqa: ANN401
    """Begin to record a source."""
    return subprocess.Popen(
        [sys.executable, "-m", "livecam", "record", str(source), *QUIETLY, *WHERE, *options],
        cwd=cwd,
        env=command_line.environment(cwd),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,
    )


def ended(process: subprocess.Popen[str]) -> Run:
    """Return how a run ended, once it has."""
    try:
        said = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Run(process.returncode, json.loads(said[0] or "{}"), said[1])


def wait_until(condition: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait for what another process does."""
    clock, pause = SystemClock(), threading.Event()
    deadline = clock.now() + PATIENCE
    while not condition():
        assert process.poll() is None, f"it ended: {process.communicate()}"
        assert clock.now() < deadline, "it takes too long"
        pause.wait(POLL)


def clips_in(folder: Path) -> list[ReadClip]:
    """Return the clips of a folder, the oldest first; each is whole, and nothing else is there."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    ids = sorted({name.partition(".")[0] for name in names})
    assert names == sorted(f"{clip}{suffix}" for clip in ids for suffix in (".mp4", ".jsonl"))
    assert not list((folder / ".livecam" / "locks").iterdir())
    return sorted((read_clip(folder / f"{clip}.mp4") for clip in ids), key=lambda clip: clip.sequences[0])


def read_clip(path: Path) -> ReadClip:
    """Decode a clip to its end; it is what everybody can play."""
    facts = probe(path)
    assert why_refused(facts) is None
    assert facts.is_faststart
    with av.open(str(path)) as container:
        times = [float(frame.time) for frame in container.decode(video=0)]
    assert len(times) == facts.frames
    lines = list(read_sidecar(path.with_suffix(".jsonl")).frames())
    line_times, sequences = [line.time for line in lines], [line.frame for line in lines]
    return ReadClip(path, times, line_times, sequences, facts.duration, (facts.width, facts.height))


def ledger(cwd: Path, folder: str = "clips") -> list[dict[str, Any]]:
    """Return what `livecam clips list` says of each clip."""
    result = command_line.livecam("clips", "list", "--json", "--clip-dir", folder, cwd=cwd)
    assert result.returncode == 0, result.stderr
    listed: list[dict[str, Any]] = json.loads(result.stdout)["clips"]
    return listed
