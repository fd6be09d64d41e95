"""A run and its figures for programs: the object of `--json` and the rows of a table. Pure.

The object is a contract (docs/map.md), and holds every call: `reading` makes the run of it again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from livecam.aws.call_timing import PARTS
from livecam.bench.latency.conditions import FACTORS
from livecam.sinks.emotion_csv import FORMULA_STARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.latency.figures import Findings
    from livecam.bench.latency.samples import Run, Sample

SCHEMA = "livecam.bench.latency/1"
DIGITS = 6
"""After the point: microseconds."""


def as_record(run: Run, findings: Findings) -> dict[str, Any]:
    """Return the `livecam.bench.latency/1` object. Durations and instants are seconds."""
    return {"schema": SCHEMA, **as_json(run), "findings": as_json(findings)}


def as_json(value: Any) -> Any:  # noqa: ANN401  any value, and what JSON makes of it
    """Return what `json` can write of values, mappings and dataclasses; floats to the millionth."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, str):  # a file's name may be no Unicode, which no reader would take
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, Mapping):
        return {str(name): as_json(each) for name, each in value.items()}
    if is_dataclass(value):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    return [as_json(each) for each in value] if isinstance(value, list | tuple) else value


def samples_csv(run: Run) -> str:
    """Return every call as a row (RFC 4180) below a header, with the values of its condition."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(
        [
            *("condition", *FACTORS, "block", "phase", "picture", "outcome", "message"),
            *("due_at", "began_at", "sent_at", "ended_at", "latency", "call_time", "frame_age"),
            *PARTS,
            *("bytes_sent", "faces", "request_id", "is_cold", "captured_at"),
        ]
    )
    rows.writerows(_row(run, sample) for sample in run.samples)
    return text.getvalue()


def _row(run: Run, sample: Sample) -> Sequence[object]:
    condition = run.conditions[sample.condition]
    instants = sample.due_at, sample.began_at, sample.sent_at, sample.ended_at
    durations = sample.latency, sample.call_time, sample.frame_age
    cells = [
        sample.condition,
        *(condition.level(factor) for factor in FACTORS),
        *(sample.block, sample.phase, run.pictures[sample.picture].name, sample.outcome, sample.message),
        *instants,
        *durations,
        *(sample.parts.get(name) for name in PARTS),
        sample.bytes_sent,
        None if sample.faces is None else len(sample.faces),
        sample.request_id,
        int(sample.is_cold),
        sample.captured_at,
    ]
    return [_plain(cell) if isinstance(cell, str) else as_json(cell) for cell in cells]


def _plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
