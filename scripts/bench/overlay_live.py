"""How well boxes stay on faces in runs in real time, beside the same in virtual time.

Run as `.venv/bin/python scripts/bench/overlay_live.py [MEDIA_DIR]`, and nothing beside it: every clip plays
at its own speed, once with the reference as a detector that answers 340 ms late, twice a second, and once
with the on-device one. What was shown is scored from the trace by the code of `livecam bench overlay`. The
last columns tell how long after its capture a picture was displayed, without and with an answer to take in.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import livecam
from livecam.bench.overlay.request import Request
from livecam.bench.overlay.simulation import simulate
from livecam.bench.overlay.trace import score_trace
from livecam.detectors.scripted import ScriptedDetector
from livecam.faces import BoundingBox, Emotion, EmotionScore, Face

if TYPE_CHECKING:
    from livecam.frames import Frame
    from livecam.protocols import FaceDetector

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
LATENCY, RATE = 0.34, 2.0
COLUMNS = (
    "clip",
    "detector",
    "displayed of captured",
    "IoU known / all",
    "virtual",
    "> 0.5",
    "first box p50 / p95, s",
    "displayed after, ms: p50 / p99 / max",
    "with an answer: p50 / max",
)


def main() -> None:
    """Run every clip that has a reference and print two rows for each."""
    media = Path(sys.argv[1]) if len(sys.argv) > 1 else MEDIA
    os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp()  # a script's boxes teach the user's runs nothing
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for truth in sorted(media.glob("*.faces.jsonl")):
        clip = truth.with_name(truth.name.replace(".faces.jsonl", ".mp4"))
        if not clip.exists():
            continue
        lines = [json.loads(line)["faces"] for line in truth.read_text().splitlines()]
        if not any(lines):
            continue
        virtual = simulate(Request(methods=("merged",)), clip).methods[0].scores
        told = f"{virtual.iou:.3f} / {virtual.iou_all:.3f}"
        print(row(clip, "340 ms late, 2/s", _late(lines), told), flush=True)
        print(row(clip, "on-device", "on-device", ""), flush=True)


def _late(truth: list[list[list[float]]]) -> ScriptedDetector:
    def answer(frame: Frame) -> tuple[Face, ...]:
        happy = (EmotionScore(Emotion.HAPPY, 99.0),)
        return tuple(Face(BoundingBox(*box[:4]), 99.0, happy) for box in truth[frame.sequence])

    return ScriptedDetector(answer, delay=LATENCY)


def row(clip: Path, name: str, detector: FaceDetector | str, virtual: str) -> str:
    """Run one clip at its own speed and return its row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.jsonl"
        rate = None if detector == "on-device" else RATE
        settings: dict[str, Any] = {"trace": trace} | ({"rate": rate} if rate else {})
        count = sum(1 for _ in livecam.watch(clip, detector=detector, annotated=False, **settings))
        scores = score_trace(Request(), clip, trace).methods[0].scores
        lines = [json.loads(line) for line in trace.read_text().splitlines()]
    usual, answered = _lateness(lines)
    captured = lines[-1]["frame"] + 1
    cells = (
        clip.stem,
        name,
        f"{count} of {captured}",
        f"{scores.iou:.3f} / {scores.iou_all:.3f}",
        virtual,
        f"{100 * (scores.over_50 or 0):.1f} %",
        f"{scores.first_box_median:.2f} / {scores.first_box_p95:.2f}",
        f"{statistics.median(usual):.1f} / {_quantile(usual, 0.99):.1f} / {max(usual):.1f}",
        f"{statistics.median(answered):.1f} / {max(answered):.1f}" if answered else "-",
    )
    return f"| {' | '.join(cells)} |"


def _lateness(lines: list[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """Return milliseconds from capture to display: of usual frames, and of those that took in an answer."""
    usual: list[float] = []
    answered: list[float] = []
    newest = None
    for line in lines:
        answered_at = (
            None if line["answer_age"] is None else round(line["displayed_at"] - line["answer_age"], 2)
        )
        late = (line["displayed_at"] - line["captured_at"]) * 1000
        (answered if answered_at != newest else usual).append(late)
        newest = answered_at
    return usual, answered


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


if __name__ == "__main__":
    main()
