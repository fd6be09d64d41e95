"""What a call's outcome means for the next ones: a lower pace, or none for a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.circuit import Circuit, Failure
from livecam.errors import CloudError
from livecam.events import CircuitClosed, CircuitOpened, PaceChanged
from livecam.pacing import SET_BY_USER
from livecam.pipeline.outcomes import code_of

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.pipeline.budget import Budget
    from livecam.protocols import EventListener, Pacer

RECOVERED = "recovered"
"""Why a pace is another one: it is again what was asked for."""
TELL_PACE_EVERY = 1.0
"""Seconds between two events about a pace that creeps back."""


@dataclass(kw_only=True)
class Guard:
    """Watches over the calls of one detector, and tells what it changes."""

    detector: str
    """Its name."""
    pacer: Pacer
    clock: Clock
    publish: EventListener
    source: str = ""
    """Of the newest frame; said in events."""
    budget: Budget | None = None
    """Pays the calls; when it is spent the detector is left alone as if it failed, without being tried."""
    is_held: bool = False
    """Whether the user wants the detector left alone, however well it is; any thread may set it."""
    _circuit: Circuit = field(default_factory=Circuit, init=False)
    _told_rate: float | None = field(default=None, init=False)
    """The rate that was told last; None while the service has throttled nothing."""
    _told_at: float = field(default=float("-inf"), init=False)
    _may_pass: bool = field(default=True, init=False)

    @property
    def may_pass(self) -> bool:
        """Whether what failed last may succeed by itself if it is asked again."""
        return self._may_pass and self._can_pay

    @property
    def is_open(self) -> bool:
        """Whether the detector is left alone, but for a probe."""
        return self.is_held or self._circuit.is_open or not self._can_pay

    @property
    def _can_pay(self) -> bool:
        return self.budget is None or self.budget.allows()

    def allows(self) -> bool:
        """Return whether a call may begin now."""
        return not self.is_held and self._circuit.allows(self.clock.now()) and self._can_pay

    def ask(self, rate: float) -> None:
        """Have the calls made at another rate, calls per second, because the user wants it."""
        self.pacer.ask(rate)
        now = self.clock.now()
        self.publish(PaceChanged(at=now, source=self.source, rate=rate, reason=SET_BY_USER))
        if self._told_rate is not None and self.pacer.rate < rate:  # the service has throttled since
            self._tell_pace(now, "recovering")

    def begin(self, at: float) -> None:
        """Take note that a call begins at instant `at`."""
        self._circuit.begin(at)

    def succeeded(self, began_at: float) -> None:
        """Take note that the call which began at that instant was answered."""
        now = self.clock.now()
        self._may_pass = True
        lasted = self._circuit.succeeded(began_at, now)
        if lasted is not None:
            self.publish(CircuitClosed(at=now, source=self.source, detector=self.detector, lasted=lasted))
        self.pacer.succeeded()
        is_due = now - self._told_at >= TELL_PACE_EVERY
        if self._told_rate is not None and self.pacer.rate > self._told_rate and is_due:
            is_back = self.pacer.rate >= self.pacer.asked
            self._tell_pace(now, RECOVERED if is_back else "recovering")
            self._told_rate = None if is_back else self._told_rate

    def failed(self, began_at: float, error: Exception, *, is_unready: bool = False) -> None:
        """Take note that the call which began at that instant failed.

        Args:
            began_at: the call's instant.
            error: what it raised.
            is_unready: it was no call: the detector could not be made ready, and no call will do better.
        """
        now, before = self.clock.now(), self.pacer.rate
        is_throttle = isinstance(error, CloudError) and error.is_throttle
        if is_throttle:
            self.pacer.throttled(began_at)
            if self.pacer.rate < before:
                self._tell_pace(now, "throttled")
        self._may_pass = isinstance(error, CloudError) and _may_pass(error)
        is_lasting = is_unready or (isinstance(error, CloudError) and error.is_lasting)
        failure = Failure(code_of(error), is_throttle=is_throttle, is_lasting=is_lasting)
        retry_in = self._circuit.failed(failure, began_at, now)
        if retry_in is not None:
            self._tell_opened(now, error, retry_in)

    def _tell_pace(self, now: float, reason: str) -> None:
        self._told_rate, self._told_at = self.pacer.rate, now
        self.publish(PaceChanged(at=now, source=self.source, rate=self.pacer.rate, reason=reason))

    def _tell_opened(self, now: float, error: Exception, retry_in: float) -> None:
        self.publish(
            CircuitOpened(
                at=now,
                source=self.source,
                detector=self.detector,
                error=code_of(error),
                message=str(error),
                retry_in=retry_in,
            )
        )


def _may_pass(error: CloudError) -> bool:
    """Return whether the same call may succeed a moment later."""
    return not error.is_lasting and (error.is_throttle or error.blame in ("service", "network"))
