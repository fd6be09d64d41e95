from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livecam.overlay.fitting import elided, wrapped
from tests.overlay.samples import a_measure


def test_a_text_that_fits_is_left_alone() -> None:
    assert elided("happy", 10, 100, a_measure) == "happy"
    assert wrapped("happy and sad", 10, 100, a_measure) == ["happy and sad"]


def test_a_text_that_does_not_fit_ends_in_an_ellipsis() -> None:
    assert elided("surprised", 10, 30, a_measure) == "surp…"


def test_where_not_even_an_ellipsis_fits_nothing_is_left() -> None:
    assert elided("surprised", 10, 2, a_measure) == ""


def test_lines_break_at_spaces() -> None:
    assert wrapped("nobody is being filmed", 10, 60, a_measure) == ["nobody is", "being", "filmed"]


def test_a_separator_is_not_left_at_a_lines_end() -> None:
    assert wrapped("212 calls · 1 failed", 10, 65, a_measure) == ["212 calls", "1 failed"]


def test_no_text_is_no_line() -> None:
    assert wrapped("", 10, 100, a_measure) == []


@given(st.text(max_size=60), st.integers(8, 40), st.integers(20, 400))
def test_no_line_is_ever_wider_than_asked(text: str, size: int, width: int) -> None:
    assert all(a_measure(line, size)[0] <= width for line in wrapped(text, size, width, a_measure))
