from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.bench.latency.conditions import label, varied
from livecam.bench.latency.remarks import MOST, remarks
from livecam.bench.latency.statistics import find
from tests.bench.latency.runs import BASE, MACHINE, drawn_run, run_of, sample

if TYPE_CHECKING:
    from livecam.bench.latency.samples import Run, Sample


def _said(run: Run) -> list[str]:
    return remarks(run, find(run), [label(each, varied(run.conditions)) for each in run.conditions])


def _throttled(every: int) -> list[Sample]:
    return [
        sample(0, index, 0.1, outcome="ok" if index % every else "ThrottlingException", is_cold=False)
        for index in range(100)
    ]


def test_failures_are_told_with_their_share_and_many_of_them_with_a_warning() -> None:
    said = _said(run_of([BASE], _throttled(20)))
    assert "Careful: all calls: 5 ThrottlingException (5 %) of 100 calls: not in the percentiles." in said
    said = _said(run_of([BASE], _throttled(100)))
    assert "all calls: 1 ThrottlingException (1 %) of 100 calls: not in the percentiles." in said


def test_failures_of_many_conditions_are_told_together() -> None:
    run = drawn_run(
        0, [0.3] * (MOST + 1), 10, lambda _, each: replace(each, outcome="X" if each.due_at == 0 else "ok")
    )
    assert [each for each in _said(run) if "percentiles" in each] == [
        "Careful: 7 conditions: 7 X (10 %) of 70 calls: not in the percentiles."
    ]


def test_a_run_that_went_well_has_no_warning() -> None:
    assert not [each for each in _said(drawn_run(0, [0.3])) if "Careful" in each or "coordinated" in each]


def test_a_rate_that_was_not_reached_is_told() -> None:
    run = run_of([replace(BASE, rate=5.0)], [sample(0, index, 0.3) for index in range(50)])
    assert "Careful: all calls: 2.00 calls a second were begun instead of 5." in _said(run)


def test_calls_that_had_to_wait_are_told_with_the_limit() -> None:
    samples = [sample(0, index, 0.3, began_at=index * 0.5 + 0.1 * (index % 5 == 4)) for index in range(50)]
    said = [each for each in _said(run_of([BASE], samples)) if "late" in each]
    assert len(said) == 1
    assert said[0].startswith("Careful: all calls: 10 of 50 calls began 20 ms or more late, with 4 in flight")


def test_what_a_closed_loop_would_hide_is_told() -> None:
    samples = [
        sample(
            0, index, 2.3 if index % 25 < 4 else 0.3, began_at=index * 0.5 + (2.0 if index % 25 < 4 else 0)
        )
        for index in range(100)
    ]
    (said,) = [each for each in _said(run_of([BASE], samples)) if "coordinated omission" in each]
    assert "p99 is 2300 ms from when calls were due" in said
    assert "would say 300 ms" in said


def test_first_calls_clients_and_new_connections_are_told_apart() -> None:
    samples = [
        sample(0, 0, 0.8, phase="cold", is_cold=True),
        sample(0, 1, 0.3),
        sample(0, 2, 0.3, is_cold=True),
    ]
    said = _said(run_of([BASE], samples))
    assert "First call, connection included, not counted above: all calls 800 ms." in said
    assert "Making a client took: eu-west-1 85 ms." in said
    assert "1 of the calls above had to open a connection." in said


def test_how_it_ended_and_what_was_called_is_told() -> None:
    run = run_of([BASE], [sample(0, 0, 0.3)], ended="the credentials have expired")
    run = replace(run, machine=replace(MACHINE, endpoint="http://127.0.0.1:4577"))
    said = _said(run)
    assert "Careful: the run is not complete (the credentials have expired); calls measured: 1." in said
    assert "Measured against http://127.0.0.1:4577, not AWS." in said


def test_the_age_of_frames_is_told() -> None:
    run = run_of([BASE], [sample(0, index, 0.3) for index in range(20)])
    assert "Age of a frame when its first byte leaves, p50 / p95: all calls 5.0 / 5.0 ms." in _said(run)


def test_what_it_cost_is_told_where_calls_are_paid() -> None:
    run = run_of([BASE], [sample(0, 0, 0.3)], cost_usd=0.052)
    assert "Cost: $0.052 for calls that may have been charged, those left out included." in _said(run)
    assert not [each for each in _said(replace(run, price_usd=0.0)) if "Cost" in each]


def test_agreement_about_a_live_source_is_told_to_be_of_different_moments() -> None:
    two = [BASE, replace(BASE, width=320)]
    live = [sample(0, 0, 0.3, captured_at=-0.01)]
    said = _said(run_of(two, live))
    assert [each for each in said if "different moments" in each]
    assert "From a frame's capture to its label, p50 / p95: 640 px 310 / 310 ms." in said
    for run in (run_of(two, [sample(0, 0, 0.3)]), run_of([BASE], live)):
        assert not [each for each in _said(run) if "different moments" in each]


def test_stalls_that_outlast_a_block_are_told_where_conditions_take_turns() -> None:
    def late(seconds: float, conditions: int) -> list[str]:
        changed = drawn_run(
            0,
            [0.3] * conditions,
            20,
            lambda _, each: replace(each, ended_at=each.due_at + seconds) if each.due_at == 3.5 else each,
        )
        return [each for each in _said(changed) if "met a stall" in each]

    (said,) = late(8.0, 2)  # a block of five calls lasts for 2 s
    assert said.startswith("Careful: 2 of 8 blocks met a stall longer than themselves")
    assert late(1.5, 2) == late(8.0, 1) == []
