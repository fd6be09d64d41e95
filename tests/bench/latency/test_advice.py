from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.latency.statistics import find
from tests.bench.latency.runs import BASE, LEFT, drawn_run, lognormal, run_of, sample

if TYPE_CHECKING:
    from livecam.bench.latency.figures import Recommendation
    from livecam.bench.latency.samples import Sample


def _advice(
    medians: list[float], *, seen: tuple[int, ...] = (), calls: int = 200, seed: int = 0
) -> Recommendation:
    """Return what is recommended where conditions in `seen` miss one of two faces."""

    def change(condition: int, each: Sample) -> Sample:
        faces = each.faces if condition not in seen else (LEFT,)
        return replace(each, faces=faces, bytes_sent=10_000 * (condition + 1))

    found = find(drawn_run(seed, medians, calls, change)).recommendation
    assert found is not None
    return found


def test_the_lightest_of_those_that_are_about_as_fast_is_recommended() -> None:
    advice = _advice([0.34, 0.34, 0.34])
    assert advice.condition == 0
    assert "320 px: p95" in advice.reason


def test_one_that_misses_faces_is_not_recommended_and_the_figures_say_so() -> None:
    advice = _advice([0.335, 0.34, 0.7], seen=(0,))
    assert advice.condition == 1
    assert "can't be told apart from the best (320 px:" in advice.reason
    assert "finds 67 % of the faces)" in advice.reason


def test_a_difference_that_can_be_told_is_told() -> None:
    rng = np.random.default_rng(0)
    conditions = [replace(BASE, width=320), replace(BASE, width=640)]
    samples = [
        sample(
            index, number, float(latency), faces=(LEFT,) if index == 0 else (LEFT, replace(LEFT, left=0.6))
        )
        for index, median in enumerate((0.30, 0.32))
        for number, latency in enumerate(lognormal(rng, 200, median, 0.01))
    ]
    advice = find(run_of(conditions, samples)).recommendation
    assert advice is not None
    assert advice.condition == 1
    assert "7 % above the best (320 px: 305 ms, which finds 67 % of the faces)" in advice.reason


def test_where_all_that_find_the_faces_are_too_slow_none_is_recommended() -> None:
    advice = _advice([0.2, 0.4, 0.4], seen=(0,))
    assert advice.condition is None
    assert "320 px is the fastest" in advice.reason
    assert "where 10 % is allowed" in advice.reason


def test_one_whose_calls_fail_is_not_recommended_however_fast() -> None:
    def change(condition: int, each: Sample) -> Sample:
        if condition == 0 and each.due_at % 5 == 0:
            return replace(each, outcome="ThrottlingException", faces=None)
        return each

    findings = find(drawn_run(0, [0.1, 0.34], 200, change))
    assert findings.recommendation is not None
    assert findings.recommendation.condition == 1


def test_fewer_calls_a_second_are_cheaper_than_smaller_pictures() -> None:
    conditions = [replace(BASE, rate=5.0, width=320), replace(BASE, rate=1.0)]
    samples = [
        sample(index, number, 0.3 + number / 1000, bytes_sent=10_000 * (index + 1))
        for index in (0, 1)
        for number in range(50)
    ]
    advice = find(run_of(conditions, samples)).recommendation
    assert advice is not None
    assert advice.condition == 1


def test_of_too_few_calls_it_says_that_it_is_a_guess() -> None:
    assert "With 20 answers its p95 is a guess" in _advice([0.34, 0.34], calls=20).reason
    assert _advice([0.34, 0.34], calls=9).condition is None


def test_pictures_without_a_face_leave_the_latency_to_decide() -> None:
    findings = find(drawn_run(0, [0.34, 0.34], 50, lambda _, each: replace(each, faces=())))
    assert findings.recommendation is not None
    assert findings.recommendation.condition is not None
    assert "of the faces" not in findings.recommendation.reason


def test_of_a_single_condition_nothing_is_recommended() -> None:
    assert find(drawn_run(0, [0.34])).recommendation is None
