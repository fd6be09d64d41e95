from __future__ import annotations

import json

from livecam.bench.comparison.differences import compare
from livecam.bench.comparison.record import SCHEMA, as_record
from tests.bench.latency.runs import drawn_run


def test_the_record_has_the_verdicts_and_no_single_call() -> None:
    found = compare(drawn_run(0, [0.3]), drawn_run(1, [0.5]), ("A.json", "B.json"))
    record = json.loads(json.dumps(as_record(found), allow_nan=False))
    assert (record["schema"], record["level"], record["first"]) == (SCHEMA, 0.99, "A.json")
    (pair,) = record["pairs"]
    assert pair["differences"]["p50"]["verdict"] == "slower"
    assert set(pair["differences"]) == {"p50", "p95"}
    assert pair["first"]["answered"] == 200
    assert pair["first"]["condition"]["width"] == 320
    assert "latencies" not in json.dumps(record)
