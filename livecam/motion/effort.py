"""How much may be done to follow faces, so that it takes a bounded share of the time between frames.

Pure: told what each frame cost. Nothing here knows what is saved, or how.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["full", "fewer points", "every second frame"]

LEVELS: tuple[Level, ...] = ("full", "fewer points", "every second frame")
"""From the dearest to the cheapest."""
SHARE = 0.25
"""Of the time between frames, in CPU time: 8 ms at 30 fps, where twenty faces at 1080p take 2.3 on a server's
core (`scripts/bench/follow.py`)."""
RETURN_SHARE = 0.4
"""Of the share: below it more is done again. A level costs at most twice as much as the next, so that this
leaves a fifth: what is taken back is not given up again at once."""
SMOOTHING = 1.0
"""Seconds over which the cost is averaged: catching up on a new face is not worth a change."""
PATIENCE_DOWN, PATIENCE_UP = 1.0, 3.0
"""Seconds at a level before less is done, and before more is done again."""
LONGEST_INTERVAL = 0.2
"""Seconds that count at most: a source that stood still for a while had no time to spare."""


class Effort:
    """Follows the cost of frames and says how much is to be done."""

    def __init__(self) -> None:
        self._level = 0
        self._since = 0.0
        self._cost = 0.0
        self._time = 0.0

    @property
    def level(self) -> Level:
        """What is to be done now."""
        return LEVELS[self._level]

    @property
    def share(self) -> float:
        """What it takes of the time between frames at this level, smoothed; 0 before the first."""
        return self._cost / self._time if self._time else 0.0

    def spent(self, cost: float, interval: float) -> None:
        """Take note of one frame.

        Args:
            cost: CPU seconds that following took for it.
            interval: seconds from that frame to the next.
        """
        interval = min(interval, LONGEST_INTERVAL)
        if interval <= 0:
            return
        kept = math.exp(-interval / SMOOTHING)
        self._cost = kept * self._cost + cost
        self._time = kept * self._time + interval
        self._since += interval
        if self.share > SHARE and self._since >= PATIENCE_DOWN:
            self._go_to(min(self._level + 1, len(LEVELS) - 1))
        elif self.share < SHARE * RETURN_SHARE and self._since >= PATIENCE_UP:
            self._go_to(max(self._level - 1, 0))

    def _go_to(self, level: int) -> None:
        if level == self._level:
            return
        self._level = level
        # What was measured at one level says nothing about the other.
        self._since = self._cost = self._time = 0.0
