"""How long to wait before the next try: longer each time, and never the same for two livecams. Pure."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = 0.5
"""Seconds before the first new try, at most."""
LONGEST = 10.0
"""Seconds between two tries, at most: a camera that is plugged in again is back within these."""


class Backoff:
    """Doubles from try to try up to a limit; each wait is drawn from the upper half of its range.

    Without the jitter, everything that lost the same server would knock again at the same instants
    (AWS Architecture Blog, "Exponential Backoff And Jitter"; here "equal jitter", since a wait of
    almost nothing helps no camera).

    Args:
        draw: returns a number from 0 to 1; a seam for tests.
    """

    def __init__(self, draw: Callable[[], float] = random.random) -> None:
        self._draw = draw
        self._ceiling = FIRST

    def next(self) -> float:
        """Return the seconds to wait now."""
        ceiling, self._ceiling = self._ceiling, min(2 * self._ceiling, LONGEST)
        return ceiling * (0.5 + 0.5 * self._draw())

    def reset(self) -> None:
        """Begin anew: the last try was a success."""
        self._ceiling = FIRST
