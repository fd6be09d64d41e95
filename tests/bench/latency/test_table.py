from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.bench.latency.conditions import Condition
from livecam.bench.latency.statistics import find
from livecam.bench.latency.table import table_lines
from tests.bench.latency.runs import BASE, drawn_run, run_of, sample

if TYPE_CHECKING:
    from livecam.bench.latency.samples import Sample


def test_each_condition_has_a_row_with_its_figures_and_a_histogram() -> None:
    run = drawn_run(0, [0.3, 0.4])
    findings = find(run)
    lines = table_lines(run, findings)
    (row,) = [line for line in lines if line.startswith("640 px") and "%" in line]
    p50 = findings.conditions[1].latency["p50"]
    assert p50.low is not None
    assert p50.high is not None
    assert f"{p50.value * 1000:.0f} [{p50.low * 1000:.0f}-{p50.high * 1000:.0f}]" in row
    assert f"{findings.conditions[1].latency['p99'].value * 1000:.0f}" in row
    assert "100 %" in row
    assert "█" in row
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_many_conditions_with_long_names_keep_to_the_width_of_the_terminal(width: int) -> None:
    conditions = [
        Condition(size, quality, (attributes,), region, rate, in_flight)
        for size, quality, attributes, region, rate, in_flight in itertools.product(
            (320, 1280),
            (60, 90),
            ("DEFAULT", "EMOTIONS"),
            ("us-east-1", "ap-southeast-2"),
            (1.0, 5.0),
            (1, 4),
        )
    ]
    samples = [sample(index, number, 0.3 + number / 100) for index in range(64) for number in range(12)]
    run = run_of(conditions, samples)
    lines = table_lines(run, find(run), width)
    assert max(map(len, lines)) <= max(width, 80)
    assert "of the 64 conditions" in " ".join(" ".join(lines).split())
    assert sum(line.startswith("320 px, q60, DEFAULT, us-east-1, 1/s, 1 in flight") for line in lines) >= 1


def test_the_split_of_the_call_is_told_with_its_slowest_tenth() -> None:
    run = run_of(
        [BASE],
        [
            sample(0, index, 0.1 if index else 1.1, parts={"wait": 0.1 if index else 1.1, "sign": 0.0})
            for index in range(10)
        ],
    )
    lines = table_lines(run, find(run))
    assert "all calls  100 / 1100" in lines
    assert not any("sign" in line for line in lines)


def test_effects_and_what_to_use_are_said() -> None:
    run = drawn_run(0, [0.3, 0.6])
    text = "\n".join(table_lines(run, find(run)))
    assert "  width: " in text
    assert "For a live overlay: 320 px: p95" in text


def test_what_may_be_chance_is_called_so() -> None:
    run = drawn_run(0, [0.34, 0.34])
    assert "may be chance (p = " in "\n".join(table_lines(run, find(run)))


def test_a_run_without_an_answer_can_be_told() -> None:
    samples = [sample(0, index, 5.0, outcome="ReadTimeoutError", faces=None, parts={}) for index in range(3)]
    run = run_of([BASE], samples)
    lines = table_lines(run, find(run))
    assert "No call was answered, so that there is no split of one." in lines
    assert any("3 ReadTimeoutError (100 %)" in line for line in lines)


def test_a_run_without_a_single_call_can_be_told() -> None:
    run = run_of([BASE], [], ended="interrupted")
    assert any(
        "not complete (interrupted); calls measured: 0" in line for line in table_lines(run, find(run))
    )


def test_nothing_in_a_run_can_speak_to_the_terminal() -> None:
    bad = "\x1b]0;owned\x07"

    def change(_: int, each: Sample) -> Sample:
        if each.block % 3 == 0:
            return replace(each, outcome=bad, message=bad, parts={bad: 1.0}, faces=None)
        return replace(each, parts={bad: 0.3})

    run = drawn_run(0, [0.3, 0.3], 40, change)
    conditions = [
        replace(each, region=bad, attributes=(bad, str(index))) for index, each in enumerate(run.conditions)
    ]
    run = replace(run, conditions=tuple(conditions), ended=bad, machine=replace(run.machine, endpoint=bad))
    assert all(line.isprintable() for line in table_lines(run, find(run)))
