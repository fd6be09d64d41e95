"""A comparison as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.latency.bootstrap import least_calls
from livecam.bench.latency.figures import QUANTILES
from livecam.bench.latency.wording import NOTHING, columns, ms, percent, safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.comparison.values import Comparison, Difference, Pair


def table_lines(comparison: Comparison, width: int = 100) -> list[str]:
    """Return a row for each pair and percentile, what it means, and what else differs.

    Args:
        comparison: what was found.
        width: columns of the terminal.
    """
    title = "latency in ms; differences are the second's less the first's"
    first, second = safe(comparison.first), safe(comparison.second)
    lines = [f"first: {first}", f"second: {second}"]
    if comparison.is_within_one_run:
        lines = [f"{first}: each condition beside its first, {safe(comparison.pairs[0].first.label)}"]
    lines += ["", *wrapped(title, width), "", *_rows(comparison)]
    if comparison.circumstances:
        rows = [
            ["differs", "first", "second"],
            *([each.name, each.first, each.second] for each in comparison.circumstances),
        ]
        lines += ["", *_left(rows)]
    lines += ["", *(line for text in notes(comparison) for line in wrapped(text, width))]
    return [line.rstrip() for line in lines]


def sentence(difference: Difference, level: float) -> str:
    """Return what a verdict means: "slower", "can't tell (a difference of 8 ms could have been told)"."""
    if difference.verdict != "can't tell":
        return difference.verdict
    if difference.resolution is None:
        needed = least_calls(QUANTILES[difference.percentile], level)
        return f"can't tell (too few answers: {needed} are needed)"
    return f"can't tell (about {ms(difference.resolution)} ms could have been told)"


def notes(comparison: Comparison) -> list[str]:
    """Return sentences about what the verdicts rest on, and what was left out."""
    found: list[str] = []
    told = [each for pair in comparison.pairs for each in pair.differences if each.low is not None]
    chance = (1 - comparison.level) * len(told)
    if chance >= 0.2:  # noqa: PLR2004  one in five such comparisons has a verdict that is chance
        found.append(
            f"Were nothing different at all, about {chance:.1f} of these {len(told)} differences would be"
            " told nevertheless."
        )
    for pair in comparison.pairs:
        if not pair.differences:
            found.append(f"{pair.label}: nothing to compare, one of them has no answer.")
        found += [
            f"Careful: {side.label} ({which}): {side.calls - side.answered} of {side.calls} calls failed, and"
            " are in no figure."
            for which, side in (("first", pair.first), ("second", pair.second))
            if side.answered < side.calls
        ]
    for which, names in (("first", comparison.only_first), ("second", comparison.only_second)):
        if names:
            found.append(f"Only in the {which}: {'; '.join(names)}.")
    return list(dict.fromkeys(found))


def _rows(comparison: Comparison) -> list[str]:
    level = f"{comparison.level * 100:g} %"
    rows = [["", "", "first", "second", f"difference [{level}]", "", "verdict"]]
    for pair in comparison.pairs:
        rows += _of_pair(pair, comparison.level, is_within=comparison.is_within_one_run)
    return [
        "".join(row[:-1]) + "  " + text
        for row, text in zip(columns(rows), (row[-1] for row in rows), strict=True)
    ]


def _of_pair(pair: Pair, level: float, *, is_within: bool) -> list[list[str]]:
    name = safe(pair.second.label if is_within else pair.label)
    rows: list[list[str]] = []
    for index, each in enumerate(pair.differences):
        share = NOTHING if each.share is None else _signed(percent(each.share), each.share)
        rows.append(
            [
                "" if index else name,
                each.percentile,
                ms(each.first),
                ms(each.second),
                _difference(each),
                f"({share})",
                sentence(each, level),
            ]
        )
    return rows or [[name, NOTHING, NOTHING, NOTHING, NOTHING, "", "can't tell (no answers)"]]


def _difference(each: Difference) -> str:
    text = _signed(ms(each.value), each.value)
    if each.low is None or each.high is None:
        return text
    return f"{text} [{_signed(ms(each.low), each.low)}, {_signed(ms(each.high), each.high)}]"


def _signed(text: str, value: float) -> str:
    return f"+{text}" if value > 0 else text


def _left(rows: Sequence[Sequence[str]]) -> list[str]:
    clean = [[safe(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*clean, strict=True)]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in clean]
