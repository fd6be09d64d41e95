"""What a bench of policies found, as text for people: at most 80 columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.bench.selection.request import BASELINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.selection.request import Request
    from livecam.bench.selection.results import ClipResult, PolicyResult, Scores

NAME_WIDTH = 10
"""Columns of a policy's name."""
ACTIVITY_WIDTH = 9
NOTHING = "-"
MAIN = "smart"
"""The policy that a run has."""


@dataclass(frozen=True, slots=True)
class _Column:
    score: str
    """Name in `results.Scores`."""
    heading: str
    width: int
    digits: int
    scale: float = 1.0


COLUMNS = (
    _Column("calls", "calls", 7, 0),
    _Column("calls_share", "% of every", 11, 1, 100),
    _Column("cost_per_hour", "USD/h", 7, 2),
    _Column("seen", "seen %", 8, 0, 100),
    _Column("seen_share", "% of every", 11, 0, 100),
    _Column("delay_median", "p50", 7, 2),
    _Column("delay_p95", "p95", 6, 2),
    _Column("right", "right %", 9, 1, 100),
)
GROUPS = (("calls", 18), ("", 7), ("changes", 19), ("delay, s", 13), ("label", 9))
"""Above the headings: what they are about, and the columns that they take together."""


def table_lines(results: Sequence[ClipResult]) -> list[str]:
    """Return for each clip a row of scores, one of calls per minute and one of reasons for each policy."""
    lines: list[str] = []
    for result in results:
        lines += [*([""] if lines else []), *_clip_heading(result), "", _groups(), _headings()]
        lines += [_row(each) for each in result.policies]
        lines += ["", *_by_activity(result)]
        lines += ["", *(_reasons(each) for each in result.policies if not each.policy.startswith(BASELINE))]
    return [line.rstrip() for line in lines]


def meaning(request: Request, results: Sequence[ClipResult]) -> list[str]:
    """Return one sentence for each clip that says what a policy would save, and what it would miss.

    It is about "smart", or without that about the last one.
    """
    name = MAIN if MAIN in request.compared else request.compared[-1]
    return [
        f"{result.observation.clip}: {_sentence(request, each)}"
        for result in results
        for each in result.policies
        if each.policy == name != BASELINE
    ]


def _sentence(request: Request, result: PolicyResult) -> str:
    scores = result.scores
    calls = _percent(scores.calls_share)
    begin = f"{result.policy} makes {calls} of the calls of a fixed {request.rate:g} a second"
    if scores.seen_share is None:
        return f"{begin}; no change was there to be seen."
    return f"{begin} and shows {_percent(scores.seen_share)} of the changes that those show."


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share * 100:.0f} %"


def _clip_heading(result: ClipResult) -> list[str]:
    seen = result.observation
    count = len(seen.changes)
    size = f"{seen.width}x{seen.height}, {seen.fps:.0f} fps, {seen.duration / 60:.1f} min"
    lines = [f"{seen.clip}: {size}, {count} change{'s' * (count != 1)}", f"  compared with {seen.truth_from}"]
    if seen.evidence_ms is not None:
        lines.append(f"  a look at a face costs {seen.evidence_ms:.2f} ms of CPU beside finding it")
    return lines


def _groups() -> str:
    return " " * NAME_WIDTH + "".join(f"{name:>{width}}" for name, width in GROUPS)


def _headings() -> str:
    return f"{'policy':{NAME_WIDTH}}" + "".join(f"{each.heading:>{each.width}}" for each in COLUMNS)


def _row(result: PolicyResult) -> str:
    return f"{result.policy:{NAME_WIDTH}}" + "".join(_cell(column, result.scores) for column in COLUMNS)


def _cell(column: _Column, scores: Scores) -> str:
    value: float | None = getattr(scores, column.score)
    if value is None:
        return f"{NOTHING:>{column.width}}"
    return f"{value * column.scale:>{column.width}.{column.digits}f}"


def _by_activity(result: ClipResult) -> list[str]:
    activities = list(result.policies[0].calls_per_minute)
    heading = f"{'calls/min':{NAME_WIDTH}}" + "".join(f"{name:>{ACTIVITY_WIDTH}}" for name in activities)
    rows = [
        f"{each.policy:{NAME_WIDTH}}"
        + "".join(f"{each.calls_per_minute[name]:>{ACTIVITY_WIDTH}.1f}" for name in activities)
        for each in result.policies
    ]
    return [heading, *rows]


def _reasons(result: PolicyResult) -> str:
    most_first = sorted(result.reasons.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{reason} {count}" for reason, count in most_first)
    return f"{result.policy:{NAME_WIDTH}}called for: {told or 'nothing'}"
