"""Which pictures of a live stream come too late to be worth showing. Pure; told the time.

A stream falls behind when the network held it up, or when its pictures cost more than the time between
them (4K on a small machine). Then it is better to leave some out than to show everything late for ever.
"""

from __future__ import annotations

LATE_BY = 0.5
"""Seconds behind the promptest picture, from which on pictures are left out."""
FALLING_BY = 0.002
"""Seconds by which each picture is less late than the one before while a backlog is being worked off; below
it, pictures come as they are made, and the stream has caught up."""
DRIFT = 5e-4
"""Seconds per second by which the sender's clock may lag behind ours; real ones do by a tenth of it."""
LONGEST_SKIP = 1.0
"""Seconds without a picture after which it is not they who are late but the clock that was set."""


class Punctuality:
    """Judges the pictures of one stream in the order in which they come."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None
        """Instant and delay of the last picture; a delay is a difference of two clocks."""
        self._least = 0.0
        """Delay of the promptest picture, drift allowed for."""
        self._late_since: float | None = None

    def is_late(self, presented: float | None, now: float) -> bool:
        """Return whether a picture should be left out.

        Args:
            presented: its presentation time in seconds on the stream's clock; None when it has none.
            now: instant, monotonic seconds.
        """
        if presented is None:
            return False
        delay = now - presented
        last_at, last_delay = self._last or (now, delay)
        self._least = delay if self._last is None else min(delay, self._least + DRIFT * (now - last_at))
        self._last = (now, delay)
        is_falling = delay < last_delay - FALLING_BY
        if delay - self._least <= LATE_BY and not (self._late_since is not None and is_falling):
            self._late_since = None
        elif self._late_since is None:
            self._late_since = now
        elif now - self._late_since >= LONGEST_SKIP:
            self._late_since = None
            self._least = delay
        return self._late_since is not None
