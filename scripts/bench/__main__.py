"""livecam and the scripts that people write, side by side in one run: the tables of docs/benchmarks.md.

Run as `.venv/bin/python scripts/bench [--rounds 2] [--seconds S] [CLIP]`, and nothing beside it: about two
and a half minutes a round. Every program shows the clip at its own pace against the local endpoint, which is
in a process of its own: 0.34 s late, 2.5 s late, throttled, and not there at all. Prints Markdown.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from side_by_side import Footage, compare, tables
from side_by_side_runs import local_service

from livecam import __version__
from livecam.clock import SystemClock
from livecam.native import cv2

CLIP = Path(__file__).resolve().parents[3] / "shared" / "media" / "multi_children.mp4"


def main() -> None:
    """Parse the command line, run all, print the tables."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clip", nargs="?", type=Path, default=CLIP, help="with CLIP.faces.jsonl beside it")
    parser.add_argument("--rounds", type=int, default=2, help="how often all is run (default: 2)")
    parser.add_argument("--seconds", type=float, help="of the clip (default: all of it)")
    options = parser.parse_args()
    clip: Path = options.clip.resolve()
    with tempfile.TemporaryDirectory() as folder, local_service() as service:
        footage = _footage(clip, options.seconds, Path(folder) / "still.jpg")
        found = compare(footage, service, rounds=options.rounds, say=_say)
    today = SystemClock().wall().date()
    print(
        f"{clip.name}, {footage.expected} frames in {footage.seconds:.1f} s, median of {options.rounds}"
        f" round(s); livecam {__version__}, Python {platform.python_version()}, {today}\n"
    )
    print(*tables(found), sep="\n")


def _footage(clip: Path, seconds: float | None, still: Path) -> Footage:
    """Return what is played; writes its first picture."""
    capture = cv2.VideoCapture(str(clip))
    ok, first = capture.read()
    if not ok:
        raise SystemExit(f"{clip} cannot be read; give a clip")
    cv2.imwrite(str(still), first)
    fps, frames = capture.get(cv2.CAP_PROP_FPS), int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    capture.release()
    played = frames / fps if seconds is None else min(seconds, frames / fps)
    return Footage(clip, played, min(round(played * fps), frames), still)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
