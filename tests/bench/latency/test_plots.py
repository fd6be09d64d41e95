from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from livecam.bench.latency.plots import _edges, _shortened, _tail_places, plots
from tests.bench.latency.found import found
from tests.bench.latency.runs import BASE, drawn_run, run_of, sample


def test_each_diagram_is_well_formed_and_says_what_it_shows() -> None:
    run = drawn_run(1, [0.2, 0.3], calls=40)
    for each in plots(run, found(run)):
        root = ET.fromstring(each.svg)  # noqa: S314  our own
        assert (root.tag, root.get("role"), root.get("aria-label")) == ("svg", "img", each.title)
        assert each.caption.endswith(".")


def test_there_is_nothing_to_draw_without_an_answer() -> None:
    run = run_of([BASE], [sample(0, 0, 3.0, outcome="ReadTimeoutError")])
    assert plots(run, found(run)) == []


def test_calls_that_only_warmed_up_are_not_drawn() -> None:
    run = run_of([BASE], [sample(0, 0, 3.0, phase="cold"), sample(0, 1, 0.2, phase="warm-up")])
    assert plots(run, found(run)) == []


@pytest.mark.parametrize("latencies", [[0.34], [0.34, 0.34, 0.34], [0.001, 9.0]])
def test_few_equal_and_far_apart_calls_can_be_drawn(latencies: list[float]) -> None:
    run = run_of([BASE], [sample(0, index, latency) for index, latency in enumerate(latencies)])
    assert len(plots(run, found(run))) == 4


def test_many_conditions_are_drawn_with_only_the_telling_ones_in_colour() -> None:
    run = drawn_run(1, [0.2 + index / 100 for index in range(12)], calls=20)
    curves = next(each for each in plots(run, found(run, chosen=3)) if "percentile" in each.title)
    assert curves.caption.endswith("8 more conditions are thin lines.")
    for told in (320 * 4, 320 * 12):  # the chosen one and the reference; the fastest and the slowest too
        assert f">{told} px<" in curves.svg
    assert ">640 px<" not in curves.svg


def test_the_heat_map_is_drawn_where_width_and_quality_were_both_varied() -> None:
    conditions = [replace(BASE, width=width, quality=quality) for width in (320, 640) for quality in (60, 80)]
    run = run_of(conditions, [sample(index, 5 * index, 0.2 + index / 10) for index in range(4)])
    titles = [each.title for each in plots(run, found(run))]
    assert "p95 by width and quality" in titles
    two = drawn_run(1, [0.2, 0.3], calls=5)
    assert "p95 by width and quality" not in [each.title for each in plots(two, found(two))]


def test_failed_calls_are_marked_over_the_run() -> None:
    run = run_of([BASE], [sample(0, 0, 0.2), sample(0, 1, 0.3, outcome="ThrottlingException")])
    time = next(each for each in plots(run, found(run)) if each.title == "Latency over the run")
    assert "failed, and after how long" in time.svg


def test_latencies_far_apart_lie_on_a_logarithmic_axis() -> None:
    assert _edges(100.0, 2000.0)[1]
    assert not _edges(100.0, 200.0)[1]
    assert not _edges(0.0, 200.0)[1]


def test_edges_hold_every_latency_also_where_all_are_the_same() -> None:
    for low, high in ((340.0, 340.0), (10.0, 900.0), (0.0, 0.0)):
        edges, _ = _edges(low, high)
        assert edges[0] < low or low == 0
        assert edges[-1] > high
        assert np.all(np.diff(edges) > 0)


def test_the_tail_is_stretched_by_decades() -> None:
    places = _tail_places(1000)
    assert places[500] == pytest.approx(0.301, abs=0.001)
    assert places[990] == pytest.approx(2.0, abs=0.05)


def test_a_long_name_is_cut_short() -> None:
    assert _shortened("x" * 44) == "x" * 44
    assert len(_shortened("x" * 45)) == 44
