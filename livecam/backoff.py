"""How long to wait before the next try: longer each time, and never the same for two livecams. Pure."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = 0.5
"""Seconds before the first new try, at most."""
LONGEST = 5.0
"""Seconds between two tries, at most."""


class Backoff:
    """Doubles from try to try up to a limit; each wait is drawn from the upper half of its range.

    Without the jitter, everything that lost the same server would knock again at the same instants
    (AWS Architecture Blog, "Exponential Backoff And Jitter"; here "equal jitter", since a wait of
    almost nothing helps no camera).

    Args:
        longest: seconds between two tries, at most; what is tried on this machine alone costs nobody
            anything and may be tried more often.
        draw: returns a number from 0 to 1; a seam for tests.
    """

    def __init__(self, *, longest: float = LONGEST, draw: Callable[[], float] = random.random) -> None:
        self._longest = longest
        self._draw = draw
        self._ceiling = min(FIRST, self._longest)

    def next(self) -> float:
        """Return the seconds to wait now."""
        ceiling, self._ceiling = self._ceiling, min(2 * self._ceiling, self._longest)
        return ceiling * (0.5 + 0.5 * self._draw())

    def reset(self) -> None:
        """Begin anew: the last try was a success."""
        self._ceiling = min(FIRST, self._longest)
