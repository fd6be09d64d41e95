"""The rounds of the comparison, and its tables in Markdown."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from side_by_side_runs import PROGRAMS, dead_url, plain_call, played

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from side_by_side_runs import LocalService, Played

CONDITIONS: Mapping[str, Mapping[str, Any] | None] = {
    "answers after 0.34 s": {"latency": {"seconds": 0.34}},
    "answers after 2.5 s": {"latency": {"seconds": 2.5}},
    "throttled: 1 call a second": {"latency": {"seconds": 0.34}, "quota": {"per_second": 1.0}},
    "dead: connection refused": None,
}
"""What the endpoint is like; None: it is not there."""
NAMES = {
    "livecam": "livecam",
    "read_call_draw": "read, call, draw",
    "threaded_hold": "threaded, last box held",
}
COLUMNS = (
    "program",
    "displayed of captured",
    "picture age p50 / p95, ms",
    "calls / answered",
    "IoU known / all",
    "crashed",
)
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Findings:
    """All rounds, by condition."""

    runs: defaultdict[str, defaultdict[str, list[Played]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    """By condition and program."""
    plain: defaultdict[str, list[tuple[float | None, str]]] = field(default_factory=lambda: defaultdict(list))
    """Plain boto3's one call: seconds, and how it ended."""


@dataclass(frozen=True, slots=True)
class Footage:
    """What is played."""

    clip: Path
    seconds: float
    expected: int
    """Frames until then."""
    still: Path
    """Its first picture."""


def compare(footage: Footage, service: LocalService, *, rounds: int, say: Callable[[str], None]) -> Findings:
    """Run every program under every condition, round by round.

    Args:
        footage: what is played.
        service: the endpoint.
        rounds: how often.
        say: told what is run.
    """
    found = Findings()
    for number in range(rounds):
        for turn, (condition, plan) in enumerate(CONDITIONS.items()):
            url = service.url if plan is not None else dead_url()
            # Each time another one begins: what else the machine does strikes all of them.
            first = (number + turn) % len(PROGRAMS)
            for program in (*PROGRAMS[first:], *PROGRAMS[:first]):
                say(f"round {number + 1} of {rounds}: {condition}: {program}")
                service.become(plan or {})
                run = played(
                    program,
                    footage.clip,
                    seconds=footage.seconds,
                    expected=footage.expected,
                    url=url,
                    service=service if plan is not None else None,
                )
                found.runs[condition][program].append(run)
            service.become(plan or {})
            found.plain[condition].append(plain_call(footage.still, url))
    return found


def tables(found: Findings) -> list[str]:
    """Return the lines of a table for each condition, and of one for plain boto3's call."""
    lines: list[str] = []
    for condition, by_program in found.runs.items():
        lines += [f"**{condition[0].upper()}{condition[1:]}**", "", f"| {' | '.join(COLUMNS)} |"]
        lines += [f"|{'---|' * len(COLUMNS)}"]
        lines += [row(NAMES[program], by_program[program]) for program in PROGRAMS if by_program[program]]
        lines += [""]
    lines += ["**Plain boto3, one call**", "", "| | seconds | crashed |", "|---|---|---|"]
    for condition, calls in found.plain.items():
        seconds = [each for each, _ in calls if each is not None]
        told = f"{statistics.median(seconds):.2f}" if seconds else NOTHING
        lines.append(f"| {condition} | {told} | {_crashes([ended for _, ended in calls])} |")
    return lines


def row(name: str, runs: Sequence[Played]) -> str:
    """Return a program's row: medians over its runs, its calls and crashes over all of them."""
    share = _median([each.displayed / each.captured for each in runs])
    ages = [_told(values, 1000, 0) for values in ([r.age_p50 for r in runs], [r.age_p95 for r in runs])]
    cells = (
        name,
        NOTHING if share is None else f"{100 * share:.1f} %",
        " / ".join(ages),
        f"{_told([each.calls for each in runs], 1, 0)} / {_told([each.answered for each in runs], 1, 0)}",
        f"{_told([each.iou for each in runs], 1, 2)} / {_told([each.iou_all for each in runs], 1, 2)}",
        _crashes([each.ended for each in runs]),
    )
    return f"| {' | '.join(cells)} |"


def _crashes(endings: Sequence[str]) -> str:
    crashed = [each for each in endings if each != "well"]
    if not crashed:
        return "no"
    names = ", ".join(sorted(set(crashed)))
    return names if len(crashed) == len(endings) else f"{names} ({len(crashed)} of {len(endings)})"


def _told(values: Sequence[float | None], scale: float, digits: int) -> str:
    median = _median(values)
    return NOTHING if median is None else f"{median * scale:.{digits}f}"


def _median(values: Sequence[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return statistics.median(known) if known else None
