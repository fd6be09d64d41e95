"""What a run found, as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.aws.call_timing import PARTS
from livecam.bench.latency.conditions import label, varied
from livecam.bench.latency.histogram import axis_of, histogram
from livecam.bench.latency.remarks import remarks
from livecam.bench.latency.wording import NOTHING, columns, ms, percent, safe, with_interval, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.latency.figures import ConditionFigures, Findings
    from livecam.bench.latency.samples import Run

HEADINGS = ("ok", "failed", "p50 [95 %]", "p90", "p95", "p99", "max", "kB", "faces", "agree")
HISTOGRAM = 14
"""Columns of one."""
LARGE_FROM = 13
"""Conditions, from which on not each one's split is shown."""


def table_lines(run: Run, findings: Findings, width: int = 100) -> list[str]:
    """Return the figures of each condition, and below them what is to be known of them.

    Args:
        run: what was measured.
        findings: `statistics.find` of it.
        width: columns of the terminal, 60 or more. A row may be wider than what is narrower.
    """
    names = [safe(label(each, varied(run.conditions))) for each in run.conditions]
    lines = [*_figures(run, findings, names, width), "", *_split(findings, names, width)]
    lines += ["", *(line for text in remarks(run, findings, names) for line in wrapped(text, width))]
    if findings.effects:
        lines += ["", *_effects(findings, width)]
    if findings.recommendation is not None:
        lines += ["", *wrapped(f"For a live overlay: {findings.recommendation.reason}", width)]
    return [line.rstrip() for line in lines]


def _figures(run: Run, findings: Findings, names: Sequence[str], width: int) -> list[str]:
    latencies: list[list[float]] = [[] for _ in run.conditions]
    for each in run.samples:
        if each.phase == "measured" and each.is_ok:
            latencies[each.condition].append(each.latency)
    axis = axis_of([value for values in latencies for value in values])
    pictures = [histogram(each, axis, HISTOGRAM) if axis and each else "" for each in latencies]
    rows = columns(
        [["", *HEADINGS], *(_row(name, each) for name, each in zip(names, findings.conditions, strict=True))]
    )
    title = "latency in ms, from when a call was due to its answer"
    if axis is not None:
        kind = ", logarithmic" if axis.is_logarithmic else ""
        title += f"; histograms from {ms(axis.low)} to {ms(axis.high)} ms{kind}"
    lines = [*wrapped(title, width), ""]
    if len("".join(rows[0])) + 2 + HISTOGRAM <= width:
        lines.append("".join(rows[0]))
        return lines + [f"{''.join(row)}  {picture}" for row, picture in zip(rows[1:], pictures, strict=True)]
    lines.append("".join(rows[0][1:]))
    for row, picture in zip(rows[1:], pictures, strict=True):
        lines += [f"{row[0]}  {picture}", "".join(row[1:])]
    return lines


def _row(name: str, figures: ConditionFigures) -> list[str]:
    latency = figures.latency
    return [
        name,
        str(figures.answered),
        str(figures.calls - figures.answered),
        with_interval(latency.get("p50")),
        *(ms(latency[each].value) if each in latency else NOTHING for each in ("p90", "p95", "p99", "max")),
        NOTHING if figures.bytes_sent is None else f"{figures.bytes_sent / 1000:.0f}",
        NOTHING if figures.faces is None else f"{figures.faces:.1f}",
        percent(figures.agreement),
    ]


def _split(findings: Findings, names: Sequence[str], width: int) -> list[str]:
    """Return the parts of the calls; of many conditions, those that are of most interest."""
    shown = [index for index, each in enumerate(findings.conditions) if each.split]
    if not shown:
        return ["No call was answered, so that there is no split of one."]
    title = "split of a call in ms, median / mean of the slowest tenth"
    if len(shown) >= LARGE_FROM:
        shown = _notable(findings, shown)
        title += f"; of {len(shown)} of the {len(names)} conditions, the JSON has all"
    told = {
        name for index in shown for name, value in findings.conditions[index].split.items() if _is_told(value)
    }
    told |= {
        name
        for index in shown
        for name, value in findings.conditions[index].split_of_slow.items()
        if _is_told(value)
    }
    parts = [*(name for name in PARTS if name in told), *sorted(told - set(PARTS))]
    rows = columns(
        [
            ["", *map(safe, parts)],
            *(_split_row(names[index], findings.conditions[index], parts) for index in shown),
        ]
    )
    lines = [*wrapped(title, width), ""]
    if len("".join(rows[0])) <= width:
        return lines + ["".join(row) for row in rows]
    lines.append("".join(rows[0][1:]))
    for index, row in zip(shown, rows[1:], strict=True):
        lines += [names[index], "".join(row[1:])]
    return lines


def _is_told(seconds: float) -> bool:
    """Tell whether a part is to be seen in milliseconds and their tenths."""
    return seconds >= 0.00005  # noqa: PLR2004


def _notable(findings: Findings, indices: Sequence[int]) -> list[int]:
    def p95(index: int) -> float:
        return findings.conditions[index].latency["p95"].value

    chosen = {min(indices, key=p95), max(indices, key=p95)}
    advice = findings.recommendation
    others = findings.reference, advice.condition if advice else None
    return sorted(chosen | {each for each in others if each is not None and each in indices})


def _split_row(name: str, figures: ConditionFigures, parts: Sequence[str]) -> list[str]:
    return [
        name,
        *(f"{ms(figures.split.get(each))} / {ms(figures.split_of_slow.get(each))}" for each in parts),
    ]


def _effects(findings: Findings, width: int) -> list[str]:
    lines = ["what matters (share of the latencies' ranks that a setting explains):"]
    for effect in findings.effects:
        medians = ", ".join(f"{level} {ms(value)} ms" for level, value in effect.medians.items())
        chance = "" if effect.p_value < 0.01 else f"; may be chance (p = {effect.p_value:.2f})"  # noqa: PLR2004
        lines += wrapped(
            f"  {effect.factor.replace('_', ' ')}: {percent(effect.share)} ({medians}){chance}", width, "    "
        )
    return lines
