from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path

import pytest

from livecam.bench.selection.record import as_record, scores_csv
from livecam.bench.selection.request import Request
from livecam.bench.selection.simulation import compared
from tests.bench.selection.samples import CALM, HAPPY, a_clip, lasting

REQUEST = Request(policies=("smart",), clips=(Path("a.mp4"),))
RESULT = compared(lasting((CALM, 5), (HAPPY, 5)), REQUEST)


def test_the_record_is_json_and_says_what_was_asked_and_found() -> None:
    record = json.loads(json.dumps(as_record(REQUEST, [RESULT])))
    assert record["schema"] == "livecam.bench.selection/1"
    assert record["request"]["clips"] == ["a.mp4"]
    assert record["request"]["price_usd"] == 0.001
    (clip,) = record["clips"]
    assert (clip["clip"], clip["frames"], clip["seconds"], clip["persons"]) == ("made-up", 100, 10.0, 1)
    assert clip["cpu"] == {"evidence_ms": 0.4}
    assert list(clip["policies"]) == ["every", "smart"]
    every = clip["policies"]["every"]
    assert every["scores"]["calls"] == 20
    assert every["scores"]["changes"] == 1
    assert every["calls_per_minute"] == {"work": pytest.approx(120)}
    assert every["reasons"] == {"pace": 20}
    assert set(clip["policies"]["smart"]["passed_over"]) <= {"nobody", "asked", "unchanged", "too soon"}


def test_what_could_not_be_counted_is_null() -> None:
    record = as_record(REQUEST, [compared(a_clip(None, None), REQUEST)])
    assert record["clips"][0]["policies"]["smart"]["scores"]["seen"] is None


def test_the_table_has_a_row_for_each_clip_and_policy() -> None:
    rows = list(csv.DictReader(io.StringIO(scores_csv([RESULT]))))
    assert [(row["clip"], row["policy"]) for row in rows] == [("made-up", "every"), ("made-up", "smart")]
    assert rows[0]["calls"] == "20"


def test_a_clips_name_is_no_formula() -> None:
    observation = dataclasses.replace(RESULT.observation, clip="=1+1")
    text = scores_csv([dataclasses.replace(RESULT, observation=observation)])
    assert "\r\n'=1+1,every" in text
