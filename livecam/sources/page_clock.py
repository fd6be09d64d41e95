"""A page's clock laid on this machine's: pure, told every arrival.

Nobody knows how long a message was on its way, but none arrives before it was sent. So the smallest
difference between arrival and capture is the one with the least way in it: instants are late by the fastest
way up, and no slow message makes them later. It is forgotten after a while, since two clocks drift apart.
"""

from __future__ import annotations

import math

REMEMBERED = 30.0
"""Seconds for which a smallest difference holds at least, and twice that at most."""
LONGEST_WAY = 5.0
"""Seconds; a message that seems to have taken longer comes from a clock that was set back."""


class PageClock:
    """Of one page."""

    def __init__(self) -> None:
        self._offset = self._earlier = math.inf
        self._since = -math.inf

    def instant(self, captured: float, arrived: float) -> float:
        """Return when a picture was captured on this machine's clock: never after it arrived.

        Args:
            captured: seconds of the page's clock.
            arrived: monotonic seconds of this machine.
        """
        offset = arrived - captured
        if arrived - self._since >= REMEMBERED:
            self._earlier, self._offset, self._since = self._offset, math.inf, arrived
        if offset - min(self._offset, self._earlier) > LONGEST_WAY:
            self._earlier, self._offset, self._since = math.inf, math.inf, arrived
        self._offset = min(self._offset, offset)
        return captured + min(self._offset, self._earlier)
