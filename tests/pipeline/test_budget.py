from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.errors import CloudError, DeadlineExceeded, DetectionAborted, DetectorError, OutputError
from livecam.events import BudgetReached, CircuitClosed, CircuitOpened
from livecam.pipeline.budget import RETRY, Budget, DayLimit, RunLimit, may_be_charged
from livecam.pricing import nano
from livecam.state.spend import SpendStore
from livecam.testing.clock import FakeClock
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.pipeline.budget import Limit, Payment

PRICE = 0.001
DAY = 86_400.0
THROTTLE = CloudError("slow down", code="ThrottlingException", blame="service", is_throttle=True)
EXPIRED = CloudError("run `aws sso login`", code="ExpiredTokenException", blame="user", is_lasting=True)
BROKEN = CloudError("the service failed", code="InternalServerError", blame="service")
UNREACHED = CloudError("cannot be reached", code="EndpointConnectionError", blame="network")
NO_PROXY = CloudError("the proxy cannot be reached", code="ProxyConnectionError", blame="network")
UNANSWERED = CloudError("did not answer", code="ReadTimeoutError", blame="network")


class Scene:
    """A budget and everything around it."""

    def __init__(self, *limits: Limit, clock: FakeClock | None = None) -> None:
        self.clock, self.happenings = clock or FakeClock(), Happenings()
        self.budget = Budget(
            price=nano(PRICE),
            detector="rekognition",
            clock=self.clock,
            publish=self.happenings,
            limits=limits,
            source="cam",
        )

    async def pay(self) -> Payment:
        payment = await self.budget.reserve()
        assert payment is not None
        return payment

    @property
    def told(self) -> list[tuple[str, float]]:
        return [(event.budget, event.share) for event in self.happenings.of(BudgetReached)]


def run_limit(calls: int) -> RunLimit:
    return RunLimit(nano(PRICE * calls))


def day_limit(calls: int, path: Path, clock: FakeClock) -> DayLimit:
    return DayLimit(nano(PRICE * calls), store=SpendStore(path / "spend.sqlite3"), clock=clock)


async def test_without_a_limit_every_call_is_paid_and_counted() -> None:
    scene = Scene()
    for _ in range(3):
        (await scene.pay()).charged()
    assert scene.budget.allows()
    assert (scene.budget.charged, scene.budget.left_usd) == (3, None)
    assert scene.happenings.events == []


async def test_calls_under_way_count_so_that_there_is_never_one_too_many() -> None:
    scene = Scene(run_limit(2))
    payments = [await scene.pay(), await scene.pay()]
    assert not scene.budget.allows()
    assert await scene.budget.reserve() is None
    assert scene.budget.left_usd == 0
    for payment in payments:
        payment.charged()
    assert await scene.budget.reserve() is None


async def test_five_hundred_calls_fit_into_half_a_dollar() -> None:
    scene = Scene(RunLimit(nano(0.5)))
    for _ in range(500):
        (await scene.pay()).charged()
    assert await scene.budget.reserve() is None


async def test_the_end_of_a_budget_is_told_when_it_is_near_and_when_it_is_there() -> None:
    scene = Scene(run_limit(10))
    for _ in range(7):
        (await scene.pay()).charged()
    assert scene.told == []
    for _ in range(3):
        (await scene.pay()).charged()
    assert scene.told == [("run", 0.8), ("run", 1.0)]
    last = scene.happenings.of(BudgetReached)[-1]
    assert (last.source, last.spent_usd, last.budget_usd) == ("cam", 0.01, 0.01)
    assert await scene.budget.reserve() is None
    assert len(scene.told) == 2


async def test_the_end_is_not_told_while_a_call_may_still_be_paid_back() -> None:
    scene = Scene(run_limit(1))
    payment = await scene.pay()
    assert await scene.budget.reserve() is None
    assert scene.told == []
    await payment.after(THROTTLE)
    assert scene.budget.allows()
    (await scene.pay()).charged()
    assert scene.told == [("run", 1.0)]


@pytest.mark.parametrize(
    "error", [THROTTLE, EXPIRED, UNREACHED, NO_PROXY, DetectorError("too small, not sent")]
)
async def test_a_call_that_was_refused_or_never_sent_is_paid_back(error: Exception) -> None:
    scene = Scene(run_limit(1))
    await (await scene.pay()).after(error)
    assert not may_be_charged(error)
    assert (scene.budget.left_usd, scene.budget.maybe_charged) == (PRICE, 0)


@pytest.mark.parametrize(
    "error",
    [BROKEN, UNANSWERED, DeadlineExceeded("late"), DetectionAborted("ended"), ValueError("of any make")],
)
async def test_a_call_that_may_be_charged_counts_as_if_it_were(error: Exception) -> None:
    scene = Scene(run_limit(1))
    await (await scene.pay()).after(error)
    assert (scene.budget.left_usd, scene.budget.maybe_charged, scene.budget.charged) == (0, 1, 0)
    assert scene.told == [("run", 1.0)]


async def test_a_payment_is_settled_once() -> None:
    scene = Scene(run_limit(5))
    payment = await scene.pay()
    payment.charged()
    payment.maybe_charged()
    await payment.after(THROTTLE)
    assert (scene.budget.charged, scene.budget.maybe_charged, scene.budget.left_usd) == (1, 0, 0.004)


async def test_two_runs_share_the_day(tmp_path: Path) -> None:
    clock = FakeClock()
    scenes = [Scene(day_limit(3, tmp_path, clock), clock=clock) for _ in range(2)]
    for scene in (scenes[0], scenes[1], scenes[0]):
        (await scene.pay()).charged()
    assert scenes[1].budget.allows()  # as far as it knows
    assert await scenes[1].budget.reserve() is None
    assert not scenes[1].budget.allows()
    assert scenes[1].told[-1] == ("day", 1.0)
    assert scenes[0].told == [("day", 1.0)]


async def test_a_new_day_has_a_new_budget(tmp_path: Path) -> None:
    clock = FakeClock()
    scene = Scene(day_limit(1, tmp_path, clock), clock=clock)
    (await scene.pay()).charged()
    assert not scene.budget.allows()
    clock.advance(DAY)
    assert scene.budget.allows()
    (await scene.pay()).charged()
    assert scene.told == [("day", 1.0), ("day", 1.0)]


async def test_what_is_paid_back_after_midnight_goes_back_to_the_day_before(tmp_path: Path) -> None:
    clock = FakeClock()
    scene = Scene(day_limit(2, tmp_path, clock), clock=clock)
    before = await scene.pay()
    clock.advance(DAY)
    (await scene.pay()).charged()
    await before.after(THROTTLE)
    store = SpendStore(tmp_path / "spend.sqlite3")
    assert [store.spent(day) for day in ("2026-01-01", "2026-01-02")] == [0, nano(PRICE)]
    assert scene.budget.left_usd == PRICE


async def test_what_was_spent_before_the_run_is_told_at_its_start(tmp_path: Path) -> None:
    clock = FakeClock()
    (await Scene(day_limit(1, tmp_path, clock), clock=clock).pay()).charged()
    limit = day_limit(1, tmp_path, clock)
    limit.look()
    scene = Scene(limit, clock=clock)
    scene.budget.look()
    assert scene.told == [("day", 1.0)]
    assert not scene.budget.allows()


async def test_the_narrowest_budget_counts_and_none_is_touched_where_another_is_spent(tmp_path: Path) -> None:
    clock = FakeClock()
    run, day = run_limit(5), day_limit(2, tmp_path, clock)
    scene = Scene(run, day, clock=clock)
    for _ in range(2):
        (await scene.pay()).charged()
    assert await scene.budget.reserve() is None
    assert run.spent == nano(0.002)
    assert scene.budget.left_usd == 0


class BrokenStore(SpendStore):
    """Cannot be written for a while."""

    is_broken = True

    def reserve(self, day: str, price: int, limit: int) -> tuple[bool, int]:
        if self.is_broken:
            raise OutputError("what the day has cost cannot be kept in x: read-only")
        return super().reserve(day, price, limit)


async def test_while_the_day_s_costs_cannot_be_kept_no_call_is_paid(
    tmp_path: Path,
) -> None:
    clock, store = FakeClock(), BrokenStore(tmp_path / "spend.sqlite3")
    run = run_limit(5)
    scene = Scene(run, DayLimit(nano(1), store=store, clock=clock), clock=clock)
    for _ in range(2):
        assert await scene.budget.reserve() is None
        assert not scene.budget.allows()
        clock.advance(RETRY)
        assert scene.budget.allows()
    assert run.spent == 0
    (opened,) = scene.happenings.of(CircuitOpened)
    assert (opened.error, opened.retry_in) == ("BudgetUnknown", RETRY)
    assert "cannot be kept in x" in opened.message
    store.is_broken = False
    (await scene.pay()).charged()
    assert [event.lasted for event in scene.happenings.of(CircuitClosed)] == [2 * RETRY]


class SlowStore(SpendStore):
    """Takes its time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked, self.may_end = threading.Event(), threading.Event()

    def reserve(self, day: str, price: int, limit: int) -> tuple[bool, int]:
        self.asked.set()
        assert self.may_end.wait(20)
        return super().reserve(day, price, limit)


async def test_a_call_that_the_end_of_the_run_keeps_from_being_sent_is_not_paid(tmp_path: Path) -> None:
    clock, store = FakeClock(), SlowStore(tmp_path / "spend.sqlite3")
    scene = Scene(DayLimit(nano(1), store=store, clock=clock), clock=clock)
    paying = asyncio.create_task(scene.budget.reserve())
    await asyncio.to_thread(store.asked.wait, 20)
    paying.cancel()
    await asyncio.sleep(0)
    store.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await paying
    assert store.spent("2026-01-01") == 0


async def test_a_limit_that_comes_later_counts_what_was_spent_before() -> None:
    scene = Scene()
    for _ in range(3):
        (await scene.pay()).charged()
    limits = [scene.budget.run_usd]
    scene.budget.limit_run(nano(4 * PRICE))
    scene.budget.look_anew()
    limits.append(scene.budget.run_usd)
    assert (limits, scene.budget.left_usd) == ([None, 0.004], PRICE)
    (await scene.pay()).charged()
    assert await scene.budget.reserve() is None
    assert scene.told == [("run", 1.0)]


async def test_a_limit_below_what_was_spent_stops_at_once_and_says_so_and_more_lets_it_go_on() -> None:
    scene = Scene(run_limit(10))
    for _ in range(5):
        (await scene.pay()).charged()
    scene.budget.limit_run(nano(3 * PRICE))
    assert not scene.budget.allows()
    assert scene.budget.is_spent
    assert await scene.budget.reserve() is None
    scene.budget.look_anew()
    last = scene.happenings.of(BudgetReached)[-1]
    assert (last.share, last.spent_usd, last.budget_usd) == (1.0, 0.005, 0.003)
    assert scene.budget.left_usd == 0
    scene.budget.limit_run(nano(6 * PRICE))
    scene.budget.look_anew()
    assert scene.budget.allows()
    (await scene.pay()).charged()
    assert await scene.budget.reserve() is None
    assert scene.told == [("run", 1.0), ("run", 0.8), ("run", 1.0)]
    for limit in (None, nano(6 * PRICE)):
        scene.budget.limit_run(limit)
        scene.budget.look_anew()
    assert scene.told[3:] == [("run", 1.0)]
    scene.budget.limit_run(None)
    assert scene.budget.allows()
    assert scene.budget.left_usd is None


async def test_a_call_under_way_when_the_limit_falls_is_paid_and_none_is_begun() -> None:
    scene = Scene(run_limit(10))
    payment = await scene.pay()
    scene.budget.limit_run(nano(PRICE))
    scene.budget.look_anew()
    assert scene.told == []
    assert await scene.budget.reserve() is None
    payment.charged()
    assert scene.told == [("run", 1.0)]


async def test_a_call_that_is_not_charged_is_paid_back_to_a_limit_that_came_later() -> None:
    scene = Scene()
    payment = await scene.pay()
    scene.budget.limit_run(nano(PRICE))
    assert scene.budget.is_spent
    await payment.after(THROTTLE)
    assert scene.budget.left_usd == PRICE


async def test_the_day_s_budget_holds_however_much_the_run_may_cost(tmp_path: Path) -> None:
    clock = FakeClock()
    scene = Scene(day_limit(2, tmp_path, clock), clock=clock)
    scene.budget.limit_run(nano(1.0))
    for _ in range(2):
        (await scene.pay()).charged()
    assert await scene.budget.reserve() is None


def test_however_the_limit_is_moved_meanwhile_no_more_is_paid_than_the_highest() -> None:
    limit = RunLimit(50)
    paid: list[str | None] = []

    def pay() -> None:
        paid.extend(filter(None, [limit.reserve(1) for _ in range(1000)]))

    payers = [threading.Thread(target=pay) for _ in range(4)]
    for payer in payers:
        payer.start()
    for each in (10, 100, 20, 60) * 50:
        limit.limit = each
    for payer in payers:
        payer.join()
    assert limit.spent == len(paid) <= 100
