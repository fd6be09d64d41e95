from __future__ import annotations

import pytest

from livecam.bench.latency.figures import Figure
from livecam.bench.latency.wording import columns, ms, percent, safe, with_interval, wrapped


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "-"), (0.412, "412"), (0.0031, "3.1"), (0.00996, "10"), (-0.02, "-20"), (12.3, "12300")],
)
def test_seconds_are_told_in_milliseconds(seconds: float | None, text: str) -> None:
    assert ms(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "-"),
        (0.0, "0 %"),
        (0.0001, "0 %"),
        (0.005, "0.5 %"),
        (0.06, "6 %"),
        (1.0, "100 %"),
        (-0.0001, "0 %"),
    ],
)
def test_shares_are_told_in_per_cent(share: float | None, text: str) -> None:
    assert percent(share) == text


def test_a_figure_has_its_interval_where_it_is_known() -> None:
    assert with_interval(Figure(0.412, 0.408, 0.4161)) == "412 [408-416]"
    assert with_interval(Figure(0.412)) == "412"
    assert with_interval(None) == "-"


def test_no_text_can_speak_to_the_terminal() -> None:
    assert safe("a\x1b[2Jb\n\u202ec") == "a?[2Jb??c"


def test_lines_are_wrapped_and_indented() -> None:
    assert wrapped("one two three four five six", 20) == ["one two three four", "  five six"]


def test_cells_stand_below_each_other() -> None:
    assert columns([["", "p50"], ["320 px", "3"]]) == [["      ", "  p50"], ["320 px", "    3"]]
