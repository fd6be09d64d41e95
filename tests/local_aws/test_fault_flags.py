from __future__ import annotations

import pytest

from livecam.errors import UsageError
from livecam.local_aws.fault_flags import seconds_from, with_flags
from livecam.local_aws.fault_plan import FaultPlan, plan_from


def test_flags_say_a_plan() -> None:
    plan = with_flags(
        FaultPlan(),
        latency="340ms",
        spread=0.2,
        tps=2.5,
        uplink=1.0,
        seed=3,
        faults=("stall:0.1", "ThrottlingException:0.05", "truncate"),
    )
    assert plan.latency.seconds == pytest.approx(0.34)
    assert (plan.latency.sigma, plan.quota.per_second, plan.uplink, plan.seed) == (0.2, 2.5, 125_000.0, 3)
    assert [(fault.kind, fault.share) for fault in plan.faults] == [
        ("stall", 0.1),
        ("error", 0.05),
        ("truncate", 1.0),
    ]
    assert plan.faults[1].code == "ThrottlingException"


def test_flags_go_before_the_file_and_leave_what_they_do_not_say() -> None:
    file = plan_from({"latency": {"seconds": 1, "sigma": 0.5}, "faults": [{"kind": "empty"}]}, "file")
    plan = with_flags(file, latency="0.2", faults=("stall",))
    assert (plan.latency.seconds, plan.latency.sigma) == (0.2, 0.5)
    assert [fault.kind for fault in plan.faults] == ["stall", "empty"]


@pytest.mark.parametrize(("text", "seconds"), [("0.34", 0.34), ("340ms", 0.34), ("2s", 2.0), (".5", 0.5)])
def test_a_latency_may_have_a_unit(text: str, seconds: float) -> None:
    assert seconds_from(text) == pytest.approx(seconds)


def test_a_latency_in_milliseconds_without_its_unit_is_not_taken_for_seconds() -> None:
    with pytest.raises(UsageError, match="write 340ms"):
        seconds_from("340")
    with pytest.raises(UsageError, match="not a time"):
        seconds_from("fast")


@pytest.mark.parametrize("text", ["fire", "error", "stall:often", "stall:2"])
def test_a_fault_that_is_none_is_named(text: str) -> None:
    with pytest.raises(UsageError):
        with_flags(FaultPlan(), faults=(text,))
