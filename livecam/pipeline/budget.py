"""Paid calls and what they may cost: each is paid before it is sent, so that no budget is ever exceeded.

What is known to be refused is paid back. What may have been charged is not: a call that was given up after
it was sent, or that failed inside the service. Which of those AWS bills it does not say.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.errors import CloudError, DetectorError, OutputError
from livecam.events import BudgetReached, CircuitClosed, CircuitOpened
from livecam.pipeline.call_thread import call_in_thread
from livecam.pricing import dollars, usd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.clock import Clock
    from livecam.protocols import EventListener
    from livecam.state.spend import SpendStore

log = logging.getLogger(__name__)

NEAR = 0.8
"""Share of a budget at which it is told that it comes to its end."""
RETRY = 30.0
"""Seconds after which a day's costs that could not be kept are tried again."""
GRACE = 2.0
"""Seconds given at the end to what is still being put down."""
NOT_CONNECTED = frozenset(
    {"EndpointConnectionError", "ConnectTimeoutError", "ConnectionError", "ProxyConnectionError"}
)
"""Codes of calls that never reached the service."""


class BudgetSpent(DetectorError):
    """Another livecam spent what was left of the budget a moment before."""


class RunLimit:
    """What one run may cost; sums in billionths of a dollar.

    Args:
        limit: what it may cost; None while there is no limit, so that what is spent is known when there is.
    """

    name = "run"
    is_slow = False

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self.spent = 0
        self._lock = threading.Lock()

    @property
    def limit(self) -> int | None:
        """What the run may cost; None without a limit."""
        return self._limit

    @limit.setter
    def limit(self, limit: int | None) -> None:
        with self._lock:  # nobody pays between the look at the old one and what it leads to
            self._limit = limit

    def has_room(self, price: int) -> bool:
        """Return whether another call may be paid."""
        limit = self._limit
        return limit is None or self.spent + price <= limit

    def reserve(self, price: int) -> str | None:
        """Pay; return the receipt, or None where there is not as much left."""
        with self._lock:
            if not self.has_room(price):
                return None
            self.spent += price
            return self.name

    def release(self, receipt: str, price: int) -> None:  # noqa: ARG002  the other limit needs it
        """Take back what was paid."""
        with self._lock:
            self.spent -= price


class DayLimit:
    """What the runs of a user may cost together from one midnight (UTC) to the next.

    AWS bills by the days of UTC, so that this is the same on every machine.
    """

    name = "day"
    is_slow = True

    def __init__(self, limit: int, *, store: SpendStore, clock: Clock) -> None:
        self.limit = limit
        self._store = store
        self._clock = clock
        self._known: tuple[str, int] = ("", 0)
        """A day, and what it had cost when it was looked at last."""

    @property
    def spent(self) -> int:
        """What today has cost, as far as is known here."""
        day, spent = self._known
        return spent if day == self._today() else 0

    def look(self) -> None:
        """Find out what today has cost; blocks.

        Raises:
            OutputError: it cannot be kept.
        """
        today = self._today()
        self._known = (today, self._store.spent(today))

    def has_room(self, price: int) -> bool:
        """Return whether another call may be paid, as far as is known here."""
        return self.spent + price <= self.limit

    def reserve(self, price: int) -> str | None:
        """Pay; return the receipt, or None where there is not as much left; blocks.

        Raises:
            OutputError: it cannot be kept.
        """
        today = self._today()
        is_reserved, spent = self._store.reserve(today, price, self.limit)
        self._known = (today, spent)
        return today if is_reserved else None

    def release(self, receipt: str, price: int) -> None:
        """Take back what was paid; blocks.

        Raises:
            OutputError: it cannot be kept.
        """
        spent = self._store.release(receipt, price)
        if receipt == self._today():  # else it was paid before midnight
            self._known = (receipt, spent)

    def _today(self) -> str:
        return self._clock.wall().date().isoformat()


Limit = RunLimit | DayLimit


@dataclass(kw_only=True)
class Payment:
    """One call that was paid before it was sent; to be settled once, by one of its methods."""

    budget: Budget
    receipts: tuple[str, ...]
    """Of each limit, in order."""
    _is_settled: bool = field(default=False, init=False)

    def charged(self) -> None:
        """Take note that the call was answered."""
        if self._settles():
            self.budget.settle(is_sure=True)

    def maybe_charged(self) -> None:
        """Take note that nobody knows whether the call is charged: it counts as if it were."""
        if self._settles():
            self.budget.settle(is_sure=False)

    async def after(self, error: Exception) -> None:
        """Take note that the call failed: what surely is not charged is paid back."""
        if may_be_charged(error):
            self.maybe_charged()
        elif self._settles():
            await self.budget.pay_back(self.receipts)

    def _settles(self) -> bool:
        """Return whether nothing was said of it yet; what is said first counts."""
        was_settled, self._is_settled = self._is_settled, True
        return not was_settled


@dataclass(kw_only=True)
class Budget:
    """Pays the calls of one detector; used from the event loop, its figures from any thread."""

    price: int
    """Of a call, in billionths of a dollar."""
    detector: str
    """Its name."""
    clock: Clock
    publish: EventListener
    limits: Sequence[Limit] = ()
    source: str = ""
    """Said in events."""
    charged: int = field(default=0, init=False)
    """Calls that were answered."""
    maybe_charged: int = field(default=0, init=False)
    """Calls that failed and may be charged all the same."""
    _run: RunLimit = field(init=False)
    """Of this run, one of the limits; without a limit it counts all the same."""
    _unsettled: int = field(default=0, init=False)
    _told: dict[tuple[str, str, int], float] = field(default_factory=dict, init=False)
    """Limit, day and sum -> the share that was told."""
    _broken_at: float | None = field(default=None, init=False)
    """When the day's costs could not be kept any more."""
    _retry_at: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        run = next((each for each in self.limits if isinstance(each, RunLimit)), None)
        self._run = run or RunLimit()
        self.limits = self.limits if run else (self._run, *self.limits)

    @property
    def price_usd(self) -> float:
        """What a call costs."""
        return usd(self.price)

    @property
    def left_usd(self) -> float | None:
        """What is left of the narrowest budget; None without one."""
        left = [limit - each.spent for each in self.limits if (limit := each.limit) is not None]
        return usd(max(min(left), 0)) if left else None

    @property
    def run_usd(self) -> float | None:
        """What the run may cost; None without a limit."""
        limit = self._run.limit
        return None if limit is None else usd(limit)

    @property
    def is_spent(self) -> bool:
        """Whether what is left of a budget pays no call; calls under way count."""
        return not all(each.has_room(self.price) for each in self.limits)

    def limit_run(self, limit: int | None) -> None:
        """Set what the run may cost, billionths of a dollar; None for no limit; any thread.

        What is spent counts, and what is paid already stays paid; `look_anew` tells what the new limit means.
        """
        self._run.limit = limit
        log.info("the budget of this run is %s from now on", "none" if limit is None else dollars(usd(limit)))

    def allows(self) -> bool:
        """Return whether another call may be paid, as far as is known here."""
        return self.clock.now() >= self._retry_at and not self.is_spent

    async def reserve(self) -> Payment | None:
        """Pay a call that is about to be sent; None where nothing may be spent."""
        if not any(each.is_slow for each in self.limits):
            receipts = self._pay()
        else:
            paying = call_in_thread("livecam-budget", self._pay_or_say_why)
            try:
                await asyncio.wait([paying])
            except asyncio.CancelledError:
                await asyncio.wait([paying], timeout=GRACE)
                paid = paying.result() if paying.done() else None
                if isinstance(paid, tuple):
                    await asyncio.wait([call_in_thread("livecam-budget", lambda: self._release(paid))])
                raise
            receipts = self._understood(paying.result())
        if receipts is None:
            self.look()
            return None
        self._unsettled += 1
        return Payment(budget=self, receipts=receipts)

    def settle(self, *, is_sure: bool) -> None:
        """Take note that a call which was paid is over."""
        self._unsettled -= 1
        if is_sure:
            self.charged += 1
        else:
            self.maybe_charged += 1
        self.look()

    async def pay_back(self, receipts: tuple[str, ...]) -> None:
        """Take back what was paid for a call that is not charged."""
        self._unsettled -= 1
        if any(each.is_slow for each in self.limits):
            # Whoever ends the run does not wait for it: the sum stays put down then.
            await asyncio.wait([call_in_thread("livecam-budget", lambda: self._release(receipts))])
        else:
            self._release(receipts)
        self.look()

    def look(self) -> None:
        """Tell once of each budget that it comes to its end, and that it has."""
        for limit in self.limits:
            whole = limit.limit
            if whole is None:
                continue
            if not self._unsettled and not limit.has_room(self.price):
                self._tell(limit, 1.0, whole)
            elif self._settled(limit) >= NEAR * whole:
                self._tell(limit, NEAR, whole)

    def look_anew(self) -> None:
        """Tell of the run's budget, which is another one than before, also where it was the same once."""
        run, limit = self._run.name, self._run.limit
        self._told = {key: share for key, share in self._told.items() if key[0] != run or key[2] == limit}
        self.look()

    def _pay(self) -> tuple[str, ...] | None:
        """Pay at every limit, or at none."""
        receipts: list[str] = []
        try:
            for limit in self.limits:
                receipt = limit.reserve(self.price)
                if receipt is None:
                    return None
                receipts.append(receipt)
            return tuple(receipts)
        finally:
            if len(receipts) < len(self.limits):
                self._release(tuple(receipts))

    def _pay_or_say_why(self) -> tuple[str, ...] | OutputError | None:
        try:
            return self._pay()
        except OutputError as error:
            return error

    def _release(self, receipts: tuple[str, ...]) -> None:
        for limit, receipt in zip(self.limits, receipts, strict=False):
            try:
                limit.release(receipt, self.price)
            except OutputError as error:
                log.info("a call that was not charged stays counted: %s", error)

    def _understood(self, said: tuple[str, ...] | OutputError | None) -> tuple[str, ...] | None:
        """Tell when the day's costs cannot be kept, and when they can again."""
        now = self.clock.now()
        if not isinstance(said, OutputError):
            if self._broken_at is not None:
                lasted, self._broken_at = now - self._broken_at, None
                self.publish(CircuitClosed(at=now, source=self.source, detector=self.detector, lasted=lasted))
            return said
        if self._broken_at is None:
            self.publish(
                CircuitOpened(
                    at=now,
                    source=self.source,
                    detector=self.detector,
                    error="BudgetUnknown",
                    message=str(said),
                    retry_in=RETRY,
                )
            )
            self._broken_at = now
        self._retry_at = now + RETRY
        return None

    def _settled(self, limit: Limit) -> int:
        """Return what was spent without the calls of this run that are under way."""
        return limit.spent - self._unsettled * self.price

    def _tell(self, limit: Limit, share: float, limit_now: int) -> None:
        day = self.clock.wall().date().isoformat() if limit.name == "day" else ""
        key = (limit.name, day, limit_now)
        if self._told.get(key, 0.0) >= share:
            return
        self._told[key] = share
        spent, whole = usd(self._settled(limit)), usd(limit_now)
        self.publish(
            BudgetReached(
                at=self.clock.now(),
                source=self.source,
                budget=limit.name,
                share=share,
                spent_usd=spent,
                budget_usd=whole,
            )
        )


def may_be_charged(error: Exception) -> bool:
    """Return whether a call that failed may be charged; False where it never was, or was refused.

    That a refused call is not charged is likely, and not documented: the service has looked at no picture.
    """
    if isinstance(error, CloudError):
        is_refused = error.is_throttle or error.blame == "user"
        return not is_refused and error.code not in NOT_CONNECTED
    # The base class itself means that the picture could not be sent; everything else came later.
    return type(error) is not DetectorError
