"""The diagrams of a report on latency that show figures: the split of the calls, and what settings do."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from livecam.aws.call_timing import PARTS
from livecam.bench.inline_svg import COLOURS, INK, Diagram, diagram

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from livecam.bench.latency.conditions import Condition
    from livecam.bench.latency.figures import ConditionFigures, Findings

LEAST_TOLD = 0.01
"""Share of a bar under which a part is none of its own."""
REST = "the rest, each under 1 %"
PART_COLOURS = {
    "encode": COLOURS[4],
    "serialise": "#8c6d5a",
    "sign": "#c98fb9",
    "connect": COLOURS[3],
    "send": COLOURS[2],
    "wait": COLOURS[0],
    "read": "#5cb89a",
    "parse": COLOURS[1],
    "retries": "#e0452f",
    "other": COLOURS[5],
}
_LIGHT = 0.55
"""Luminance of a cell from which black is read better on it."""


def splits(names: Sequence[str], findings: Findings) -> Diagram:
    """Return how the parts of calls add up: of the median and of the slowest tenth, for each condition."""
    shown = [index for index, each in enumerate(findings.conditions) if each.split]
    parts = _told_parts([findings.conditions[index] for index in shown])

    def draw(axes: Axes) -> None:
        for row, index in enumerate(shown):
            figures = findings.conditions[index]
            _draw_bar(axes, row - 0.2, _merged(figures.split, parts), alpha=1.0)
            _draw_bar(axes, row + 0.2, _merged(figures.split_of_slow, parts), alpha=0.65)
        for part in parts:
            axes.barh([0], [0], color=PART_COLOURS.get(part, "#999999"), label=part)
        axes.set_yticks(range(len(shown)), [names[index] for index in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlabel("ms")
        axes.xaxis.grid(visible=True)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=6, columnspacing=1.0)

    return diagram(
        "Where the time of a call goes",
        "Two bars for each condition: above, the median of each part; below and paler, the mean of each part"
        ' over the slowest tenth. "wait" ends with the first byte of the answer, and holds some of the upload'
        " where the uplink is slow: it is not the service's time alone. Waiting for calls before is in none"
        " of them.",
        draw,
        height=0.9 + (0.7 if len(shown) <= 6 else 0.4) * max(len(shown), 1),  # noqa: PLR2004  as many have room
    )


def _told_parts(conditions: Sequence[ConditionFigures]) -> list[str]:
    """Return the parts that are more than a sliver of any bar, in the order of the call; then the rest."""
    bars = [bar for each in conditions for bar in (each.split, each.split_of_slow) if bar]
    known = dict.fromkeys([*PARTS, *(part for bar in bars for part in bar)])
    told = [
        part
        for part in known
        if any(bar.get(part, 0.0) >= LEAST_TOLD * max(sum(bar.values()), 1e-9) for bar in bars)
    ]
    has_rest = any(value > 0 and part not in told for bar in bars for part, value in bar.items())
    return [*told, *([REST] if has_rest else [])]


def _merged(split: Mapping[str, float], parts: Sequence[str]) -> dict[str, float]:
    """Return a split in ms with what is not told as the rest."""
    rest = sum(value for part, value in split.items() if part not in parts)
    return {part: 1000 * (rest if part == REST else split.get(part, 0.0)) for part in parts}


def _draw_bar(axes: Axes, at: float, split: Mapping[str, float], *, alpha: float) -> None:
    left = 0.0
    for part, value in split.items():
        colour = PART_COLOURS.get(part, "#999999")
        axes.barh(at, value, height=0.36, left=left, color=colour, alpha=alpha, linewidth=0)
        left += value


def heat_map(conditions: Sequence[Condition], findings: Findings) -> list[Diagram]:
    """Return p95 by width and quality; nothing where not both were varied."""
    widths = sorted({each.width for each in conditions})
    qualities = sorted({each.quality for each in conditions}, reverse=True)
    if min(len(widths), len(qualities)) == 1:
        return []
    pairs = list(zip(conditions, findings.conditions, strict=True))
    cells = {
        (width, quality): _cell([b for a, b in pairs if (a.width, a.quality) == (width, quality)])
        for width in widths
        for quality in qualities
    }

    def draw(axes: Axes) -> None:
        import matplotlib as mpl

        rows = [[cells[width, quality][0] for width in widths] for quality in qualities]
        known = [value for value, _ in cells.values() if value is not None] or [0.0]
        low, high = min(known), max(known)
        colours = mpl.colormaps["cividis_r"]
        axes.pcolormesh(_filled(rows), cmap=colours, vmin=low, vmax=high)
        for row, quality in enumerate(qualities):
            for column, width in enumerate(widths):
                value, text = cells[width, quality]
                colour = INK if value is None else _ink_on(colours((value - low) / max(high - low, 1e-9)))
                axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=colour)
        axes.set_xticks([each + 0.5 for each in range(len(widths))], [f"{each} px" for each in widths])
        axes.set_yticks([each + 0.5 for each in range(len(qualities))], [f"q{each}" for each in qualities])
        axes.invert_yaxis()

    others = "; medians over the other settings" if len(conditions) > len(cells) else ""
    return [
        diagram(
            "p95 by width and quality",
            "Each cell: p95 of the latency, and the share of faces in common with the largest pictures"
            f"{others}."
            " The darker, the slower.",
            draw,
            height=0.9 + 0.62 * len(qualities),
        )
    ]


def _cell(figures: Sequence[ConditionFigures]) -> tuple[float | None, str]:
    """Return a cell's p95 in ms and its text."""
    p95 = [each.latency["p95"].value * 1000 for each in figures if "p95" in each.latency]
    agreement = [each.agreement for each in figures if each.agreement is not None]
    if not p95:
        return None, "no answer"
    alike = f"\n{100 * median(agreement):.0f} % of faces" if agreement else ""
    return median(p95), f"{median(p95):,.0f} ms{alike}"


def _filled(rows: Sequence[Sequence[float | None]]) -> list[list[float]]:
    return [[float("nan") if value is None else value for value in row] for row in rows]


def _ink_on(colour: Sequence[float]) -> str:
    red, green, blue, _ = colour
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _LIGHT else "#ffffff"


def effects(findings: Findings) -> list[Diagram]:
    """Return how much each factor matters; nothing where none was varied."""
    found = findings.effects
    if not found:
        return []

    def draw(axes: Axes) -> None:
        axes.barh(range(len(found)), [each.span * 1000 for each in found], height=0.55, color=COLOURS[0])
        for row, each in enumerate(found):
            text = f"{each.span * 1000:,.0f} ms; {100 * each.share:.0f} % of the variation"
            end = (each.span * 1000, row)
            axes.annotate(text, end, xytext=(4, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(found)), [each.factor.replace("_", " ") for each in found])
        axes.set_ylim(len(found) - 0.4, -0.6)
        axes.set_xlim(0, max(max(each.span for each in found) * 1000 * 1.45, 0.001))
        axes.set_xlabel("ms between the medians of its fastest and its slowest level")
        axes.xaxis.grid(visible=True)

    return [
        diagram(
            "How much each setting matters",
            "The longer the bar, the more it matters how the setting is chosen. The share says how much of"
            " the variation of all calls (of their ranks) it explains.",
            draw,
            height=0.8 + 0.42 * max(len(found), 2),
        )
    ]
