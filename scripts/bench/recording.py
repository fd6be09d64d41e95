"""What recording costs: CPU time of the encoder per frame, and what it does to the picture's evenness.

Run as `.venv/bin/python scripts/bench/recording.py [--rounds 5] [--seconds 15] [--media DIR]`, and nothing
beside it. Prints two Markdown tables: clips of the folder, scaled to each size, through the encoder alone;
and the demo scene (1280x720, 30 frames a second) without and with `--record all`, in turns.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.clock import thread_cpu
from livecam.encoding.h264 import H264Encoder
from livecam.native import av, cv2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from livecam.encoding.h264 import Preset
    from livecam.frames import Image

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}
PRESETS: tuple[Preset, ...] = ("superfast", "ultrafast")
FRAMES = 90
FPS = 30.0
WARM_UP = 1.0
"""Seconds at the beginning of a run that do not count: what is loaded first is not the picture's rhythm."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What one run was like."""

    fps: float
    """Displayed frames per second, the warm-up left out."""
    std: float
    """Of the intervals between displayed frames, ms; as all below."""
    p95: float
    p99: float
    longest: float
    dropped: int
    """Frames, whoever dropped them."""
    unrecorded: int
    """Of these dropped by the recorder."""
    cpu: float
    """Of the whole process per displayed frame, its start left in."""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="What recording costs.")
    parser.add_argument("--rounds", type=int, default=5, help="runs without and runs with (default: 5)")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each run (default: 15)")
    parser.add_argument("--frames", type=int, default=FRAMES, help=f"of each clip (default: {FRAMES})")
    parser.add_argument("--media", type=Path, default=MEDIA, help="folder of clips")
    options = parser.parse_args()
    encoder_table(sorted(options.media.glob("*.mp4")), options.frames)
    picture_table(options.rounds, options.seconds)


def encoder_table(clips: Sequence[Path], frames: int) -> None:
    """Print what a frame costs: range over the clips, of each clip the median of its frames."""
    print("| | " + " | ".join(f"{size} CPU ms/frame | {size} kB/s" for size in SIZES) + " |")
    print("|---|" + "---|" * 2 * len(SIZES))
    found = {
        (preset, size): [encoded(clip, frames, SIZES[size], preset) for clip in clips]
        for size in SIZES
        for preset in PRESETS
    }
    for preset in PRESETS:
        cells = []
        for size in SIZES:
            costs, rates = zip(*found[preset, size], strict=True)
            cells += [f"{min(costs):.1f}-{max(costs):.1f}", f"{min(rates):.0f}-{max(rates):.0f}"]
        print(f"| {preset} | {' | '.join(cells)} |", flush=True)


def encoded(clip: Path, frames: int, size: tuple[int, int], preset: Preset) -> tuple[float, float]:
    """Return what a frame of a clip takes at a size: CPU ms (median), and kB per second at 30 fps."""
    encoder = H264Encoder(*size, preset=preset)
    costs, total = [], 0
    for index, image in enumerate(islice(pictures(clip, size), frames)):
        before = thread_cpu()
        packet = encoder.encode(image, index / FPS)
        costs.append((thread_cpu() - before) * 1000)
        total += len(packet.data)
    encoder.close()
    return statistics.median(costs), total / 1000 / (len(costs) / FPS)


def pictures(clip: Path, size: tuple[int, int]) -> Iterator[Image]:
    """Yield the pictures of a clip, scaled."""
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            scaled = cv2.resize(frame.to_ndarray(format="bgr24"), size, interpolation=cv2.INTER_LINEAR)
            yield np.asarray(scaled, np.uint8)


def picture_table(rounds: int, seconds: float) -> None:
    """Print how even the picture is without and with recording: medians over the runs, and their ratio."""
    without: list[Watched] = []
    recording: list[Watched] = []
    for number in range(rounds):
        turns = [(without, ()), (recording, ("--record", "all"))]
        # In turns, and every second time the other way round: what else the machine does strikes both.
        for results, options in turns if number % 2 == 0 else reversed(turns):
            results.append(watched(seconds, options))
    head = f"median of {rounds} runs of {seconds:g} s"
    print(f"\n| {head} | not recording | recording | ratio |\n|---|---|---|---|")
    rows: dict[str, Callable[[Watched], float]] = {
        "displayed fps": lambda run: run.fps,
        "interval std, ms": lambda run: run.std,
        "interval p95, ms": lambda run: run.p95,
        "interval p99, ms": lambda run: run.p99,
        "longest interval, ms": lambda run: run.longest,
        "CPU ms per frame, whole process": lambda run: run.cpu,
    }
    for name, figure in rows.items():
        before, after = (statistics.median(map(figure, runs)) for runs in (without, recording))
        ratio = f"{after / before:.2f}" if before else "-"
        print(f"| {name} | {before:.2f} | {after:.2f} | {ratio} |")
    drops = [sum(run.dropped for run in runs) for runs in (without, recording)]
    print(f"| frames dropped, all runs | {drops[0]} | {drops[1]} | |")
    print(f"| of these not recorded | - | {sum(run.unrecorded for run in recording)} | |")


def watched(seconds: float, options: Sequence[str]) -> Watched:
    """Run the demo scene for so long and return what the picture was like."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.jsonl"
        command = [sys.executable, "-m", "livecam", "run", "demo", "--detector", "none", "--view", "none"]
        outputs = ["--trace", str(trace), "--clip-dir", f"{folder}/clips", "--json", "--quiet"]
        length = ["--duration", str(seconds)]
        before = _children_cpu()
        result = subprocess.run(  # noqa: S603  livecam itself
            [*command, *outputs, *length, *options], capture_output=True, text=True, check=True
        )
        cpu = _children_cpu() - before
        shown = [json.loads(line)["displayed_at"] for line in trace.read_text("utf-8").splitlines()]
    return _judged(json.loads(result.stdout), shown, cpu)


def _judged(summary: dict[str, Any], shown: Sequence[float], cpu: float) -> Watched:
    steady = [at for at in shown if at - shown[0] >= WARM_UP]
    intervals = [(after - before) * 1000 for before, after in pairwise(steady)]
    p95, p99 = np.percentile(intervals, [95, 99])
    dropped = summary["frames"]["dropped"]
    return Watched(
        fps=len(intervals) / (steady[-1] - steady[0]),
        std=statistics.pstdev(intervals),
        p95=float(p95),
        p99=float(p99),
        longest=max(intervals),
        dropped=sum(dropped.values()),
        unrecorded=dropped.get("recorder busy", 0),
        cpu=cpu * 1000 / len(shown),
    )


def _children_cpu() -> float:
    """Return the CPU seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
