"""What `scripts/soak` calls growth."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "scripts" / "soaking"
TURN = 60.0
TIMES = [300.0 + 2 * index for index in range(450)]
"""A quarter of an hour, as of a soak of twenty minutes."""


@pytest.fixture
def scripts() -> Iterator[Any]:
    """Return what imports a module of the folder."""
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module
    sys.path.remove(str(FOLDER))


def memory(per_hour: float = 0.0, *, noise: float = 2.0, peaks: bool = True) -> list[float]:
    """Return MB that grow by so many an hour, with viewers that come and go, and a busy moment."""
    random = np.random.default_rng(1)
    values = []
    for time in TIMES:
        viewers = 30.0 if peaks and 0.1 < time % TURN / TURN < 0.6 else 0.0
        busy = 150.0 if peaks and 500 < time < 540 else 0.0
        values.append(350 + per_hour * time / 3600 + viewers + busy + abs(random.normal(0, noise)))
    return values


def judged(scripts: Any, values: list[float], bound: float = 10.0) -> Any:  # noqa: ANN401  found at run time
    return scripts("growth").growth(TIMES, values, turn=TURN, bound=bound)


def test_what_comes_and_goes_is_no_growth(scripts: Any) -> None:  # noqa: ANN401
    found = judged(scripts, memory())
    assert found.verdict == "steady"
    assert abs(found.rise) < 1


def test_a_leak_is_growth_and_its_size_is_told(scripts: Any) -> None:  # noqa: ANN401
    found = judged(scripts, memory(per_hour=80.0))
    assert found.verdict == "grows"
    assert found.per_hour == pytest.approx(80, rel=0.05)
    assert found.rise == pytest.approx(20, rel=0.05)
    assert found.low <= found.per_hour <= found.high


def test_what_cannot_be_seen_in_so_short_a_time_is_not_called_steady(scripts: Any) -> None:  # noqa: ANN401
    assert judged(scripts, memory(per_hour=40.0, noise=100.0)).verdict == "can't tell"


def test_one_thread_that_stays_in_every_turn_is_growth(scripts: Any) -> None:  # noqa: ANN401
    staying = [16.0 + (time - TIMES[0]) // TURN for time in TIMES]
    busy = [16.0 + (3 if time % TURN > TURN / 2 else 0) for time in TIMES]
    assert judged(scripts, staying, bound=1.0).verdict == "grows"
    assert judged(scripts, busy, bound=1.0).verdict == "steady"


def test_of_too_few_turns_nothing_is_said(scripts: Any) -> None:  # noqa: ANN401
    growth = scripts("growth").growth
    assert growth([0.0, 30.0, 60.0, 90.0], [1.0] * 4, turn=TURN, bound=1.0) is None
    assert growth([], [], turn=TURN, bound=1.0) is None


def test_a_turn_that_was_cut_off_is_not_judged(scripts: Any) -> None:  # noqa: ANN401
    times = [float(second) for second in range(0, 130, 2)]
    middles, least = scripts("growth").floors(times, times, turn=TURN)
    assert (middles, least) == ((29.0, 89.0), (0.0, 60.0))


def test_every_turn_has_everything_once(scripts: Any) -> None:  # noqa: ANN401
    module = scripts("soak_schedule")
    schedule = module.Schedule(10.0)
    told = [(each.name, is_on) for tick in range(100) for each, is_on in schedule.changes(tick / 10)]
    assert sorted(told) == sorted((each.name, is_on) for each in module.HAPPENINGS for is_on in (True, False))
    for each in module.HAPPENINGS:
        assert told.index((each.name, True)) < told.index((each.name, False))
