"""How soon livecam answers: `--help`, `import livecam`, and the first picture.

Run as `.venv/bin/python scripts/bench/startup.py [RUNS]`, and nothing beside it. A first picture counts
from before the process is started to the instant the picture was handed to the outputs.
"""

from __future__ import annotations

import functools
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

CLOCK = SystemClock()


def main() -> None:
    """Print a line for each figure: median, least and most of RUNS."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    report("livecam --help", runs, lambda: seconds("-m", "livecam", "--help"))
    report("import livecam", runs, lambda: seconds("-c", "import livecam"))
    report("(python alone)", runs, lambda: seconds("-c", ""))
    for detector in ("on-device", "none"):
        report(f"first picture, demo, {detector}", runs, functools.partial(first_picture, detector))


def report(what: str, runs: int, measure: Callable[[], float]) -> None:
    """Measure a few times and print the figures."""
    figures = [measure() for _ in range(runs)]
    print(f"{what}: {statistics.median(figures):.2f} s ({min(figures):.2f}-{max(figures):.2f}, {runs} runs)")


def seconds(*arguments: str) -> float:
    """Return how long Python takes with these arguments."""
    began_at = CLOCK.now()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return CLOCK.now() - began_at


def first_picture(detector: str) -> float:
    """Return how long it takes until the demo's first picture is handed over."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.jsonl"
        options = ["--detector", detector, "--view", "none", "--duration", "0.1", "--quiet"]
        began_at = CLOCK.now()
        command = [sys.executable, "-m", "livecam", "run", "demo", *options, "--trace", str(trace)]
        subprocess.run(command, check=True)  # noqa: S603
        displayed_at: float = json.loads(trace.read_text().splitlines()[0])["displayed_at"]
        return displayed_at - began_at


if __name__ == "__main__":
    main()
