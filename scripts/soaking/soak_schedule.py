"""What happens to livecam in the soak, and when: every turn has each thing once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_TURN = 60.0
"""Seconds."""
TURNS = 8
"""At least: growth is judged by turns."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that lasts for a part of every turn."""

    name: str
    begin: float
    """Share of the turn, 0..1."""
    end: float
    is_fault: bool = True

    def is_on(self, share: float) -> bool:
        """Whether it lasts at this share of a turn."""
        return self.begin <= share < self.end


HAPPENINGS = (
    Happening("page", 0.05, 0.60, is_fault=False),
    Happening("MJPEG viewer", 0.10, 0.50, is_fault=False),
    Happening("service down", 0.15, 0.27),
    Happening("throttled", 0.33, 0.45),
    Happening("viewer never reads", 0.50, 0.65),
    Happening("service slow", 0.60, 0.68),
    Happening("camera silent", 0.74, 0.80),
    Happening("camera lost", 0.88, 0.94),
)


def turn_of(seconds: float) -> float:
    """Return the length of a turn in a soak of so many seconds."""
    return min(LONGEST_TURN, seconds / TURNS)


class Schedule:
    """Says what begins and ends; told the time."""

    def __init__(self, turn: float, happenings: Sequence[Happening] = HAPPENINGS) -> None:
        self._turn = turn
        self._happenings = happenings
        self._on: set[str] = set()

    def changes(self, at: float) -> Iterator[tuple[Happening, bool]]:
        """Yield what has begun (True) or ended (False) by this second of the soak since it was last asked."""
        share = at % self._turn / self._turn
        for each in self._happenings:
            is_on = each.is_on(share)
            if is_on != (each.name in self._on):
                (self._on.add if is_on else self._on.discard)(each.name)
                yield each, is_on
