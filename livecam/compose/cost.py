"""What the settings say about money: whose prices hold, and what calls may cost."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livecam.cost_tally import CostTally, Price
from livecam.errors import UsageError
from livecam.pipeline.budget import Budget, DayLimit, RunLimit
from livecam.pricing import US_EAST, PriceTable, nano, refuse_too_small
from livecam.state.spend import SpendStore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.pipeline.budget import Limit
    from livecam.protocols import EventListener, FaceDetector

PRICED = {"rekognition": "DetectFaces"}
"""Detectors whose calls have a known price -> the operation that each of them is."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the calls of a run cost and may cost."""

    budget: Budget | None
    """Pays the calls; None where they cost nothing, or nobody knows what."""
    tally: CostTally
    """Adds them up."""


def prices_of(settings: Settings) -> PriceTable:
    """Return the prices that hold.

    Raises:
        UsageError: the user's own cannot be used; says the file and what is wrong with it.
    """
    path = settings.prices
    return US_EAST if path is None else US_EAST.replaced(_read(path), str(path))


def cost_of(
    settings: Settings,
    detector: FaceDetector | None,
    clock: Clock,
    publish: EventListener,
    *,
    store: SpendStore | None = None,
) -> Cost:
    """Return what a detector's calls cost and may cost; of a free one no budget is kept.

    Args:
        settings: prices and budgets.
        detector: that is called.
        clock: tells the day.
        publish: told when a budget comes to its end.
        store: remembers the days' costs; None for the user's own.

    Raises:
        UsageError: the prices cannot be used, or a budget is too small for one call.
        OutputError: the day's costs cannot be kept.
    """
    table = prices_of(settings)
    if detector is None or not detector.info.is_paid:
        return Cost(None, CostTally())
    name = detector.info.name
    if name not in PRICED:
        if settings.budget is not None or settings.daily_budget is not None:
            raise UsageError(
                f"a budget cannot be kept for {name}: what its calls cost is not known; leave --budget and"
                " --daily-budget away"
            )
        return Cost(None, CostTally(is_paid=True))
    each = table.call(PRICED[name])
    budget = Budget(
        price=nano(each),
        detector=name,
        clock=clock,
        publish=publish,
        limits=_limits(settings, each, clock, store),
    )
    price = Price(
        each,
        table.as_of,
        table.note,
        is_confirmed=table.is_confirmed("detect_faces"),
        budget_usd=settings.budget,
        daily_budget_usd=settings.daily_budget,
    )
    return Cost(budget, CostTally(price, budget))


def _limits(settings: Settings, each: float, clock: Clock, store: SpendStore | None) -> tuple[Limit, ...]:
    limits: list[Limit] = []
    for flag, whole in (("--budget", settings.budget), ("--daily-budget", settings.daily_budget)):
        if whole is not None:
            refuse_too_small(flag, whole, each)
    if settings.budget is not None:
        limits.append(RunLimit(nano(settings.budget)))
    if settings.daily_budget is not None:
        day = DayLimit(nano(settings.daily_budget), store=store or SpendStore(clock=clock), clock=clock)
        day.look()
        limits.append(day)
    return tuple(limits)


def _read(path: Path) -> Mapping[str, Any]:
    """Return what a price file says.

    Raises:
        UsageError: it is not there, cannot be read, or is neither TOML nor JSON.
    """
    is_json = path.suffix.lower() == ".json"
    form = "JSON" if is_json else "TOML"
    try:
        text = path.read_text(encoding="utf-8-sig")
        record = json.loads(text) if is_json else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise UsageError(
            f"{path} is no price file: not {form}: {why}; write lines such as detect_faces = 0.001"
        ) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(f"the price file {path} cannot be read: {why}; check --prices") from error
    if not isinstance(record, dict):
        raise UsageError(f'{path} is no price file: its JSON is no object; write {{"detect_faces": 0.001}}')
    return record
