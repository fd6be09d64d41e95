"""The outcomes of faults as text, and as the table of docs/reliability.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trial_promises import Outcome

COLUMNS = (
    "fault",
    "what livecam says",
    "told after",
    "longest without a picture: before, meanwhile",
    "pictures not shown",
    "recorded frames lost",
    "calls: done, told as paid (maybe), put down for the day",
    "well again after",
)
_PLACES = (
    (r"(127\.0\.0\.1|[a-z]+\.localhost):\d+", "ADDRESS"),
    (r"/\S*/livecam-faults-\w+/[\w-]+/(\d+/)?", ""),
)
_LONGEST = 230
"""Characters of what is said."""


def markdown(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the table."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    return [*lines, *(f"| {' | '.join(_cells(each))} |" for each in outcomes)]


def text(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the same for reading, with all that was said and every broken promise."""
    lines = []
    for each in outcomes:
        lines += ["", f"{each.fault}: {each.what}"]
        if each.not_tried:
            lines.append(f"  not tried: {each.not_tried}")
            continue
        lines += [f"  {name}: {cell}" for name, cell in list(zip(COLUMNS, _cells(each), strict=True))[1:]]
        lines += [f"  on the page: {_plain(each.on_page)}", f"  in the summary: {_plain(each.in_summary)}"]
        lines += [f"  PROBLEM: {problem}" for problem in each.problems]
    broken = sum(bool(each.problems) for each in outcomes)
    return [*lines, "", f"{len(outcomes)} faults, {broken} with a broken promise"]


def _cells(each: Outcome) -> list[str]:
    if each.not_tried:
        return [each.what, f"not tried: {each.not_tried}", *[""] * (len(COLUMNS) - 2)]
    said = _plain(each.words) or "nothing: all goes on"
    gaps = (
        "" if each.gap_before is None else f"{_seconds(each.gap_before, 2)}, {_seconds(each.gap_during, 2)}"
    )
    lost = f"{each.lost} of {each.recorded}"
    if each.not_recorded:
        lost += f"; {each.not_recorded} shown and not recorded"
    paid = f"{each.charged}, {each.paid} ({each.maybe_paid}), {each.noted}"
    shown = str(each.dropped)
    broken = "" if not each.problems else " **broken**"
    return [
        f"{each.what}{broken}", said, _seconds(each.told_after), gaps, shown, lost, paid,
        _seconds(each.well_after),
    ]  # fmt: skip


def _seconds(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:.{digits}f} s"


def _plain(said: str) -> str:
    """Return words without this machine's places, short enough for a table."""
    for pattern, instead in _PLACES:
        said = re.sub(pattern, instead, said)
    said = " ".join(said.replace("|", "/").split())
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 3]}..."
