"""Calls at instants that were fixed before, whatever became of those before: an open loop.

A closed loop, which calls again when the answer is there, leaves out exactly the calls that a stall would
have made late (coordinated omission). Here each call has an instant at which it is due. Who finds no free
thread then begins late, and its latency counts from when it was due.

Threads take the next call and wait for its instant themselves: nothing has to be handed over at that instant.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock

FINE_FROM = 0.002
"""Seconds before an instant from which on it is waited for in short steps: a long wait ends up to a
millisecond late."""
FINE_STEP = 0.0001
"""Seconds of such a step. A wait, and not a look at the clock over and over, lets other threads go on: one
that has just got its answer must not stand still for this one."""
LEAD = 0.02
"""Seconds from the start of the threads to the first call."""
LOOK_EVERY = 0.05
"""Seconds between two looks at calls that run."""


class Waiter(Protocol):
    """Waits for an instant."""

    def __call__(self, instant: float) -> bool:
        """Return True at that instant or as soon as may be after it; False if all is to end."""


class Ending:
    """Whether all is to end, and why; may be said from any thread but not from a signal handler."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.reason: str | None = None

    def end(self, reason: str) -> None:
        """End all; the first reason stands."""
        if not self.event.is_set():
            self.reason = reason
            self.event.set()

    @property
    def is_set(self) -> bool:
        """Whether it is."""
        return self.event.is_set()


class PreciseWaiter:
    """Waits by the real clock, to about a tenth of a millisecond on an idle machine."""

    def __init__(self, clock: Clock, ending: Ending) -> None:
        self._clock = clock
        self._ended = ending.event

    def __call__(self, instant: float) -> bool:
        """Return True at that instant, False as soon as all is to end."""
        while (left := instant - self._clock.now()) > FINE_FROM:
            self._ended.wait(left - FINE_FROM)
            if self._ended.is_set():
                return False
        while self._clock.now() < instant:
            self._ended.wait(FINE_STEP)
        return not self._ended.is_set()


class Schedule:
    """Hands out calls, each once, with the instants at which they are due.

    Args:
        calls: how many.
        rate: per second.
        begin_at: when the first one is due.
    """

    def __init__(self, calls: int, *, rate: float, begin_at: float) -> None:
        self._calls, self._rate, self._begin_at = calls, rate, begin_at
        self._lock = threading.Lock()
        self._taken = 0

    def take(self) -> tuple[int, float] | None:
        """Return the next call's number and instant; None when all were taken."""
        with self._lock:
            number = self._taken
            if number >= self._calls:
                return None
            self._taken += 1
        return number, self._begin_at + number / self._rate

    def give_up(self) -> None:
        """Hand out no more."""
        with self._lock:
            self._taken = self._calls


def work(schedule: Schedule, call: Callable[[int, float], None], wait_until: Waiter) -> None:
    """Make calls one after the other, each as soon as it is due, until there are none or all is to end.

    Args:
        schedule: shared with others that do the same.
        call: given a call's number and the instant at which it was due.
        wait_until: the clock's seam.
    """
    while (taken := schedule.take()) is not None:
        number, due_at = taken
        if not wait_until(due_at):
            return
        call(number, due_at)


def run_block(
    schedule: Schedule,
    call: Callable[[int, float], None],
    *,
    in_flight: int,
    wait_until: Waiter,
    look: Callable[[], bool],
) -> None:
    """Make the calls of one schedule, and return when all have ended.

    Args:
        schedule: of the calls.
        call: makes one; from up to `in_flight` threads at a time. Must not raise.
        in_flight: calls at the same time.
        wait_until: the clock's seam.
        look: called every now and then by this thread meanwhile; False to wait for the calls no longer.
    """
    done = [threading.Event() for _ in range(in_flight)]
    for each in done:

        def run(each: threading.Event = each) -> None:
            try:
                work(schedule, call, wait_until)
            finally:
                each.set()

        # A daemon: a call that never returns must not keep the process.
        threading.Thread(target=run, name="livecam-bench", daemon=True).start()
    for each in done:
        while not each.wait(LOOK_EVERY):
            if not look():
                return
