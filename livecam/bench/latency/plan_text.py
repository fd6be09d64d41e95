"""A plan as it is told before anything is sent: how many calls, how long, what it costs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any

from livecam.bench.latency.conditions import FACTORS
from livecam.pricing import dollars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.latency.conditions import Condition
    from livecam.bench.latency.plan import Plan
    from livecam.bench.latency.samples import Picture
    from livecam.pricing import PriceTable

SCHEMA = "livecam.bench.latency.plan/1"
MANY_CONDITIONS = 24
"""From here on it is said that fewer tell more."""
MOST_LEVELS = 8
"""Values of a factor that are told."""
_MINUTE, _HOUR = 60, 3600
_WORDS = {
    "width": "widths",
    "quality": "qualities",
    "attributes": "attributes",
    "region": "Regions",
    "rate": "calls per second",
    "in_flight": "calls in flight",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Charge:
    """What calls cost."""

    price_usd: float
    """Of one; 0 where nothing is paid."""
    note: str
    """Whose price it is, and of when; or why nothing is paid."""
    is_confirmed: bool = True
    """Whether the figure is AWS's own word, or the user's."""

    def of(self, calls: int) -> float:
        """Return what so many calls cost, in USD."""
        return calls * self.price_usd


FREE = Charge(0.0, "the endpoint is on this machine: nothing is paid")


def charge_by(table: PriceTable) -> Charge:
    """Return what calls cost by a price table."""
    return Charge(table.call("DetectFaces"), table.note, table.is_confirmed("detect_faces"))


def plan_lines(plan: Plan, pictures: Sequence[Picture], charge: Charge) -> list[str]:
    """Return a plan for people."""
    count = len(plan.conditions)
    measured, warm_up, cold = (plan.calls_of(phase) for phase in ("measured", "warm-up", "cold"))
    blocks = Counter(block.condition for block in plan.blocks if block.phase == "measured")
    rounds = max(blocks.values())  # slow ones have none in some
    lines = [
        f"conditions: {count}, measured in {_counted(rounds, 'round')} of blocks in random order",
        *(f"  {_WORDS[factor]}: {_levels(plan.conditions, factor)}" for factor in FACTORS),
        f"pictures: {_pictures(pictures)}",
        f"calls: {plan.calls} ({measured} measured, {warm_up} to warm up, {cold} first of a client)",
        f"time: about {_time(plan.seconds)}, more where calls take longer than they are apart",
        f"price: {_price(plan.calls, charge)}",
    ]
    if count >= MANY_CONDITIONS:
        lines.append(f"note: {count} conditions need many calls each to be told apart; fewer tell more")
    return lines


def plan_record(plan: Plan, pictures: Sequence[Picture], charge: Charge) -> dict[str, Any]:
    """Return a plan as a JSON object."""
    return {
        "schema": SCHEMA,
        "conditions": [dataclasses.asdict(each) for each in plan.conditions],
        "pictures": [dataclasses.asdict(each) for each in pictures],
        "calls": plan.calls,
        "measured": plan.calls_of("measured"),
        "warm_up": plan.calls_of("warm-up"),
        "cold": plan.calls_of("cold"),
        "seconds": round(plan.seconds, 3),
        "cost_usd": charge.of(plan.calls),
        "per_call_usd": charge.price_usd,
        "price": charge.note,
        "unconfirmed": not charge.is_confirmed,
    }


def _levels(conditions: Sequence[Condition], factor: str) -> str:
    levels = list(dict.fromkeys(condition.level(factor) for condition in conditions))
    more = f" and {len(levels) - MOST_LEVELS} more" if len(levels) > MOST_LEVELS else ""
    return ", ".join(levels[:MOST_LEVELS]) + more


def _pictures(pictures: Sequence[Picture]) -> str:
    first = pictures[0]
    shown = f"{first.name} ({first.width}x{first.height})"
    return shown if len(pictures) == 1 else f"{len(pictures)}, such as {shown}, in turn"


def _price(calls: int, charge: Charge) -> str:
    if not charge.price_usd:
        return charge.note
    sure = "" if charge.is_confirmed else ", unconfirmed"
    each = f"${charge.price_usd:g} a call ({charge.note}{sure}; Regions differ)"
    return f"{dollars(charge.of(calls))}: {each}"


def _time(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
