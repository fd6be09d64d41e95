from __future__ import annotations

from dataclasses import replace

from livecam.bench.latency.factor_plots import (
    REST,
    _cell,
    _ink_on,
    _merged,
    _told_parts,
    effects,
    heat_map,
    splits,
)
from livecam.bench.latency.figures import Effect, Figure
from tests.bench.latency.found import found
from tests.bench.latency.runs import BASE, drawn_run, run_of, sample

RUN = drawn_run(1, [0.2, 0.3], calls=10)
FIGURES = found(RUN).conditions[0]


def test_parts_that_are_slivers_are_put_together_so_that_bars_keep_their_length() -> None:
    split = {"wait": 0.3, "encode": 0.02, "sign": 0.001, "read": 0.0}
    parts = _told_parts([replace(FIGURES, split=split, split_of_slow={})])
    assert parts == ["encode", "wait", REST]
    assert sum(_merged(split, parts).values()) == sum(split.values()) * 1000


def test_a_part_that_only_slow_calls_have_is_told() -> None:
    figures = replace(FIGURES, split={"wait": 0.3}, split_of_slow={"wait": 0.3, "connect": 0.2})
    assert _told_parts([figures]) == ["connect", "wait"]


def test_both_bars_of_each_condition_are_drawn() -> None:
    svg = splits(("320 px", "640 px"), found(RUN)).svg
    assert ">320 px<" in svg
    assert ">wait<" in svg


def test_a_cell_is_the_median_over_the_other_settings() -> None:
    cells = [replace(FIGURES, latency={"p95": Figure(p95)}, agreement=0.9) for p95 in (0.1, 0.3, 0.9)]
    assert _cell(cells) == (300.0, "300 ms\n90 % of faces")
    assert _cell([replace(FIGURES, latency={})]) == (None, "no answer")
    assert _cell([]) == (None, "no answer")


def test_a_cell_without_an_answer_is_left_open() -> None:
    conditions = [replace(BASE, width=width, quality=quality) for width in (320, 640) for quality in (60, 80)]
    run = run_of(conditions, [sample(index, 5 * index, 0.2) for index in range(3)])
    (drawn,) = heat_map(conditions, found(run))
    assert ">no answer<" in drawn.svg


def test_ink_can_be_read_on_its_cell() -> None:
    assert _ink_on((1.0, 1.0, 0.3, 1.0)) == "#000000"
    assert _ink_on((0.0, 0.1, 0.3, 1.0)) == "#ffffff"


def test_effects_are_drawn_where_there_are_some() -> None:
    assert effects(found(RUN)) == []
    (drawn,) = effects(found(RUN, effects=(Effect("width", {"320": 0.2, "640": 0.3}, 0.1, 0.5, 0.001),)))
    assert "100 ms; 50 % of the variation" in drawn.svg
