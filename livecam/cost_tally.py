"""What the calls of a run cost: so far, in an hour at the present pace, and what is left.

Pure; `tally.py` locks.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from livecam.events import BudgetReached, DetectionCompleted
from livecam.pricing import dollars, nano, usd

if TYPE_CHECKING:
    from livecam.events import Event

PACE_WINDOW = 60.0
"""Seconds over which the present pace is taken: calls that are worth their price come at odd times."""
LEAST_SPAN = 5.0
"""Seconds before there is a pace."""
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Price:
    """What a call costs, and how sure that is."""

    usd: float
    as_of: str
    """Day of the price table, such as "2026-10-07"."""
    note: str
    """Whose price it is, for people."""
    is_confirmed: bool = True
    budget_usd: float | None = None
    """What the run may cost, where no purse says so."""
    daily_budget_usd: float | None = None
    """What the runs of a day may cost together."""


class Purse(Protocol):
    """Where calls are paid from; `pipeline/budget.py` fits."""

    @property
    def left_usd(self) -> float | None:
        """What is left of the narrowest budget; None without one."""

    @property
    def run_usd(self) -> float | None:
        """What the run may cost at present; None without a limit."""

    @property
    def is_spent(self) -> bool:
        """Whether what is left of a budget pays no call."""

    @property
    def maybe_charged(self) -> int:
        """Calls that failed and may be charged all the same."""


class CostTally:
    """Adds up what calls cost.

    Args:
        price: of a call; None where it is not known, or nothing is paid.
        purse: knows what else was put down for calls.
        is_paid: whether the calls cost money, also where it is not known how much.
    """

    def __init__(
        self, price: Price | None = None, purse: Purse | None = None, *, is_paid: bool = False
    ) -> None:
        self._price = price
        self._purse = purse
        self._is_paid = is_paid or price is not None
        self._calls = 0
        self._spent = 0
        self._began_at: float | None = None
        self._recent: deque[tuple[float, float]] = deque()
        self._trouble: str | None = None

    def note(self, event: Event) -> None:
        """Take note of an event that concerns cost; of no other."""
        match event:
            case DetectionCompleted(cost_usd=cost) if cost or self._is_free_of(event):
                self._calls += 1
                self._spent += nano(cost)
                self._recent.append((event.responded_at, cost))
                self._trouble = None  # a new day has a new budget
            case BudgetReached(share=share, budget=budget) if share >= 1:
                name = "budget" if budget == "run" else "daily budget"
                self._trouble = f"{name} of {dollars(event.budget_usd)} spent: no more paid calls"
            case _:
                pass

    def _is_free_of(self, event: DetectionCompleted) -> bool:
        """Return whether a call was one of those that cost nothing by the user's own prices."""
        return self._price is not None and self._price.usd == 0 and event.bytes_sent is not None

    def seen(self, at: float) -> None:
        """Take note that the run goes on at an instant: time without calls belongs to the pace too."""
        if self._began_at is None:
            self._began_at = at

    @property
    def trouble(self) -> str | None:
        """Why no paid call is made; None while they may be."""
        if self._trouble is not None and self._purse is not None and not self._purse.is_spent:
            self._trouble = None  # the user has raised it
        return self._trouble

    def status(self, now: float) -> dict[str, Any]:
        """Return the fields of `Status` that are about cost."""
        if self._price is None:
            return {}
        return {
            "cost_usd": usd(self._spent),
            "cost_per_hour": self._per_hour(now),
            "budget_usd": self._purse.left_usd if self._purse else None,
            "budget_limit_usd": self._run_usd(self._price),
        }

    def summary(self, now: float | None) -> dict[str, Any]:
        """Return the parts of the `livecam.run/1` object that are about cost.

        Args:
            now: the instant at which the pace is looked at; None for no pace.
        """
        if not self._is_paid:
            return {"cost_usd": 0.0, "cost": None}
        price = self._price
        if price is None:
            return {"cost_usd": None, "cost": None}  # what is not known is not 0
        return {
            "cost_usd": usd(self._spent),
            "cost": {
                "calls": self._calls,
                "maybe_charged": self._purse.maybe_charged if self._purse else 0,
                "per_call_usd": price.usd,
                "per_hour_usd": None if now is None else self._per_hour(now),
                "price": price.note,
                "price_as_of": price.as_of,
                "unconfirmed": not price.is_confirmed,
                "budget": self._budget(price),
            },
        }

    def _budget(self, price: Price) -> dict[str, Any] | None:
        run_usd = self._run_usd(price)
        if run_usd is None and price.daily_budget_usd is None:
            return None
        left = self._purse.left_usd if self._purse else None
        return {
            "run_usd": run_usd,
            "day_usd": price.daily_budget_usd,
            "left_usd": left,
            "is_spent": self.trouble is not None,
        }

    def _run_usd(self, price: Price) -> float | None:
        return self._purse.run_usd if self._purse else price.budget_usd

    def _per_hour(self, now: float) -> float | None:
        if self._began_at is None or now - self._began_at < LEAST_SPAN:
            return None
        while self._recent and self._recent[0][0] < now - PACE_WINDOW:
            self._recent.popleft()
        span = min(now - self._began_at, PACE_WINDOW)
        return sum(cost for _, cost in self._recent) / span * HOUR
