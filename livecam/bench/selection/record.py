"""What a bench of policies found, for programs: the object of `--json` and the rows of a table. Pure.

The object is a contract (docs/map.md). What another machine would measure otherwise stands apart, under
`cpu`: all else is the same on every machine for the same request.
"""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from livecam import __version__
from livecam.bench.selection.results import Scores
from livecam.sinks.emotion_csv import FORMULA_STARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.selection.request import Request
    from livecam.bench.selection.results import ClipResult, PolicyResult

SCHEMA = "livecam.bench.selection/1"
DIGITS = 5
"""After the point: finer than anything that is seen, and short in a file."""


def as_record(request: Request, results: Sequence[ClipResult]) -> dict[str, Any]:
    """Return the `livecam.bench.selection/1` object."""
    asked = asdict(request)
    asked["clips"] = [str(path) for path in request.clips]
    return {
        "schema": SCHEMA,
        "version": __version__,
        "request": asked,
        "clips": [_of_clip(result) for result in results],
    }


def scores_csv(results: Sequence[ClipResult]) -> str:
    """Return the scores as a table (RFC 4180): a header, then a row for each clip and policy."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    names = [field.name for field in fields(Scores)]
    rows.writerow(["clip", "policy", *names])
    for result in results:
        for each in result.policies:
            scores = _rounded(asdict(each.scores))
            # csv writes None as an empty cell.
            clip = _plain(result.observation.clip)
            rows.writerow([clip, each.policy, *(scores[name] for name in names)])
    return text.getvalue()


def _of_clip(result: ClipResult) -> dict[str, Any]:
    seen = result.observation
    return {
        "clip": seen.clip,
        "truth_from": seen.truth_from,
        "fps": round(seen.fps, DIGITS),
        "width": seen.width,
        "height": seen.height,
        "frames": len(seen.frames),
        "seconds": round(seen.duration, DIGITS),
        "persons": len({face.person for frame in seen.frames for face in frame.truth}),
        "cpu": _rounded({"evidence_ms": seen.evidence_ms}),
        "policies": {each.policy: _of_policy(each) for each in result.policies},
    }


def _of_policy(result: PolicyResult) -> dict[str, Any]:
    return {
        "scores": _rounded(asdict(result.scores)),
        "calls_per_minute": _rounded(result.calls_per_minute),
        "reasons": dict(result.reasons),
        "passed_over": dict(result.passed_over),
    }


def _rounded(values: Mapping[str, float | None]) -> dict[str, float | None]:
    return {
        name: round(value, DIGITS) if isinstance(value, float) else value for name, value in values.items()
    }


def _plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
