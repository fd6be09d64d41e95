from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.errors import UsageError
from livecam.local_aws.fault_plan import KINDS, FaultPlan, plan_from, read_plan

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = """
seed = 7
uplink = 125000
drip_pause = 0.1
[latency]
seconds = 0.34
sigma = 0.25
by_region = { "eu-west-1" = 0.36 }
[stall]
every = 50
seconds = 1.5
[quota]
per_second = 2.5
burst = 3
operations = { GetFaceDetection = 20 }
code = "ThrottlingException"
[[faults]]
kind = "error"
code = "InternalServerError"
share = 0.05
[[faults]]
kind = "reset-upload"
operation = "s3"
times = 2
"""


def test_a_file_can_say_everything(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    plan = read_plan(path)
    assert (plan.latency.seconds, plan.latency.sigma, plan.uplink, plan.seed) == (0.34, 0.25, 125000, 7)
    assert plan.latency.by_region == {"eu-west-1": 0.36}
    assert (plan.stall.every, plan.stall.seconds) == (50, 1.5)
    assert plan.quota.operations == {"GetFaceDetection": 20}
    assert [fault.kind for fault in plan.faults] == ["error", "reset-upload"]


def test_a_plan_survives_json() -> None:
    plan = plan_from({"faults": [{"kind": "stall", "share": 0.5}]}, "here")
    assert plan_from(plan.model_dump(mode="json"), "here") == plan


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"latency": {"second": 1}}, "latency.second"),
        ({"latency": {"seconds": -1}}, "latency.seconds"),
        ({"latency": {"seconds": float("nan")}}, "latency.seconds"),
        ({"latency": {"by_region": {"eu-west-1": -1}}}, "latency.by_region.eu-west-1"),
        ({"stall": {"every": 0}}, "stall.every"),
        ({"faults": [{"kind": "fire"}]}, "faults.0.kind"),
        ({"faults": [{"kind": "stall", "share": 2}]}, "faults.0.share"),
        ([], "the plan"),
    ],
)
def test_what_cannot_be_used_is_named(values: object, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        plan_from(values, "here")


def test_a_file_that_cannot_be_read_or_is_not_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_plan(tmp_path / "nowhere.toml")
    path = tmp_path / "bad.toml"
    path.write_text("latency = ", encoding="utf-8")
    with pytest.raises(UsageError, match="not TOML"):
        read_plan(path)


@pytest.mark.parametrize(
    "text", ["seed = " + "9" * 5000, "seed = " + "[" * 50_000], ids=["digits", "brackets"]
)
def test_a_file_that_python_cannot_take_in_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bomb.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="not TOML"):
        read_plan(path)


def test_nothing_goes_wrong_by_default() -> None:
    plan = FaultPlan()
    assert (plan.latency.seconds, plan.quota.per_second, plan.faults, plan.uplink) == (0.0, None, (), None)
    assert "stall" in KINDS
