"""Where two accounts of one face agree about what it appears to express, and where not: pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.faces import Emotion
    from livecam.reports.seen import Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which both name an emotion."""

    start: float
    """Seconds from the video's start."""
    end: float
    agrees: bool
    """Whether it is the same one."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two accounts compare."""

    stretches: tuple[Stretch, ...] = ()
    """Ascending, not overlapping; time in which one of them names no emotion is in none."""

    @property
    def agreed(self) -> float:
        """Seconds in which both name the same emotion."""
        return sum(stretch.end - stretch.start for stretch in self.stretches if stretch.agrees)

    @property
    def compared(self) -> float:
        """Seconds in which both name an emotion."""
        return sum(stretch.end - stretch.start for stretch in self.stretches)

    @property
    def share(self) -> float | None:
        """Share of the compared time in which they agree, 0..1; None where nothing can be compared."""
        return self.agreed / self.compared if self.compared else None


def compared(one: Sequence[Span], other: Sequence[Span]) -> Agreement:
    """Return where two accounts of one face agree.

    Args:
        one: ascending in their starts.
        other: the same.
    """
    edges = sorted({edge for span in (*one, *other) for edge in (span.start, span.end)})
    stretches: list[Stretch] = []
    first, second = _Reader(one), _Reader(other)
    for start, end in pairwise(edges):
        here, there = first.at(start), second.at(start)
        if here is None or there is None:
            continue
        last = stretches[-1] if stretches else None
        if last is not None and last.end == start and last.agrees is (here is there):
            stretches[-1] = Stretch(last.start, end, last.agrees)
        else:
            stretches.append(Stretch(start, end, here is there))
    return Agreement(tuple(stretches))


class _Reader:
    """Says what holds at ascending instants."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._index = 0

    def at(self, time: float) -> Emotion | None:
        while self._index < len(self._spans) and self._spans[self._index].end <= time:
            self._index += 1
        if self._index == len(self._spans) or self._spans[self._index].start > time:
            return None
        return self._spans[self._index].emotion
