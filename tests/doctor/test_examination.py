from __future__ import annotations

import threading

from livecam.doctor.examination import Check, Finding, examine
from livecam.errors import MissingDependency
from livecam.testing.clock import FakeClock

FINE = Finding("ok", "fine")


def found(*checks: Check) -> dict[str, Finding]:
    return dict(examine(checks, FakeClock()))


def test_findings_come_in_the_order_of_the_checks_whichever_is_done_first() -> None:
    is_second_done = threading.Event()

    def first() -> Finding:
        is_second_done.wait()
        return FINE

    def second() -> Finding:
        is_second_done.set()
        return Finding("warn", "hm")

    assert list(found(Check("a", first), Check("b", second)).items()) == [
        ("a", FINE),
        ("b", Finding("warn", "hm")),
    ]


def test_a_check_that_hangs_is_given_up_and_the_others_are_told() -> None:
    never, ends_with_the_program = threading.Event(), []

    def hang() -> Finding:
        ends_with_the_program.append(threading.current_thread().daemon)
        never.wait()
        return FINE

    told = found(Check("hangs", hang, limit=0.02), Check("fine", lambda: FINE))
    never.set()
    assert told["hangs"].state == "fail"
    assert told["hangs"].text == "it hangs: there was no answer within 0.02 seconds"
    assert told["fine"] == FINE
    assert ends_with_the_program == [True]


def test_all_checks_share_one_waiting_time() -> None:
    clock, never = FakeClock(), threading.Event()

    def hang() -> Finding:
        never.wait()
        return FINE

    def late() -> Finding:
        clock.advance(1000)
        never.wait()
        return FINE

    told = dict(examine([Check("late", late, limit=0.05), Check("hangs", hang, limit=60.0)], clock))
    never.set()
    assert told["hangs"].text == "it hangs: there was no answer within 60 seconds"


def test_whatever_a_check_raises_fails_in_a_line_and_takes_no_other_with_it() -> None:
    def ours() -> Finding:
        raise MissingDependency("OpenCV cannot be loaded")

    def bug() -> Finding:
        raise ZeroDivisionError("oh")

    told = found(Check("ours", ours), Check("bug", bug), Check("fine", lambda: FINE))
    assert told["ours"] == Finding("fail", "OpenCV cannot be loaded")
    assert told["bug"].state == "fail"
    assert told["bug"].text == "the check itself failed: ZeroDivisionError: oh"
    assert "report it" in str(told["bug"].advice)
    assert told["fine"] == FINE
