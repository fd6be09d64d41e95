"""Files that the benchmarks are given: refused by name, or they are worked with as they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from livecam.bench.latency.reading import read_run
from livecam.bench.latency.record import as_json
from livecam.bench.latency.statistics import find
from livecam.bench.latency.table import table_lines
from livecam.bench.overlay.trace import read_trace
from livecam.bench.overlay.truth import read_truth
from livecam.errors import UsageError
from livecam.sinks.trace import as_trace
from tests.bench.latency.test_reading import RECORD
from tests.builders import a_frame, a_label, a_picture
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import CHANGES, DAMAGE, Changes, Damage

TRUTH = [
    {"frame": 0, "t": 0.0, "faces": [[0.1, 0.2, 0.3, 0.4, 0.9]], "ids": ["Ann"], "emotions": ["HAPPY"]},
    {"frame": 1, "faces": [], "cut": True},
]
TRACE = [as_trace(a_picture(a_frame(number), a_label(), a_label(2))) for number in range(3)]


def lines(records: Any) -> bytes:  # noqa: ANN401  JSON
    return b"".join(
        json.dumps(each).encode() + b"\n" for each in (records if isinstance(records, list) else [records])
    )


def worked_with(content: bytes) -> None:
    """See that a run is refused by its name, or read as it was written and put into a table."""
    path = Path("run.json")
    path.write_bytes(content)
    try:
        run = read_run(path)
    except UsageError as error:
        assert_told(error, str(path))
        return
    said, told = json.loads(content), as_json(run)
    for written, kept in ((said, told), *zip(said["samples"], told["samples"], strict=True)):
        known = (written.keys() & kept.keys()) - {"samples"}  # a newer livecam may have written others
        assert {key: written[key] for key in known} == {key: kept[key] for key in known}
    assert all(line.isprintable() for line in table_lines(run, find(run)))


@fuzzed(60, changes=CHANGES)
def test_a_run_of_any_values_is_refused_or_compared_as_it_says(changes: Changes) -> None:
    worked_with(json.dumps(changes.of(RECORD)).encode())


@fuzzed(40, damage=DAMAGE)
def test_a_damaged_run_is_refused_or_compared_as_it_says(damage: Damage) -> None:
    worked_with(damage.of(json.dumps(RECORD).encode()))


def read(content: bytes) -> None:
    """See that a trace and a reference are refused by name and line, or have boxes that can be."""
    path = Path("frames.jsonl")
    path.write_bytes(content)
    for reader in (read_trace, read_truth):
        try:
            frames = reader(path)
        except UsageError as error:
            assert_told(error, str(path))
        else:
            assert frames
            assert all(face.box.is_proper for frame in frames for face in frame.faces)


@fuzzed(100, changes=CHANGES)
def test_a_trace_of_any_values_is_refused_or_has_boxes(changes: Changes) -> None:
    read(lines(changes.of(TRACE)))


@fuzzed(100, changes=CHANGES)
def test_a_reference_of_any_values_is_refused_or_has_boxes(changes: Changes) -> None:
    read(lines(changes.of(TRUTH)))


@fuzzed(100, damage=DAMAGE)
def test_damaged_frames_are_refused_or_have_boxes(damage: Damage) -> None:
    read(damage.of(lines(TRACE)))
    read(damage.of(lines(TRUTH)))
