"""The report on a comparison of two measurements: one page that needs nothing but itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from livecam.bench.html_page import render_page, write_page_file
from livecam.bench.inline_svg import COLOURS, INK, Diagram, diagram

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from livecam.bench.comparison.values import Comparison, Difference

VERDICT_COLOURS = {"faster": COLOURS[2], "slower": COLOURS[1], "can't tell": COLOURS[5]}
MARKERS = {"p50": "o", "p95": "^"}


def write_page(comparison: Comparison, path: Path) -> Path:
    """Write the report, whole or not at all, for its owner alone; return its path.

    Args:
        comparison: what was found.
        path: replaced if it exists.

    Raises:
        MissingDependency: matplotlib is not installed.
        OutputError: it cannot be written.
    """
    return write_page_file(path, build_page(comparison))


def build_page(comparison: Comparison) -> str:
    """Return the report.

    Raises:
        MissingDependency: matplotlib is not installed.
    """
    missing = [
        (f"Only in {comparison.first}", "; ".join(comparison.only_first)),
        (f"Only in {comparison.second}", "; ".join(comparison.only_second)),
    ]
    return render_page(
        "comparison.html.j2",
        title=_title(comparison),
        summary=_summary(comparison),
        first=comparison.first,
        second=comparison.second,
        circumstances=comparison.circumstances,
        pairs=comparison.pairs,
        level=f"{100 * comparison.level:g}",
        diagrams=_diagrams(comparison),
        missing=[(name, text) for name, text in missing if text],
    )


def _title(comparison: Comparison) -> str:
    if comparison.is_within_one_run:
        return f"Conditions of {comparison.first} compared"
    return f"{comparison.first} and {comparison.second} compared"


def _summary(comparison: Comparison) -> str:
    verdicts = Counter(each.verdict for pair in comparison.pairs for each in pair.differences)
    if not verdicts:
        return "Nothing could be compared."
    told = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    return f"The second, beside the first, in {sum(verdicts.values())} comparisons: {told}."


def _diagrams(comparison: Comparison) -> list[Diagram]:
    rows = [(pair.label, each) for pair in comparison.pairs for each in pair.differences]
    if not rows:
        return []

    def draw(axes: Axes) -> None:
        axes.axvline(0, color=INK, linewidth=1.0)
        for row, (_, each) in enumerate(rows):
            _draw_difference(axes, row, each)
        for verdict, colour in VERDICT_COLOURS.items():
            axes.plot([], [], color=colour, marker="s", linestyle="none", label=verdict)
        axes.set_yticks(range(len(rows)), [f"{name[:48]}, {each.percentile}" for name, each in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel("ms that the second takes longer than the first")
        axes.xaxis.grid(visible=True)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)

    caption = (
        "Each mark is a difference, the line its interval: circles are medians, triangles p95. Left of 0 the"
        " second is faster, right of it slower; a line across 0 means that it cannot be told."
    )
    return [diagram("Differences and their intervals", caption, draw, height=0.9 + 0.3 * max(len(rows), 3))]


def _draw_difference(axes: Axes, row: int, difference: Difference) -> None:
    colour = VERDICT_COLOURS.get(difference.verdict, INK)
    if difference.low is not None and difference.high is not None:
        axes.plot([difference.low * 1000, difference.high * 1000], [row, row], color=colour, linewidth=2.0)
    marker = MARKERS.get(difference.percentile, "o")
    axes.plot(difference.value * 1000, row, marker=marker, color=colour, linestyle="none")
