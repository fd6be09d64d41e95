from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.bench.latency.statistics import find, slowest
from livecam.latency import percentiles
from tests.bench.latency.runs import BASE, LEFT, drawn_run, lognormal, run_of, sample

if TYPE_CHECKING:
    from livecam.bench.latency.samples import Sample


def test_percentiles_are_those_of_the_measured_answers() -> None:
    latencies = lognormal(np.random.default_rng(0), 300).tolist()
    measured = [sample(0, index, latency) for index, latency in enumerate(latencies)]
    beside = [
        sample(0, 0, 9.0, phase="warm-up"),
        sample(0, 0, 0.8, phase="cold"),
        sample(0, 0, 9.0, outcome="ThrottlingException", faces=None, parts={}),
    ]
    (found,) = find(run_of([BASE], [*beside, *measured])).conditions
    expected = percentiles(latencies)
    assert found.latency["p50"].value == pytest.approx(expected.p50)
    assert found.latency["p99"].value == pytest.approx(expected.p99)
    assert found.latency["max"].value == pytest.approx(expected.max)
    assert (found.latency["max"].low, found.latency["max"].high) == (None, None)
    assert (found.calls, found.answered) == (301, 300)
    assert found.outcomes == {"ok": 300, "ThrottlingException": 1}
    assert found.cold == pytest.approx(0.8)


def test_a_run_without_an_answer_has_no_figures_and_no_crash() -> None:
    samples = [sample(0, index, 5.0, outcome="ReadTimeoutError", faces=None, parts={}) for index in range(20)]
    findings = find(run_of([BASE, replace(BASE, width=320)], samples))
    assert findings.conditions[0].latency == findings.conditions[1].latency == {}
    assert findings.conditions[0].calls == 20
    assert findings.conditions[1].achieved_rate is None
    assert findings.reference is None
    assert findings.recommendation is not None
    assert findings.recommendation.condition is None


def test_a_stall_is_late_from_when_calls_were_due_and_hidden_from_when_they_began() -> None:
    def stalled(_: int, each: Sample) -> Sample:
        waiting = max(0.0, 2.0 - (each.due_at % 25.0))  # every 50th call stops all for 2 s
        return replace(each, began_at=each.due_at + waiting, ended_at=each.ended_at + waiting)

    (found,) = find(drawn_run(0, [0.34], 400, stalled)).conditions
    assert found.call_time["p99"].value < 0.7
    assert found.latency["p99"].value > 2.0
    assert found.latency["p50"].value == pytest.approx(found.call_time["p50"].value, rel=0.1)


def test_the_split_is_of_the_median_and_of_the_calls_that_took_longest() -> None:
    samples = [
        sample(0, index, latency, parts={"encode": 0.01, "wait": latency - 0.01})
        for index, latency in enumerate([0.1] * 18 + [1.0, 2.0])
    ]
    (found,) = find(run_of([BASE], samples)).conditions
    assert found.split == pytest.approx({"encode": 0.01, "wait": 0.09})
    assert found.split_of_slow == pytest.approx({"encode": 0.01, "wait": 1.49})


def test_the_slowest_tenth_is_at_least_one_and_waiting_for_others_is_no_part_of_it() -> None:
    waited = sample(0, 0, 5.0, began_at=4.9)
    took = sample(0, 1, 0.4)
    assert slowest([waited, took]) == [took]


def test_a_part_that_some_calls_do_not_tell_is_of_those_that_do() -> None:
    samples = [sample(0, 0, 0.3, parts={"wait": 0.3}), sample(0, 1, 0.3, parts={"wait": 0.2, "send": 0.1})]
    (found,) = find(run_of([BASE], samples)).conditions
    assert found.split == pytest.approx({"wait": 0.25, "send": 0.1})


def test_the_rate_is_that_within_blocks() -> None:
    samples = [
        sample(0, index, 0.1, block=block, due_at=0.0, began_at=100.0 * block + index * 0.25, ended_at=900.0)
        for block in (0, 1)
        for index in range(5)
    ]
    (found,) = find(run_of([BASE], samples)).conditions
    assert found.achieved_rate == pytest.approx(4.0)


def test_frame_age_bytes_and_faces_are_told_where_they_are_known() -> None:
    samples = [sample(0, 0, 0.3, sent_at=None, bytes_sent=None, faces=(LEFT,)), sample(0, 1, 0.3)]
    (found,) = find(run_of([BASE], samples)).conditions
    assert found.frame_age["p50"].value == pytest.approx(0.005)
    assert (found.bytes_sent, found.faces) == (30_000, 1.5)


def test_two_conditions_one_of_which_is_slower_have_intervals_apart() -> None:
    findings = find(drawn_run(3, [0.3, 0.4]))
    fast, slow = (each.latency["p50"] for each in findings.conditions)
    assert fast.high is not None
    assert slow.low is not None
    assert fast.high < slow.low
    assert findings.effects[0].factor == "width"


def test_a_region_that_ceased_to_answer_is_not_recommended() -> None:
    two = [replace(BASE, region="us-east-1"), replace(BASE, region="eu-west-1")]
    samples = [sample(index % 2, index, 0.2 + 0.2 * (index % 2)) for index in range(200)]
    gone = [sample(0, index, 0.1, outcome="EndpointConnectionError") for index in (200, 202, 204)]
    for ended, chosen in (("complete", 0), ("us-east-1 given up: it cannot be reached", 1)):
        advice = find(run_of(two, [*samples, *gone], ended=ended)).recommendation
        assert advice is not None
        assert advice.condition == chosen
