from __future__ import annotations

from dataclasses import replace

import pytest

from livecam.bench.comparison.differences import compare, compare_within
from livecam.bench.comparison.table import sentence, table_lines
from livecam.bench.comparison.values import Difference
from tests.bench.latency.runs import MACHINE, drawn_run, sample

NAMES = ("A.json", "B.json")


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (Difference("p50", 0.3, 0.4, 0.08, 0.12, "slower"), "slower"),
        (
            Difference("p50", 0.3, 0.31, -0.01, 0.03, "can't tell"),
            "can't tell (about 20 ms could have been told)",
        ),
        (
            Difference("p95", 0.3, 0.31, None, None, "can't tell"),
            "can't tell (too few answers: 77 are needed)",
        ),
    ],
)
def test_a_verdict_says_what_it_can(difference: Difference, text: str) -> None:
    assert sentence(difference, 0.99) == text


def test_each_pair_has_a_row_for_each_percentile() -> None:
    lines = table_lines(compare(drawn_run(0, [0.3, 0.3]), drawn_run(1, [0.5, 0.3]), NAMES))
    at = next(index for index, line in enumerate(lines) if line.startswith("320 px"))
    assert "p50" in lines[at]
    assert lines[at].endswith("slower")
    assert "[+" in lines[at]
    assert "p95" in lines[at + 1]
    assert "can't tell (about" in lines[at + 2]


def test_what_else_differs_and_what_is_missing_is_said() -> None:
    second = drawn_run(1, [0.3])
    second = replace(
        second,
        machine=replace(MACHINE, endpoint="http://127.0.0.1:1"),
        samples=(*second.samples, sample(0, 0, 1, outcome="X")),
    )
    text = "\n".join(table_lines(compare(drawn_run(0, [0.3, 0.3]), second, NAMES)))
    assert "endpoint  AWS's own  http://127.0.0.1:1" in text
    assert "Only in the first: 640 px." in text
    assert "Careful: 320 px (second): 1 of 201 calls failed, and are in no figure." in text


def test_within_a_run_the_first_is_named_once() -> None:
    lines = table_lines(compare_within(drawn_run(0, [0.3] * 3, 20), "A.json"))
    assert lines[0] == "A.json: each condition beside its first, 320 px"
    assert any(line.startswith("640 px") for line in lines)
    assert not any("differs" in line for line in lines)


def test_of_many_differences_some_are_chance_and_that_is_said() -> None:
    text = " ".join(table_lines(compare_within(drawn_run(0, [0.3] * 16, 20), "A.json", level=0.95)))
    assert "Were nothing different at all, about 0.8 of these 15 differences" in text


def test_a_side_without_answers_is_told() -> None:
    failed = replace(drawn_run(0, [0.3], 20), samples=(sample(0, 0, 1.0, outcome="X"),))
    text = "\n".join(table_lines(compare(drawn_run(0, [0.3], 20), failed, NAMES)))
    assert "can't tell (no answers)" in text
    assert "nothing to compare" in text


def test_no_name_can_speak_to_the_terminal() -> None:
    bad = "\x1b[2J\n"
    run = drawn_run(0, [0.3, 0.3], 20)
    run = replace(
        run, conditions=tuple(replace(each, region=f"{bad}{each.width}") for each in run.conditions)
    )
    other = replace(run, machine=replace(MACHINE, endpoint=bad, packages={bad: bad}))
    assert all(line.isprintable() for line in table_lines(compare(run, other, (bad, bad))))
