from __future__ import annotations

import json

from livecam.bench.pipeline.figures import Round
from livecam.bench.pipeline.record import as_record
from livecam.bench.pipeline.request import Request
from tests.bench.pipeline.samples import a_camera


def test_the_object_has_all_that_was_asked_and_found() -> None:
    rounds = [Round((a_camera(),)), Round((a_camera(), a_camera(fps=12.3456789)))]
    record = as_record(Request(runners=(1, 2)), rounds, machine={"cpus": 2})
    assert record["schema"] == "livecam.bench.pipeline/1"
    assert (record["ended"], record["carried"], record["machine"]) == ("complete", 1, {"cpus": 2})
    assert record["request"]["runners"] == (1, 2)
    assert [(each["runners"], each["is_carried"]) for each in record["rounds"]] == [(1, True), (2, False)]
    camera = record["rounds"][1]["cameras"][1]
    assert (camera["fps"], camera["is_carried"], camera["cpu_ms_total"]) == (12.34568, False, 9.0)
    json.dumps(record)


def test_of_nothing_it_says_so() -> None:
    record = as_record(Request(), [], machine={}, ended="interrupted")
    assert (record["ended"], record["carried"], record["rounds"]) == ("interrupted", None, [])


def test_an_address_is_told_without_its_password() -> None:
    record = as_record(Request(source="rtsp://user:secret@host/door?token=secret"), [], machine={})
    assert record["request"]["source"] == "rtsp://host/door"
