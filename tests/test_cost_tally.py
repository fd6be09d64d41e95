from __future__ import annotations

from dataclasses import dataclass

import pytest

from livecam.cost_tally import LEAST_SPAN, PACE_WINDOW, CostTally, Price
from livecam.events import BudgetReached, DetectionCompleted

PRICE = Price(0.001, "2026-10-07", "US East list price of 2026-10-07", budget_usd=0.5, daily_budget_usd=2.0)


@dataclass
class APurse:
    left_usd: float | None = 0.25
    maybe_charged: int = 2
    run_usd: float | None = 0.5
    is_spent: bool = True


def completed(at: float, cost: float = 0.001) -> DetectionCompleted:
    return DetectionCompleted(
        at=at,
        source="test",
        frame=0,
        detector="rekognition",
        faces=1,
        captured_at=at,
        requested_at=at,
        responded_at=at,
        cost_usd=cost,
    )


def reached(share: float, budget: str = "run") -> BudgetReached:
    return BudgetReached(at=0, source="s", budget=budget, share=share, spent_usd=2.0, budget_usd=2.0)


def a_tally(*calls_at: float, price: Price = PRICE) -> CostTally:
    tally = CostTally(price, APurse())
    tally.seen(100.0)
    for at in calls_at:
        tally.note(completed(at))
    return tally


def test_what_costs_nothing_costs_nothing_and_says_nothing_about_it() -> None:
    tally = CostTally()
    tally.note(completed(100.0, cost=0.0))
    assert tally.status(100.0) == {}
    assert tally.summary(100.0) == {"cost_usd": 0.0, "cost": None}


def test_a_price_that_nobody_knows_is_not_nothing() -> None:
    assert CostTally(is_paid=True).summary(100.0) == {"cost_usd": None, "cost": None}
    assert CostTally(is_paid=True).status(100.0) == {}


def test_costs_add_up_without_a_rest() -> None:
    tally = a_tally(*(100.0 + n for n in range(300)))
    assert tally.status(400.0)["cost_usd"] == 0.3


def test_what_another_detector_answers_in_its_place_is_free() -> None:
    tally = a_tally(101.0)
    tally.note(completed(102.0, cost=0.0))
    assert tally.summary(110.0)["cost"]["calls"] == 1


def test_the_pace_is_that_of_the_last_minute_with_the_time_in_which_nothing_was_called() -> None:
    tally = a_tally(*(101.0 + n for n in range(10)))
    assert tally.status(110.0)["cost_per_hour"] == pytest.approx(3.6)
    assert tally.status(120.0)["cost_per_hour"] == pytest.approx(1.8)
    assert tally.status(100.0 + PACE_WINDOW)["cost_per_hour"] == pytest.approx(0.6)
    assert tally.status(111.0 + PACE_WINDOW)["cost_per_hour"] == 0.0


def test_there_is_no_pace_before_there_was_time_for_one() -> None:
    assert a_tally(100.1).status(100.0 + 0.9 * LEAST_SPAN)["cost_per_hour"] is None
    assert CostTally(PRICE).status(100.0)["cost_per_hour"] is None
    assert a_tally().summary(None)["cost"]["per_hour_usd"] is None


def test_the_summary_says_whose_price_it_is_and_what_is_left() -> None:
    assert a_tally(101.0, 102.0).summary(110.0) == {
        "cost_usd": 0.002,
        "cost": {
            "calls": 2,
            "maybe_charged": 2,
            "per_call_usd": 0.001,
            "per_hour_usd": pytest.approx(0.72),
            "price": "US East list price of 2026-10-07",
            "price_as_of": "2026-10-07",
            "unconfirmed": False,
            "budget": {"run_usd": 0.5, "day_usd": 2.0, "left_usd": 0.25, "is_spent": False},
        },
    }
    bare = CostTally(Price(0.001, "2026-10-07", "list"))
    assert bare.summary(None)["cost"]["budget"] is None
    assert bare.status(0.0)["budget_usd"] is None
    assert a_tally().status(100.0)["budget_usd"] == 0.25


@pytest.mark.parametrize(
    ("budget", "words"), [("run", "budget of $2.00 spent"), ("day", "daily budget of $2.00 spent")]
)
def test_a_spent_budget_is_a_trouble_until_there_is_another_paid_answer(budget: str, words: str) -> None:
    tally = a_tally(101.0)
    tally.note(reached(0.8, budget))
    assert not tally.summary(110.0)["cost"]["budget"]["is_spent"]
    tally.note(reached(1.0, budget))
    told = tally.trouble
    assert told == f"{words}: no more paid calls"
    assert tally.summary(110.0)["cost"]["budget"]["is_spent"]
    tally.note(completed(200.0))
    assert not tally.summary(210.0)["cost"]["budget"]["is_spent"]


def test_a_budget_that_is_raised_is_a_trouble_no_more_and_its_limit_is_told() -> None:
    purse = APurse()
    tally = CostTally(PRICE, purse)
    tally.note(reached(1.0))
    troubles = [tally.trouble]
    purse.is_spent, purse.run_usd = False, 0.75
    troubles.append(tally.trouble)
    assert troubles == ["budget of $2.00 spent: no more paid calls", None]
    assert tally.status(100.0)["budget_limit_usd"] == 0.75
    assert tally.summary(100.0)["cost"]["budget"]["run_usd"] == 0.75
    purse.run_usd = None
    assert tally.summary(100.0)["cost"]["budget"]["run_usd"] is None
