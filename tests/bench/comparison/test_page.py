from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.bench.comparison.page import build_page, write_page
from livecam.bench.comparison.values import Circumstance, Comparison, Difference, Pair, Side
from tests.bench.latency.runs import BASE

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<script>alert(1)</script>"
FIRST = Side("a.json", BASE, "640 px", 3, (0.2, 0.3))
SECOND = replace(FIRST, file="b.json", latencies=(0.1, 0.2))
FASTER = Difference("p50", 0.3, 0.28, -0.025, -0.015, "faster")
UNTOLD = Difference("p95", 0.4, 0.41, -0.02, 0.04, "can't tell")
PAIR = Pair("640 px", FIRST, SECOND, (FASTER, UNTOLD))
COMPARISON = Comparison("a.json", "b.json", 0.99, (PAIR,), (Circumstance("boto3", "1.40.0", "1.41.0"),))


def test_each_difference_stands_with_its_interval_and_verdict() -> None:
    page = build_page(COMPARISON)
    assert '-20<span class="interval">-6.7 %</span>' in page
    assert "-25 to -15" in page
    assert '<td class="word faster">faster</td>' in page
    assert "under about 30 ms" in page
    assert "99 of 100 such intervals" in page
    assert "in 2 comparisons: 1 faster, 1 can&#39;t tell." in page


def test_what_else_is_not_the_same_is_said_before_the_differences() -> None:
    page = build_page(COMPARISON)
    assert page.index("What else is not the same") < page.index("Differences, ms")
    assert "What else is not the same" not in build_page(replace(COMPARISON, circumstances=()))


def test_too_few_calls_and_no_answer_are_said() -> None:
    few = replace(UNTOLD, low=None, high=None)
    silent = Pair("320 px", replace(FIRST, latencies=()), SECOND, ())
    page = build_page(replace(COMPARISON, pairs=(replace(PAIR, differences=(few,)), silent)))
    assert "too few calls" in page
    assert "one of the two has no answer" in page


def test_nothing_in_common_is_a_page_that_says_so() -> None:
    page = build_page(replace(COMPARISON, pairs=(), only_first=("320 px",)))
    assert "The two have no condition in common" in page
    assert "<svg" not in page
    assert "<dd>320 px</dd>" in page


def test_what_others_wrote_is_escaped() -> None:
    pair = replace(PAIR, label=HOSTILE)
    differs = Circumstance(HOSTILE, HOSTILE, HOSTILE)
    page = build_page(Comparison(HOSTILE, HOSTILE, 0.95, (pair,), (differs,), (HOSTILE,), (HOSTILE,)))
    assert "<script" not in page


def test_conditions_of_one_run_are_named_as_such(tmp_path: Path) -> None:
    within = Pair("320 px and 640 px", FIRST, FIRST, (FASTER,))
    path = write_page(
        Comparison("a.json", "a.json", 0.95, (within,), (), is_within_one_run=True), tmp_path / "c.html"
    )
    assert "<h1>Conditions of a.json compared</h1>" in path.read_text("utf-8")
