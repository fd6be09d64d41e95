from __future__ import annotations

import threading

from livecam.bench.latency.open_loop import Ending, PreciseWaiter, Schedule, run_block, work
from livecam.clock import SystemClock
from livecam.testing.clock import FakeClock


def test_calls_are_due_at_the_rate_whatever_became_of_those_before() -> None:
    clock = FakeClock(100.0)
    made: list[tuple[int, float, float]] = []

    def wait_until(instant: float) -> bool:
        clock.advance(max(instant - clock.now(), 0.0))
        return True

    def call(number: int, due_at: float) -> None:
        made.append((number, due_at, clock.now()))
        clock.advance(2.0 if number == 1 else 0.1)  # a stall

    work(Schedule(5, rate=2.0, begin_at=100.0), call, wait_until)
    assert [due_at for _, due_at, _ in made] == [100.0, 100.5, 101.0, 101.5, 102.0]
    lateness = [round(began_at - due_at, 6) for _, due_at, began_at in made]
    assert lateness == [0.0, 0.0, 1.5, 1.1, 0.7]  # the stall is in the calls behind it


def test_what_ends_while_waiting_makes_no_call() -> None:
    work(
        Schedule(5, rate=2.0, begin_at=0.0), lambda *_: (_ for _ in ()).throw(AssertionError), lambda _: False
    )


def test_a_schedule_that_is_given_up_hands_out_no_more() -> None:
    schedule = Schedule(3, rate=1.0, begin_at=7.0)
    assert schedule.take() == (0, 7.0)
    schedule.give_up()
    assert schedule.take() is None


def test_so_many_calls_run_at_the_same_time_and_all_are_awaited() -> None:
    both = threading.Barrier(2, timeout=20)  # breaks unless two calls run at once
    made: list[int] = []

    def call(number: int, _due_at: float) -> None:
        both.wait()
        made.append(number)

    schedule = Schedule(6, rate=1000.0, begin_at=0.0)
    run_block(schedule, call, in_flight=2, wait_until=lambda _: True, look=lambda: True)
    assert sorted(made) == list(range(6))


def test_calls_are_waited_for_no_longer_when_nobody_wants_them() -> None:
    hangs = threading.Event()
    looked: list[bool] = []

    def look() -> bool:
        looked.append(True)
        return False

    def call(_number: int, _due_at: float) -> None:
        hangs.wait(20)

    schedule = Schedule(1, rate=1.0, begin_at=0.0)
    run_block(schedule, call, in_flight=1, wait_until=lambda _: True, look=look)
    hangs.set()
    assert looked == [True]


def test_an_instant_is_never_waited_for_too_short() -> None:
    clock, ending = SystemClock(), Ending()
    due_at = clock.now() + 0.01
    assert PreciseWaiter(clock, ending)(due_at)
    assert clock.now() >= due_at


def test_a_wait_is_broken_off_and_the_first_reason_stands() -> None:
    ending = Ending()
    ending.end("first")
    ending.end("second")
    assert not PreciseWaiter(SystemClock(), ending)(SystemClock().now() + 3600)
    assert (ending.is_set, ending.reason) == (True, "first")
