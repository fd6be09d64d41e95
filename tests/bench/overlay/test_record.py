from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from pathlib import Path

from livecam.bench.overlay.means import CPU_SCORES
from livecam.bench.overlay.record import SCHEMA, as_record, scores_csv
from livecam.bench.overlay.request import Request
from livecam.bench.overlay.results import Scores
from tests.bench.overlay.samples import FRAMES, SCORES, a_result


def test_the_record_holds_request_scores_and_overlap_over_time() -> None:
    record = json.loads(json.dumps(as_record(Request(clips=(Path("walk.mp4"),)), [a_result()])))
    assert record["schema"] == SCHEMA == "livecam.bench.overlay/1"
    assert record["request"]["clips"] == ["walk.mp4"]
    assert record["request"]["latency"] == 0.34
    clip = record["clips"][0]
    assert (clip["clip"], clip["frames"], clip["persons"]) == ("walk", FRAMES, 1)
    merged = clip["methods"]["merged"]
    assert merged["scores"]["iou"] == 0.882
    assert len(merged["times"]) == len(merged["iou_over_time"]) == FRAMES
    assert merged["iou_over_time"][24] is None
    assert merged["answered_frames"] == [0, 12, 24, 36, 48]
    assert record["mean"]["hold"]["scores"]["jitter"] == 6.5


def test_what_depends_on_the_machine_stands_apart() -> None:
    fast, slow = a_result(methods=("hold",)), a_result(methods=("hold",))
    slow = replace(slow, methods=(replace(slow.methods[0], scores=replace(SCORES, cpu_ms=9.0)),))
    records = [as_record(Request(), [result])["clips"][0]["methods"]["hold"] for result in (fast, slow)]
    assert records[0].pop("cpu") != records[1].pop("cpu")
    assert records[0] == records[1]
    assert not set(records[0]["scores"]) & set(CPU_SCORES)


def test_scores_are_a_table_with_a_row_for_each_clip_and_method() -> None:
    bare = a_result("b", methods=("flow",))
    bare = replace(bare, methods=(replace(bare.methods[0], scores=replace(SCORES, p5=None)),))
    rows = list(csv.DictReader(io.StringIO(scores_csv([a_result("a"), bare]))))
    assert [(row["clip"], row["method"]) for row in rows] == [("a", "hold"), ("a", "merged"), ("b", "flow")]
    assert list(rows[0])[2:] == [field.name for field in fields(Scores)]
    assert rows[1]["iou"] == "0.882"
    assert rows[2]["p5"] == ""


def test_no_clip_is_taken_for_a_formula() -> None:
    assert scores_csv([a_result("=1+1")]).splitlines()[1].startswith("'=1+1,")
