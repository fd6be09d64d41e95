"""A clock that moves only when told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# An arbitrary start that no real clock shows, so that mixing the two fails fast.
START_AT = 1_000_000.0


class FakeClock:
    """A `Clock` for tests; `advance` moves it."""

    def __init__(self, start_at: float = START_AT) -> None:
        self._now = start_at
        self._epoch = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> float:
        """Return the instant it was moved to, in seconds."""
        return self._now

    def wall(self) -> datetime:
        """Return a wall time that moves along with `now`."""
        return self._epoch + timedelta(seconds=self._now - START_AT)

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds`."""
        self._now += seconds
