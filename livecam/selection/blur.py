"""Waits while a face is blurred, but not for long.

A blurred face is answered wrongly one time in three. Waiting only while this very frame is blurred saves
calls and sees more; choosing the sharpest of a window, blurred or not, misses a sixth of the changes.
"""

from __future__ import annotations

BLURRED_BELOW = 0.75
"""Of the face's own running mean."""
WEIGHT = 0.08
"""Of a new look in the running mean: a few seconds at five looks a second."""
PATIENCE = 0.4
"""Seconds that a call is put off at most."""


class BlurVeto:
    """Judges whether one face is blurred just now, by how sharp it usually is."""

    def __init__(self) -> None:
        self._mean: float | None = None
        self._is_blurred = False
        self._waiting_since: float | None = None

    def look(self, sharpness: float) -> None:
        """Take how sharp the face was in a new look."""
        mean = sharpness if self._mean is None else self._mean
        self._is_blurred = sharpness < BLURRED_BELOW * mean
        self._mean = mean + WEIGHT * (sharpness - mean)
        if not self._is_blurred:
            self._waiting_since = None

    def holds(self, now: float) -> bool:
        """Return whether a call that is due at `now` is put off."""
        if not self._is_blurred:
            return False
        if self._waiting_since is None:
            self._waiting_since = now
        return now - self._waiting_since < PATIENCE

    def rest(self) -> None:
        """Take note that no call is due, or that it was made: the next one may be put off anew."""
        self._waiting_since = None

    def restart(self) -> None:
        """Forget how sharp the face was: the scene is another."""
        self._mean = self._waiting_since = None
        self._is_blurred = False
