from __future__ import annotations

from livecam.bench.latency.figures import QUANTILES, Figure


def test_quantiles_are_told_in_ascending_order() -> None:
    assert sorted(QUANTILES.values()) == list(QUANTILES.values())
    assert QUANTILES["max"] == 1.0


def test_a_figure_of_few_calls_has_no_interval() -> None:
    assert (Figure(0.34).low, Figure(0.34).high) == (None, None)
