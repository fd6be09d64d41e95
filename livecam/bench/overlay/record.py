"""What a bench run found, for programs: the object of `--json` and the rows of a table of scores. Pure.

The object is a contract (docs/map.md). What another machine would measure otherwise stands apart, under
`cpu`: all else is the same on every machine for the same request.
"""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from livecam import __version__
from livecam.bench.overlay.means import CPU_SCORES, means, numbers
from livecam.bench.overlay.results import Scores
from livecam.sinks.emotion_csv import FORMULA_STARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from livecam.bench.overlay.request import Request
    from livecam.bench.overlay.results import ClipResult, MethodResult

SCHEMA = "livecam.bench.overlay/1"
DIGITS = 5
"""After the point: finer than anything that is seen, and short in a file."""


def as_record(
    request: Request, results: Sequence[ClipResult], *, trace: Path | None = None
) -> dict[str, Any]:
    """Return the `livecam.bench.overlay/1` object.

    Args:
        request: what was asked for.
        results: what was found.
        trace: of a run, where that was scored and nothing simulated.
    """
    asked = asdict(request)
    asked["clips"] = [str(path) for path in request.clips]
    asked["truth"] = None if request.truth is None else str(request.truth)
    return {
        "schema": SCHEMA,
        "version": __version__,
        "request": asked,
        "trace": None if trace is None else str(trace),
        "clips": [_of_clip(result) for result in results],
        "mean": {name: _parted(scores) for name, scores in means(results).items()},
    }


def scores_csv(results: Sequence[ClipResult]) -> str:
    """Return the scores as a table (RFC 4180): a header, then a row for each clip and method."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    names = [field.name for field in fields(Scores)]
    rows.writerow(["clip", "method", *names])
    for result in results:
        for method in result.methods:
            scores = numbers(method.scores)
            # csv writes None as an empty cell.
            rows.writerow([_plain(result.clip), method.method, *(_rounded(scores[name]) for name in names)])
    return text.getvalue()


def _of_clip(result: ClipResult) -> dict[str, Any]:
    return {
        "clip": result.clip,
        "truth_from": result.truth_from,
        "fps": _rounded(result.fps),
        "width": result.width,
        "height": result.height,
        "frames": len(result.truth),
        "persons": len({face.person for faces in result.truth for face in faces if face.counts}),
        "methods": {method.method: _of_method(method) for method in result.methods},
    }


def _of_method(method: MethodResult) -> dict[str, Any]:
    return _parted(numbers(method.scores)) | {
        "times": [_rounded(frame.at) for frame in method.shown],
        "iou_over_time": [_rounded(iou) for iou in method.iou_over_time],
        "answered_frames": [frame.sequence for frame in method.shown if frame.answers],
    }


def _parted(scores: Mapping[str, float | None]) -> dict[str, Any]:
    """Return the scores, with what depends on the machine apart."""
    return {
        "scores": {name: _rounded(value) for name, value in scores.items() if name not in CPU_SCORES},
        "cpu": {name: _rounded(scores[name]) for name in CPU_SCORES},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
