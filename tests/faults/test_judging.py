"""The suite's own judgement: a promise that was broken is found."""

from __future__ import annotations

import importlib
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "scripts" / "faults"
PRICE = 1_000_000


@pytest.fixture
def promises() -> Iterator[Any]:
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module("trial_promises")
    sys.path.remove(str(FOLDER))


def a_trial(folder: Path, *, done: int, told: int, put_down: int) -> Any:  # noqa: ANN401  as much as is looked at
    spend = folder / "data" / "livecam" / "spend.sqlite3"
    spend.parent.mkdir(parents=True)
    with sqlite3.connect(spend) as file:
        file.execute("CREATE TABLE spend (day TEXT, nanodollars INTEGER)")
        file.execute("INSERT INTO spend VALUES ('2026-11-23', ?)", (put_down * PRICE,))
    file.close()
    summary = {"cost": {"calls": told, "maybe_charged": 0}, "calls": {"ok": told, "failed": {}}}
    return SimpleNamespace(work=folder, calls=[SimpleNamespace(outcome="ok")] * done, summary=summary)


@pytest.mark.parametrize(
    ("done", "told", "put_down", "problem"),
    [
        (5, 5, 5, None),
        (6, 5, 6, "some were repeated"),
        (5, 6, 6, "5 calls were charged, and the summary says 6 paid"),
        (5, 5, 4, "4 put down for the day"),
    ],
)
def test_calls_are_compared_with_what_the_endpoint_did(
    done: int,
    told: int,
    put_down: int,
    problem: str | None,
    promises: Any,  # noqa: ANN401  a module found at run time
    tmp_path: Path,
) -> None:
    outcome = promises.Outcome("refused", "connections refused")
    promises.judge_costs(a_trial(tmp_path, done=done, told=told, put_down=put_down), outcome)
    assert bool(outcome.problems) == (problem is not None)
    assert problem is None or problem in " ".join(outcome.problems)


def test_words_that_name_no_fault_do_not_count_as_told(promises: Any) -> None:  # noqa: ANN401
    fault = SimpleNamespace(words="disk|no space")
    event = {"type": "recording_troubled", "message": "the disk for clips is full"}
    page = ["something is wrong"]
    trial = SimpleNamespace(
        began_at=0.0,
        told_since=lambda _: [event],
        page=SimpleNamespace(told_since=lambda _: page),
    )
    before = promises.has_told(fault, trial)
    page.append("no space is left")
    assert (before, promises.has_told(fault, trial)) == (False, True)
