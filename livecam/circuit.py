"""Whether a detector is to be called: left alone while it fails, then tried with one call.

Pure: told the time.
"""

from __future__ import annotations

from dataclasses import dataclass

OPENS_AFTER = 5
"""Failures in a row until it is left alone: fewer are a hiccup."""
FIRST_WAIT = 5.0
"""Seconds until the first try..."""
LONGEST_WAIT = 60.0
"""...doubled from try to try up to this: somebody who has logged in again should not wait longer."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What the circuit must know of a failed call."""

    code: str
    """The service's error code, or the name of our own error."""
    is_throttle: bool = False
    """The service is there and wants fewer calls: the pace sees to it."""
    is_lasting: bool = False
    """It will be the same at the next call."""


class Circuit:
    """Closed while calls are made; open while none is; in between there is one call, the probe.

    A call is known by the instant at which it began: what a call says that began before the circuit opened
    changes nothing any more.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._opened_at: float | None = None
        self._retry_at = 0.0
        self._wait = FIRST_WAIT
        self._probe_at: float | None = None
        self._told = ""

    @property
    def is_open(self) -> bool:
        """Whether the detector is left alone, or has not answered its probe yet."""
        return self._opened_at is not None

    def allows(self, now: float) -> bool:
        """Return whether a call may begin at instant `now`."""
        return not self.is_open or (self._probe_at is None and now >= self._retry_at)

    def begin(self, now: float) -> None:
        """Take note that a call begins at instant `now`; while it is open, it is the probe."""
        if self.is_open:
            self._probe_at = now

    def succeeded(self, began_at: float, now: float) -> float | None:
        """Take note of an answer; return for how many seconds it was open if that closes it."""
        if self._opened_at is None:
            self._failures = 0
            return None
        if began_at != self._probe_at:
            return None
        lasted = now - self._opened_at
        self._opened_at = self._probe_at = None
        self._failures = 0
        return lasted

    def failed(self, failure: Failure, began_at: float, now: float) -> float | None:
        """Take note of a failed call; return the seconds until the next try if there is news to be told.

        News is that it opened, or that a probe failed for another reason than the one told.
        """
        if self.is_open:
            return self._probe_failed(failure, now) if began_at == self._probe_at else None
        if failure.is_throttle:
            return None
        self._failures += 1
        if not failure.is_lasting and self._failures < OPENS_AFTER:
            return None
        self._opened_at, self._wait, self._told = now, FIRST_WAIT, failure.code
        self._retry_at = now + self._wait
        return self._wait

    def _probe_failed(self, failure: Failure, now: float) -> float | None:
        self._probe_at = None
        if failure.is_throttle:  # neither well nor worse
            self._retry_at = now + self._wait
            return None
        self._wait = min(2 * self._wait, LONGEST_WAIT)
        self._retry_at = now + self._wait
        if failure.code == self._told:
            return None
        self._told = failure.code
        return self._wait
