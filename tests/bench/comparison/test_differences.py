from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.bench.comparison.differences import compare, compare_within
from livecam.errors import UsageError
from tests.bench.latency.runs import BASE, drawn_run, lognormal, run_of, sample

if TYPE_CHECKING:
    from livecam.bench.latency.samples import Run

NAMES = ("A.json", "B.json")
REPEATS = 40
SPREAD = 0.06
"""Sigma of the planted latencies: 20 ms of standard deviation at 340 ms."""


def _run(seed: int, median: float, calls: int = 150, late_blocks: float = 0.0) -> Run:
    """Return a run of one condition; some of its blocks are 60 ms late as a whole."""
    rng = np.random.default_rng(seed)
    late = np.repeat(rng.random(calls // 5) < late_blocks, 5) * 0.06
    latencies = lognormal(rng, calls, median, SPREAD) + late
    return run_of([BASE], [sample(0, index, float(each)) for index, each in enumerate(latencies)])


def _verdicts(change: float, late_blocks: float = 0.0) -> list[Counter[str]]:
    """Return how often which verdict came, of p50 and p95, with that change planted."""
    found: list[Counter[str]] = [Counter(), Counter()]
    for seed in range(REPEATS):
        first = _run(2 * seed, 0.34, late_blocks=late_blocks)
        second = _run(2 * seed + 1, 0.34 + change, late_blocks=late_blocks)
        (pair,) = compare(first, second, NAMES).pairs
        for counted, each in zip(found, pair.differences, strict=True):
            counted[each.verdict] += 1
    return found


def test_planted_20_ms_are_found_in_both_directions() -> None:
    assert _verdicts(0.02)[0] == {"slower": REPEATS}
    assert _verdicts(-0.02)[0] == {"faster": REPEATS}


def test_of_a_planted_zero_it_says_that_it_cannot_tell() -> None:
    assert all(each["can't tell"] >= REPEATS - 1 for each in _verdicts(0.0))


def test_calls_that_are_late_together_are_not_taken_for_a_difference() -> None:
    assert all(each["can't tell"] >= REPEATS - 2 for each in _verdicts(0.0, late_blocks=0.3))


def test_what_could_have_been_told_is_half_of_the_interval() -> None:
    (pair,) = compare(_run(0, 0.34), _run(1, 0.34), NAMES).pairs
    p50 = pair.differences[0]
    assert p50.verdict == "can't tell"
    assert p50.resolution is not None
    assert 0.004 < p50.resolution < 0.012


def test_a_lower_level_tells_more() -> None:
    (sure,), (bold,) = (
        compare(_run(0, 0.34), _run(1, 0.345), NAMES, level=level).pairs for level in (0.99, 0.6)
    )
    assert sure.differences[0].resolution is not None
    assert bold.differences[0].resolution is not None
    assert bold.differences[0].resolution < sure.differences[0].resolution


def test_too_few_calls_tell_nothing_of_p95_though_of_the_median() -> None:
    (pair,) = compare(_run(0, 0.3, 50), _run(1, 0.9, 50), NAMES).pairs
    assert [each.verdict for each in pair.differences] == ["slower", "can't tell"]
    assert pair.differences[1].low is None


def test_conditions_that_are_the_same_are_paired_whatever_their_order() -> None:
    first = drawn_run(0, [0.3, 0.3, 0.3], 20)
    second = drawn_run(1, [0.3, 0.3], 20)
    second = replace(
        second,
        conditions=(second.conditions[1], replace(BASE, width=9999)),
    )
    found = compare(first, second, NAMES)
    assert [each.label for each in found.pairs] == ["640 px"]
    assert (found.only_first, found.only_second) == (("320 px", "960 px"), ("9999 px",))
    assert not found.is_within_one_run


def test_single_conditions_are_compared_whatever_they_differ_in() -> None:
    second = replace(_run(1, 0.5), conditions=(replace(BASE, width=1280, region="us-east-1"),))
    (pair,) = compare(_run(0, 0.34), second, NAMES).pairs
    assert pair.label == "640 px, eu-west-1 and 1280 px, us-east-1"
    assert pair.differences[0].verdict == "slower"


def test_runs_that_have_nothing_in_common_are_refused() -> None:
    second = drawn_run(0, [0.3, 0.3], 20)
    second = replace(second, conditions=tuple(replace(each, quality=1) for each in second.conditions))
    with pytest.raises(UsageError, match=r"A\.json and B\.json have no condition in common"):
        compare(drawn_run(0, [0.3, 0.3], 20), second, NAMES)


def test_within_a_run_each_condition_is_compared_with_the_first() -> None:
    found = compare_within(drawn_run(0, [0.3, 0.5, 0.2], 100), "A.json")
    assert [each.label for each in found.pairs] == ["320 px and 640 px", "320 px and 960 px"]
    assert [each.differences[0].verdict for each in found.pairs] == ["slower", "faster"]
    assert found.is_within_one_run


def test_a_single_condition_has_nothing_to_be_compared_with() -> None:
    with pytest.raises(UsageError, match=r"A\.json has a single condition; name a second file"):
        compare_within(_run(0, 0.34), "A.json")


def test_only_measured_answers_count() -> None:
    first = _run(0, 0.34)
    beside = [sample(0, 0, 9.0, phase="cold"), sample(0, 0, 9.0, outcome="ThrottlingException")]
    (pair,) = compare(replace(first, samples=(*first.samples, *beside)), first, NAMES).pairs
    assert (pair.first.calls, pair.first.answered, pair.second.calls) == (151, 150, 150)
    assert pair.differences[0].value == 0.0


def test_a_side_without_an_answer_has_no_differences() -> None:
    failed = replace(_run(0, 0.34), samples=(sample(0, 0, 1.0, outcome="X"),))
    (pair,) = compare(_run(0, 0.34), failed, NAMES).pairs
    assert pair.differences == ()
    assert (pair.second.calls, pair.second.answered) == (1, 0)
