"""What a livecam process takes and does, every few seconds: from /proc, from /metrics, from its trace."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TICKS = os.sysconf("SC_CLK_TCK")
MB = 1e6
DISPLAYED = "livecam_frames_displayed_total"
IN_USE = "livecam_memory_in_use_bytes"
DROPPED = "livecam_frames_dropped_total{"


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. What happened is since the look before."""

    at: float
    """Seconds since the soak began."""
    rss_mb: float
    """Memory in RAM, in millions of bytes."""
    used_mb: float
    """Of it and of what may be elsewhere, what is allocated."""
    threads: int
    fds: int
    """Open file descriptors: files, sockets, pipes."""
    cpu: float
    """Cores that were busy with it."""
    load: float
    """Processes that wanted a core of this machine, on average over a minute."""
    fps: float
    """Pictures displayed a second, those that a camera's silence repeats aside."""
    latency_p50_ms: float | None
    """From the capture of a frame until it was displayed; None where none was."""
    latency_p95_ms: float | None
    dropped: int
    viewers: int
    clips_mb: float
    """Size of the clip folder."""


class Sampler:
    """Looks at a livecam.

    Args:
        pid: of the process.
        trace: file that it writes.
        clips: folder of its clips.
        metrics: reads its /metrics.
    """

    def __init__(
        self, pid: int, trace: Path, clips: Path, metrics: Callable[[], Mapping[str, float]]
    ) -> None:
        self._proc = Path("/proc") / str(pid)
        self._trace = JsonTail(trace)
        self._clips = clips
        self._metrics = metrics
        self._at = self._busy = self._displayed = self._dropped = 0.0

    def look(self, at: float) -> Sample:
        """Return a sample; `at` is the second of the soak.

        Raises:
            OSError: the process has ended, or its view does not answer.
        """
        figures = self._metrics()
        busy = self._seconds_busy()
        displayed = figures[DISPLAYED]
        dropped = sum(value for name, value in figures.items() if name.startswith(DROPPED))
        lasted = max(at - self._at, 1e-3)
        latencies = [1000 * (each["displayed_at"] - each["captured_at"]) for each in self._trace.read()]
        p50, p95 = np.percentile(latencies, (50, 95)).round(2).tolist() if latencies else (None, None)
        sample = Sample(
            at=round(at, 1),
            rss_mb=round(self._status("VmRSS") * 1024 / MB, 1),
            used_mb=round(figures[IN_USE] / MB, 1),
            threads=self._status("Threads"),
            fds=len(list((self._proc / "fd").iterdir())),
            cpu=round((busy - self._busy) / lasted, 2),
            load=round(os.getloadavg()[0], 1),
            fps=round((displayed - self._displayed) / lasted, 1),
            latency_p50_ms=p50,
            latency_p95_ms=p95,
            dropped=int(dropped - self._dropped),
            viewers=int(figures["livecam_viewers"]),
            clips_mb=round(sum(_size(file) for file in self._clips.rglob("*")) / MB, 1),
        )
        self._at, self._busy, self._displayed, self._dropped = at, busy, displayed, dropped
        return sample

    def _status(self, key: str) -> int:
        lines = (self._proc / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))

    def _seconds_busy(self) -> float:
        # Behind the name, which may hold spaces: utime and stime are the 14th and 15th fields.
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


class JsonTail:
    """Reads what was added to a file of JSON objects, one a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield the objects of whole lines that are new."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                yield json.loads(line)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # livecam has deleted it meanwhile
        return 0
