from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from scipy import stats

from livecam.bench.latency.bootstrap import (
    LEAST_BLOCKS,
    drawn,
    figures,
    has_interval,
    interval,
    least_calls,
    require_scipy,
    units_of,
)
from livecam.errors import MissingDependency
from livecam.latency import percentile
from tests.bench.latency.runs import BLOCK, lognormal

REPETITIONS = 300


def _coverage(share: float, calls: int, late_blocks: float = 0.0) -> float:
    """Return the share of intervals that hold the true percentile, over fixed seeds."""

    def measured(seed: int, count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
        rng = np.random.default_rng(seed)
        late = np.repeat(rng.random(count // BLOCK) < late_blocks, BLOCK)
        return lognormal(rng, count) + 0.3 * late

    true = float(np.quantile(measured(0, 1_000_000), share))
    units = units_of([index // BLOCK for index in range(calls)])
    hits = 0
    for seed in range(1, REPETITIONS + 1):
        draws = drawn(measured(seed, calls), units, [share], np.random.default_rng(seed))
        low, high = interval(draws[0], int(units.max()) + 1)
        hits += low <= true <= high
    return hits / REPETITIONS


@pytest.mark.parametrize(("share", "calls"), [(0.5, 20), (0.5, 100), (0.95, 200)])
def test_intervals_hold_the_truth_as_often_as_they_say(share: float, calls: int) -> None:
    assert 0.92 <= _coverage(share, calls) <= 0.985


def test_calls_that_are_late_together_do_not_make_intervals_too_narrow() -> None:
    assert _coverage(0.5, 200, late_blocks=0.2) >= 0.92


@pytest.mark.parametrize(("share", "calls"), [(0.9, 22), (0.95, 45)])
def test_with_just_enough_calls_intervals_still_hold_the_truth_in_most_cases(
    share: float, calls: int
) -> None:
    assert least_calls(share) == calls if share == 0.95 else least_calls(share) <= calls
    calls += -calls % BLOCK
    assert _coverage(share, calls) >= 0.85


@pytest.mark.parametrize(
    ("share", "level", "calls"), [(0.5, 0.95, 10), (0.95, 0.95, 45), (0.99, 0.95, 230), (0.95, 0.99, 77)]
)
def test_a_percentile_has_an_interval_from_so_many_calls_on(share: float, level: float, calls: int) -> None:
    assert least_calls(share, level) == calls
    assert has_interval(share, calls, level)
    assert not has_interval(share, calls - 1, level)


def test_nothing_is_said_about_how_sure_the_greatest_is() -> None:
    assert not has_interval(1.0, 1_000_000)
    with pytest.raises(ValueError, match="share must lie between"):
        least_calls(1.0)


def test_draws_are_those_of_scipy_for_calls_one_by_one() -> None:
    values = lognormal(np.random.default_rng(3), 150)
    ours = drawn(values, np.arange(150), [0.5], np.random.default_rng(1), 20_000)[0]
    theirs = stats.bootstrap(
        (values,), np.median, n_resamples=20_000, method="percentile", batch=1000
    ).bootstrap_distribution
    assert np.quantile(ours, [0.025, 0.5, 0.975]) == pytest.approx(
        np.quantile(theirs, [0.025, 0.5, 0.975]), rel=0.01
    )


def test_a_draw_of_every_unit_once_gives_the_percentiles_themselves() -> None:
    values = lognormal(np.random.default_rng(3), 31)
    draws = drawn(values, np.zeros(31, dtype=np.int64), [0.5, 0.95, 1.0], np.random.default_rng(0), 3)
    ordered = sorted(values.tolist())
    for row, share in zip(draws, (0.5, 0.95, 1.0), strict=True):
        assert row.tolist() == pytest.approx([percentile(ordered, share)] * 3)


def test_what_is_drawn_in_parts_fits_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecam.bench.latency.bootstrap.CELLS", 100)
    draws = drawn(lognormal(np.random.default_rng(0), 30), np.arange(30), [0.5], np.random.default_rng(0), 50)
    assert draws.shape == (1, 50)
    assert 0.25 < draws.min() < draws.max() < 0.45


def test_of_few_blocks_calls_are_drawn_one_by_one() -> None:
    few = [index // 10 for index in range(10 * (LEAST_BLOCKS - 1))]
    assert len(set(units_of(few).tolist())) == len(few)
    many = [7 * (index // 10) for index in range(10 * LEAST_BLOCKS)]
    assert units_of(many).tolist() == [each // 7 for each in many]


def test_the_same_seed_gives_the_same_figures() -> None:
    values = lognormal(np.random.default_rng(0), 300).tolist()
    blocks = [index // 5 for index in range(300)]
    assert figures(values, blocks, 4) == figures(values, blocks, 4) != figures(values, blocks, 5)


def test_few_calls_have_figures_without_intervals() -> None:
    found = figures([0.3, 0.4], [0, 0], 0)
    assert found["p50"].value == pytest.approx(0.35)
    assert all(each.low is None and each.high is None for each in found.values())
    assert figures([], [], 0) == {}


def test_equal_calls_have_an_interval_of_no_width() -> None:
    found = figures([0.34] * 50, list(range(50)), 0)["p50"]
    assert (found.low, found.high) == (0.34, 0.34)


def test_a_missing_scipy_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(MissingDependency, match=r"pip install 'livecam\[bench\]'"):
        require_scipy()
