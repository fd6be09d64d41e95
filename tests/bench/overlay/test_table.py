from __future__ import annotations

from dataclasses import replace

from livecam.bench.overlay.request import Request
from livecam.bench.overlay.table import COLUMNS, GROUPS, NOTHING_COUNTED, meaning, table_lines
from tests.bench.overlay.samples import BETTER, a_result

HOLD_ROW = "hold    0.710 0.690   83   67 0.43    6.5    7.0   2  0.60 0.84    95   1.1 0.02"


def test_a_row_holds_what_was_found() -> None:
    lines = table_lines([a_result()])
    assert HOLD_ROW in lines
    assert "walk: 320x180, 25 fps, 60 frames, 1 face" in lines
    assert "  compared with walk.faces.jsonl" in lines


def test_the_table_fits_a_narrow_terminal() -> None:
    lines = table_lines([a_result(methods=("hold", "flow", "merged"))] * 2)
    assert max(map(len, lines)) <= 80


def test_headings_stand_above_their_columns() -> None:
    assert sum(width for _, width in GROUPS) == sum(column.width for column in COLUMNS)
    lengths = {
        len(line) for line in table_lines([a_result()]) if line.startswith(("hold", "merged", "method"))
    }
    assert len(lengths) == 1


def test_several_clips_have_means_and_one_has_none() -> None:
    lines = table_lines([a_result("a"), a_result("b")])
    assert lines[lines.index("mean of 2 clips") + 1].startswith("hold    0.710")
    assert not any("mean" in line for line in table_lines([a_result()]))


def test_what_was_not_counted_is_a_dash() -> None:
    result = a_result(methods=("merged",))
    bare = replace(result.methods[0], scores=replace(BETTER, iou=None, labels_right=None))
    row = table_lines([replace(result, methods=(bare,))])[-1]
    assert row.split()[1] == "-"
    assert row.count("-") == 2


def test_the_meaning_compares_with_holding() -> None:
    assert meaning(Request(rate=1), [a_result()]) == [
        "With answers 340 ms late at 1 call a second, boxes overlap the faces by 0.88 instead of 0.71.",
        "A new face typically has its box after 0.15 s instead of 0.60 s.",
    ]


def test_the_meaning_makes_no_comparison_where_there_is_none() -> None:
    assert meaning(Request(), [a_result(methods=("hold",))])[0].endswith("by 0.71.")
    assert meaning(Request(), [a_result(methods=("flow",))])[0].endswith(
        "at 2 calls a second, boxes overlap the faces by 0.88."
    )
    assert meaning(Request(), []) == [NOTHING_COUNTED]


def test_a_trace_is_of_a_run_and_not_of_the_request() -> None:
    assert meaning(Request(), [a_result(methods=("trace",))])[0].startswith("In that run, boxes overlap")


def test_it_is_said_that_nothing_was_counted() -> None:
    result = a_result(methods=("merged",))
    bare = replace(result.methods[0], scores=replace(BETTER, iou=None, first_box_median=None))
    assert meaning(Request(), [replace(result, methods=(bare,))]) == [NOTHING_COUNTED]
