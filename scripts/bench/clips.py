"""What `livecam run` shows on real clips, against reference boxes.

Run as `.venv/bin/python scripts/bench/clips.py [MEDIA_DIR]`, and nothing beside it: it plays in real time.
For every CLIP.mp4 with a CLIP.faces.jsonl beside it (one object per frame: [left, top, width, height,
score] in fractions): frames displayed, faces shown with the box of the frame on screen, first HAPPY.
The boxes shown are those of the newest answer, some 70-130 ms old: lag counts against them here.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from livecam.faces import BoundingBox

ROOT = Path(__file__).resolve().parents[2]
MIN_HEIGHT, MIN_SCORE = 0.06, 0.7
"""Reference faces smaller and less sure than this flicker in the reference itself."""
FOUND_AT = 0.5
COLUMNS = (
    "clip",
    "displayed of captured",
    "calls",
    "latency p50 / p95",
    "label age p50",
    "faces found",
    "IoU",
    "false boxes",
    "what is shown, share of face-frames",
)


def main() -> None:
    """Run every clip and print a row for each."""
    media = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "media"
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for reference in sorted(media.glob("*.faces.jsonl")):
        clip = reference.with_name(reference.name.replace(".faces.jsonl", ".mp4"))
        if clip.exists():
            print(row(clip, [json.loads(line) for line in reference.read_text().splitlines()]), flush=True)


def row(clip: Path, reference: list[dict[str, Any]]) -> str:
    """Run one clip at its own speed and return its row of the table."""
    summary, trace = run(clip)
    expected = overlaps = found = false = 0
    total_iou: list[float] = []
    shown: Counter[str] = Counter()
    for line in trace:
        truth = [BoundingBox(*face[:4]) for face in reference[line["frame"]]["faces"] if counts(face)]
        anything = [BoundingBox(*face[:4]) for face in reference[line["frame"]]["faces"]]
        boxes = [BoundingBox(*face["box"]) for face in line["faces"]]
        shown.update("unclear" if face["unclear"] else str(face["emotion"]) for face in line["faces"])
        best = [max((box.iou(true) for box in boxes), default=0.0) for true in truth]
        expected += len(truth)
        found += sum(iou > FOUND_AT for iou in best)
        total_iou += [iou for iou in best if iou > 0]
        overlaps += len(boxes)
        false += sum(max((box.iou(true) for true in anything), default=0.0) == 0 for box in boxes)
    frames, latency = summary["frames"], summary["latency"]
    emotions = ", ".join(f"{name} {count / max(overlaps, 1):.0%}" for name, count in shown.most_common(3))
    age = summary["label_age"]["p50"]
    return (
        f"| {clip.stem} | {frames['displayed']} of {frames['captured']} | {summary['calls']['ok']}"
        f" | {latency['p50'] * 1000:.0f} / {latency['p95'] * 1000:.0f} ms"
        f" | {'-' if age is None else f'{age * 1000:.0f} ms'}"
        f" | {'-' if not expected else f'{found / expected:.1%}'}"
        f" | {'-' if not total_iou else f'{statistics.fmean(total_iou):.3f}'}"
        f" | {false} | {emotions or '-'}{first_happy(trace) if summary['tracks'] == 1 else ''} |"
    )


def run(clip: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the summary and the trace of a run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        command = [sys.executable, "-m", "livecam", "run", str(clip), "--detector", "on-device"]
        options = ["--view", "none", "--trace", str(path), "--json", "--quiet"]
        result = subprocess.run([*command, *options], capture_output=True, text=True, check=True)  # noqa: S603
        return json.loads(result.stdout), [json.loads(line) for line in path.read_text().splitlines()]


def counts(face: list[float]) -> bool:
    """Tell whether a reference face is large or sure enough to be looked for."""
    return face[3] >= MIN_HEIGHT or face[4] >= MIN_SCORE


def first_happy(trace: list[dict[str, Any]]) -> str:
    """Return from which frame on HAPPY leads for good, if it does."""
    happy = [any(face["emotion"] == "HAPPY" for face in line["faces"]) for line in trace]
    last_other = max((index for index, is_happy in enumerate(happy) if not is_happy), default=-1)
    return f"; HAPPY for good from frame {last_other + 1}" if last_other + 1 < len(happy) else ""


if __name__ == "__main__":
    main()
