from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from types import MappingProxyType

from livecam.bench.latency.record import SCHEMA, as_json, as_record, samples_csv
from livecam.bench.latency.samples import Picture, Run
from livecam.bench.latency.statistics import find
from tests.bench.latency.runs import BASE, drawn_run, run_of, sample


def test_the_record_holds_every_field_of_a_run_and_is_json() -> None:
    run = drawn_run(0, [0.3, 0.4], 20)
    record = json.loads(json.dumps(as_record(run, find(run)), allow_nan=False))
    assert record["schema"] == SCHEMA
    assert set(record) == {"schema", "findings", *(each.name for each in fields(Run))}
    assert len(record["samples"]) == 40
    assert set(record["samples"][0]) == {each.name for each in fields(run.samples[0])}
    assert record["findings"]["conditions"][0]["answered"] == 20


def test_durations_are_told_to_the_microsecond() -> None:
    assert as_json({"a": (0.12345678, 1)}) == {"a": [0.123457, 1]}


def test_parts_may_be_any_mapping() -> None:
    run = run_of([BASE], [sample(0, 0, 0.3, parts=MappingProxyType({"wait": 0.3}))])
    assert as_record(run, find(run))["samples"][0]["parts"] == {"wait": 0.3}


def test_the_table_has_a_row_for_every_call_of_every_phase() -> None:
    run = drawn_run(0, [0.3, 0.4], 20)
    failed = sample(1, 3, 0.5, outcome="ThrottlingException", message="slow, down", faces=None, sent_at=None)
    run = replace(run, samples=(*run.samples, failed))
    rows = list(csv.DictReader(io.StringIO(samples_csv(run), newline="")))
    assert len(rows) == 41
    assert (rows[0]["width"], rows[0]["attributes"], rows[0]["faces"]) == ("320", "EMOTIONS", "2")
    assert float(rows[0]["latency"]) == round(run.samples[0].latency, 6)
    assert (rows[40]["outcome"], rows[40]["message"], rows[40]["faces"]) == (
        "ThrottlingException",
        "slow, down",
        "",
    )


def test_no_spreadsheet_takes_a_name_for_a_formula() -> None:
    run = run_of([BASE], [sample(0, 0, 0.3, message="@x")], pictures=(Picture("=cmd()", 640, 480),))
    (row,) = csv.DictReader(io.StringIO(samples_csv(run), newline=""))
    assert (row["picture"], row["message"]) == ("'=cmd()", "'@x")


def test_a_name_that_is_no_unicode_can_be_read_again() -> None:
    text = json.dumps(as_json([Picture("x\udcff.jpg", 1, 1)]))
    assert json.loads(text)[0]["name"] == "x\\udcff.jpg"
