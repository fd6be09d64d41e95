from __future__ import annotations

import json
from typing import Any

import pytest

from livecam.local_aws.control import Control
from livecam.local_aws.fault_plan import FaultPlan
from livecam.local_aws.faults import Faults
from livecam.local_aws.http_messages import Request
from livecam.local_aws.record import Entry, Record
from livecam.testing.clock import FakeClock


@pytest.fixture
def record() -> Record:
    record = Record()
    record.add(Entry("id", "DetectFaces", 1.0, 1.5, 1.75, 1.8, 100, 50, 200, "ok"))
    return record


@pytest.fixture
def faults() -> Faults:
    return Faults(FaultPlan(), FakeClock())


@pytest.fixture
def control(faults: Faults, record: Record) -> Control:
    return Control(faults, record)


def ask(control: Control, method: str, what: str, body: bytes = b"") -> tuple[int, dict[str, Any]]:
    response = control.answer(Request(method, f"/_livecam/{what}", [], 0.0, 0.0, body))
    return response.status, json.loads(response.body)


def test_a_plan_is_put_in_force_read_and_taken_away(control: Control, faults: Faults) -> None:
    status, plan = ask(control, "PUT", "faults", b'{"latency": {"seconds": 0.34}}')
    assert (status, plan["latency"]["seconds"], faults.plan.latency.seconds) == (200, 0.34, 0.34)
    assert ask(control, "GET", "faults")[1] == plan
    ask(control, "DELETE", "faults")
    assert faults.plan == FaultPlan()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 200_000,
        b'{"faults":' * 900 + b"1" + b"}" * 900,
        b"[]",
        b'{"faults": [{"kind": "fire"}]}',
    ],
)
def test_a_plan_that_is_none_is_refused_and_changes_nothing(
    body: bytes, control: Control, faults: Faults
) -> None:
    status, answer = ask(control, "PUT", "faults", body)
    assert status == 400
    assert answer["error"].startswith("PUT: ")
    assert faults.plan == FaultPlan()


def test_the_record_is_read_and_cleared(control: Control, record: Record) -> None:
    status, answer = ask(control, "GET", "requests")
    assert (status, answer["total"], answer["requests"][0]["service_time"]) == (200, 1, 0.25)
    assert ask(control, "DELETE", "requests")[1]["total"] == 0
    assert record.entries() == []


def test_what_there_is_not_is_told(control: Control) -> None:
    assert ask(control, "POST", "requests")[0] == 404
    assert ask(control, "GET", "nothing")[0] == 404
