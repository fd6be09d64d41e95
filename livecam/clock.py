"""The one place where the clock is read.

Everything else is told the time or is handed a `Clock`; ruff's banned-api rule enforces it.
Instants are monotonic seconds (float) and end in `_at`; durations are seconds.
Wall time serves file names, log lines and the ledger only.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where parts that must know the time get it from."""

    def now(self) -> float:
        """Return the current instant in monotonic seconds."""

    def wall(self) -> datetime:
        """Return the current wall time, aware, in UTC."""


class SystemClock:
    """The operating system's clocks.

    `now` is the system-wide monotonic clock without an offset, so that the traces of several
    processes on one machine can be laid side by side.
    """

    def now(self) -> float:
        """Return the system's monotonic clock in seconds."""
        return time.monotonic()

    def wall(self) -> datetime:
        """Return the system's wall time, aware, in UTC."""
        return datetime.now(UTC)


def thread_cpu() -> float:
    """Return the CPU seconds that the calling thread has used: what work costs, not how long it took."""
    return time.thread_time()
