from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.bench.latency.histogram import Axis, axis_of, for_encoding, histogram, without_blocks


def test_the_most_common_is_highest_and_a_single_call_is_seen() -> None:
    axis = Axis(0.0, 1.0, is_logarithmic=False)
    assert histogram([0.1] * 1000 + [0.3] * 500 + [0.9], axis, 5) == "█▄  ▁"


def test_the_axis_is_logarithmic_where_a_few_calls_are_far_slower() -> None:
    assert axis_of([0.3, 0.4]) == Axis(0.3, 0.4, is_logarithmic=False)
    assert axis_of([0.3, 2.0]) == Axis(0.3, 2.0, is_logarithmic=True)
    assert axis_of([]) is None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.integers(1, 40))
def test_every_call_has_a_place_whatever_it_took(values: list[float], columns: int) -> None:
    axis = axis_of(values)
    assert axis is not None
    text = histogram(values, axis, columns)
    assert len(text) == columns
    assert text.strip()


def test_what_lies_beyond_counts_at_the_ends() -> None:
    assert histogram([0.0, 9.0, 9.0], Axis(1.0, 2.0, is_logarithmic=True), 3) == "▄ █"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", None, "no-such"])
def test_outputs_that_have_no_blocks_get_other_characters(encoding: str | None) -> None:
    assert for_encoding(["a ▁▄█ é"], encoding)[0].startswith("a .=@ ")
    assert without_blocks("é▁").isascii()
    assert for_encoding(["▁"], "utf-8") == ["▁"]
