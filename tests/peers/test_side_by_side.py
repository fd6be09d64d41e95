"""What `scripts/bench` says of runs that it has made."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "scripts" / "bench"
PLAYED = {
    "displayed": 90,
    "captured": 90,
    "age_p50": 0.004,
    "age_p95": 0.0123,
    "calls": 5,
    "answered": 5,
    "iou": 0.871,
    "iou_all": 0.83,
    "ended": "well",
}


@pytest.fixture
def scripts() -> Iterator[Any]:
    """Return what imports a module of the folder."""
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module
    sys.path.remove(str(FOLDER))


def a_run(scripts: Any, **changes: Any) -> Any:  # noqa: ANN401  modules found at run time
    return scripts("side_by_side_runs").Played(**PLAYED | changes)


def test_a_row_is_the_median_of_the_runs(scripts: Any) -> None:  # noqa: ANN401
    runs = [
        a_run(scripts),
        a_run(scripts, displayed=81, age_p50=0.006),
        a_run(scripts, displayed=85, calls=9),
    ]
    told = scripts("side_by_side").row("livecam", runs)
    assert told == "| livecam | 94.4 % | 4 / 12 | 5 / 5 | 0.87 / 0.83 | no |"


def test_what_crashed_before_its_first_picture_has_neither_age_nor_boxes(scripts: Any) -> None:  # noqa: ANN401
    nothing = {"displayed": 0, "age_p50": None, "age_p95": None, "calls": 0, "answered": 0}
    run = a_run(scripts, **nothing, iou=None, iou_all=None, ended="EndpointConnectionError")
    told = scripts("side_by_side").row("loop", [run])
    assert told == "| loop | 0.0 % | - / - | 0 / 0 | - / - | EndpointConnectionError |"


def test_crashes_of_some_runs_are_counted(scripts: Any) -> None:  # noqa: ANN401
    runs = [a_run(scripts), a_run(scripts, ended="ClientError")]
    assert scripts("side_by_side").row("loop", runs).endswith("| ClientError (1 of 2) |")


def test_every_condition_has_its_table_and_plain_boto3_one_for_all(scripts: Any) -> None:  # noqa: ANN401
    side_by_side = scripts("side_by_side")
    found = side_by_side.Findings()
    for condition in side_by_side.CONDITIONS:
        for program in side_by_side.NAMES:
            found.runs[condition][program].append(a_run(scripts))
        found.plain[condition] += [(0.35, "well"), (None, "EndpointConnectionError")]
    lines = side_by_side.tables(found)
    assert lines[0] == "**Answers after 0.34 s**"
    assert sum(line.startswith("| livecam |") for line in lines) == 4
    assert lines[-1] == "| dead: connection refused | 0.35 | EndpointConnectionError (1 of 2) |"


@pytest.mark.parametrize(
    ("code", "said", "told"),
    [
        (0, "a warning", "well"),
        (1, "Traceback\n  line\nbotocore.exceptions.ClientError: An error: with colons", "ClientError"),
        (1, "livecam: no such file", "livecam"),
        (1, "", "exit code 1"),
        (-9, "said something else", "exit code -9"),
    ],
)
def test_an_end_is_told_by_the_name_of_its_error(scripts: Any, code: int, said: str, told: str) -> None:  # noqa: ANN401
    assert scripts("side_by_side_runs").ending(code, said) == told
