"""How far a face has moved on from how it looked in the last frame that was sent.

Looks are steadied over time before they are compared: a blink, a syllable and the jitter of the five points
pass, an expression stays. That is worth more than the choice of descriptor: without it 1.2 to 2 times as many
calls are made for the same changes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TAU = 0.4
"""Seconds after which an old look weighs 1/e."""
GAP = 1.0
"""Seconds without a look after which the face is looked at afresh: what was in between nobody saw."""


class Drift:
    """The steadied look of one face, and the one that it is compared with."""

    def __init__(self) -> None:
        self._vector: NDArray[np.float64] | None = None
        self._reference: NDArray[np.float64] | None = None
        self._seen_at = -math.inf

    @property
    def seen_at(self) -> float:
        """When the newest look was captured; minus infinity before the first."""
        return self._seen_at

    @property
    def distance(self) -> float | None:
        """One minus the cosine, 0 (alike) to 1 (nothing in common); None with nothing to compare."""
        if self._vector is None or self._reference is None:
            return None
        lengths = math.sqrt(float(self._vector @ self._vector) * float(self._reference @ self._reference))
        return 1.0 - float(self._vector @ self._reference) / lengths

    def look(self, vector: NDArray[np.float32], at: float) -> None:
        """Take a look captured at that instant, of any length but 0; one that is not newer is passed over."""
        if at <= self._seen_at:
            return
        elapsed, self._seen_at = at - self._seen_at, at
        new = vector.astype(np.float64)
        if self._vector is None or elapsed > GAP:
            self._vector = new
        else:
            self._vector = self._vector + (1.0 - math.exp(-elapsed / TAU)) * (new - self._vector)

    def settle(self) -> None:
        """Compare with the present look from now on: a frame that shows it was sent."""
        self._reference = self._vector

    def forget(self) -> None:
        """Compare with nothing: no answer will tell what the reference expressed."""
        self._reference = None

    def restart(self, at: float) -> None:
        """Forget every look captured before that instant, also one that is still to be told."""
        self._vector = self._reference = None
        self._seen_at = max(self._seen_at, math.nextafter(at, -math.inf))
