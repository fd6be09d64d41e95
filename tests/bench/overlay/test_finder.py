from __future__ import annotations

from livecam.bench.overlay.finder import Looks, VirtualFinder
from tests.bench.overlay.stand_ins import EverySchedule, TellingLocator
from tests.builders import a_face, a_frame


def test_a_look_is_told_thirty_five_milliseconds_later() -> None:
    finder = VirtualFinder(Looks(TellingLocator(a_face())), EverySchedule())
    frame = a_frame(4, at=1000.0)

    finder.offer(frame, hurry=False)

    assert finder.take(1000.034) == []
    (seen,) = finder.take(1000.035)
    assert (seen.sequence, seen.captured_at, seen.faces) == (4, 1000.0, (a_face(),))
    assert finder.take(1000.1) == []


def test_while_it_looks_it_takes_nothing_else() -> None:
    locator = TellingLocator()
    finder = VirtualFinder(Looks(locator), EverySchedule())
    for index in range(6):
        finder.take(1000 + index / 30)
        finder.offer(a_frame(index, at=1000 + index / 30), hurry=False)

    assert locator.looked_at == [0, 2, 4]


def test_the_schedule_is_told_of_a_hurry_and_always_of_the_same_cost() -> None:
    schedule = EverySchedule()
    finder = VirtualFinder(Looks(TellingLocator(a_face())), schedule)

    finder.offer(a_frame(0, at=1000.0), hurry=True)

    assert schedule.hurries == [True]
    assert schedule.costs == [(0.020, True)]


def test_a_schedule_that_says_no_is_heard() -> None:
    class NeverSchedule(EverySchedule):
        def is_due(self, now: float, *, hurry: bool) -> bool:
            return False

    locator = TellingLocator()
    VirtualFinder(Looks(locator), NeverSchedule()).offer(a_frame(), hurry=True)

    assert locator.looked_at == []


def test_a_picture_is_looked_at_once_for_all_who_share_the_looks() -> None:
    locator = TellingLocator(a_face())
    looks = Looks(locator)

    assert looks.at(a_frame(3)) == looks.at(a_frame(3)) == (a_face(),)
    assert locator.looked_at == [3]
