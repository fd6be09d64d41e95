"""Stretches of time out of instants: pure."""

from __future__ import annotations

import statistics
from itertools import pairwise
from typing import TYPE_CHECKING

from livecam.reports.seen import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from livecam.reports.seen import Moment

STEADY = 5.0
"""Points by which a score may differ and still be drawn as the same."""
TOUCHING = 1e-3
"""Seconds between two spans that are one."""
USUAL_STEP = 0.5
"""Seconds between the instants that stored video samples, where a video has one only."""
SKIPPED = 1.5
"""Steps from which a face was missed in between, and is not claimed to have been there."""


def step_of(times: Iterable[float]) -> float:
    """Return the usual time between sampled instants, in seconds."""
    ascending = sorted(set(times))
    steps = [later - sooner for sooner, later in pairwise(ascending)]
    return statistics.median(steps) if steps else USUAL_STEP


def cells(moments: Sequence[Moment], step: float, end: float) -> list[Span]:
    """Return the time that each sampled instant stands for: half the way to the ones beside it.

    Args:
        moments: of one face, ascending.
        step: seconds between sampled instants.
        end: of the video.
    """
    spans = []
    for index, moment in enumerate(moments):
        before = moments[index - 1].time if index else None
        after = moments[index + 1].time if index + 1 < len(moments) else None
        start = moment.time - _half(moment.time, before, step)
        until = moment.time + _half(moment.time, after, step)
        span = Span(max(start, 0.0), min(until, max(end, moment.time)), moment.emotion, moment.confidence)
        if span.seconds > 0:
            spans.append(span)
    return spans


def joined(spans: Iterable[Span], *, least: float = 0.0) -> tuple[Span, ...]:
    """Return spans that follow each other and are about the same as one each.

    Args:
        spans: ascending, not overlapping.
        least: seconds; a shorter one that touches the one before is taken for a part of it: of no width.
    """
    result: list[Span] = []
    for span in spans:
        last = result[-1] if result else None
        if (
            last is not None
            and span.start - last.end <= TOUCHING
            and (_alike(last, span) or span.seconds < least)
        ):
            result[-1] = Span(last.start, span.end, last.emotion, last.confidence)
        else:
            result.append(span)
    return tuple(result)


def _half(time: float, neighbour: float | None, step: float) -> float:
    if neighbour is None:
        return step / 2
    away = abs(neighbour - time)
    return away / 2 if away <= SKIPPED * step else step / 2


def _alike(one: Span, other: Span) -> bool:
    if one.emotion is not other.emotion:
        return False
    return abs((one.confidence or 0.0) - (other.confidence or 0.0)) < STEADY
