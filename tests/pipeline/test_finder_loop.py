from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.detections import Appearance
from livecam.errors import ModelMissing
from livecam.events import FinderPaceChanged, FinderUnavailable
from livecam.faces import BoundingBox, Face
from livecam.pipeline import finder_loop
from livecam.pipeline.finder_loop import FinderLoop
from livecam.pipeline.finder_schedule import SHARE
from livecam.testing.clock import FakeClock
from tests.builders import a_face, a_frame
from tests.pipeline.parts import DEAD_AFTER, Happenings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from livecam.detections import Sighting
    from livecam.frames import Frame

    Observe: TypeAlias = Callable[[Frame, tuple[Face, ...]], tuple[Appearance | None, ...]]

FOUND = (a_face(),)


class Locator:
    """A `FaceLocator` that ends a look when `release` is called, as it is told to."""

    def __init__(self, *, unready: Exception | None = None) -> None:
        self._unready = unready
        self._outcomes: queue.Queue[tuple[Face, ...] | Exception] = queue.Queue()
        self.begun: queue.Queue[int] = queue.Queue()
        """Frames as the looks at them begin."""
        self.is_warm = threading.Event()

    def warm(self) -> None:
        if self._unready is not None:
            raise self._unready
        self.is_warm.set()

    def locate(self, frame: Frame) -> tuple[Face, ...]:
        self.begun.put(frame.sequence)
        outcome = self._outcomes.get(timeout=DEAD_AFTER)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def release(self, outcome: tuple[Face, ...] | Exception = FOUND) -> None:
        self._outcomes.put(outcome)


class Bench:
    """A loop with everything it needs, and hands for it."""

    def __init__(
        self, *, rate: float = 5.0, unready: Exception | None = None, observe: Observe | None = None
    ) -> None:
        self.clock, self.locator, self.told = FakeClock(), Locator(unready=unready), Happenings()
        self.cpu = 0.0
        self.loop = FinderLoop(
            locator=self.locator,
            rate=rate,
            clock=self.clock,
            cpu=lambda: self.cpu,
            publish=self.told,
            observe=observe,
        )
        self._sequence = -1

    def offer(self, *, after: float = 1.0, hurry: bool = False) -> int:
        """Offer the next frame; return its number."""
        self.clock.advance(after)
        self._sequence += 1
        self.loop.offer(a_frame(self._sequence, at=self.clock.now()), hurry=hurry)
        return self._sequence

    def offer_to_idle(self) -> int:
        """Offer a frame to a thread that waits for one; return its number once the look has begun."""
        self.wait_until_idle()
        taken = self.offer()
        assert self.locator.begun.get(timeout=DEAD_AFTER) == taken
        return taken

    def wait_until_idle(self) -> None:
        """Wait until the thread takes frames again."""
        pause = threading.Event()
        for _ in range(1000 * DEAD_AFTER):
            if self.loop._is_idle:
                return
            pause.wait(0.001)
        raise AssertionError("it never became idle")

    def look(self, outcome: tuple[Face, ...] | Exception = FOUND, *, cost: float = 0.016) -> int:
        """Have one frame looked at; return its number."""
        taken = self.offer_to_idle()
        self.cpu += cost
        self.locator.release(outcome)
        return taken

    def sightings(self, count: int) -> list[Sighting]:
        """Return what was seen, once it is so much."""
        found: list[Sighting] = []
        pause = threading.Event()
        for _ in range(1000 * DEAD_AFTER):
            found += self.loop.take()
            if len(found) >= count:
                return found
            pause.wait(0.001)
        raise AssertionError(f"only {len(found)} sightings came")


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    bench.loop.start()
    yield bench
    bench.locator.release()
    bench.loop.close()


def ended(loop: FinderLoop) -> bool:
    assert loop._thread is not None
    loop._thread.join(DEAD_AFTER)
    return not loop._thread.is_alive()


def test_what_was_seen_is_about_the_frame_that_was_looked_at(bench: Bench) -> None:
    taken = bench.offer_to_idle()
    captured_at = bench.clock.now()
    bench.clock.advance(0.035)
    bench.locator.release()
    (sighting,) = bench.sightings(1)
    assert (sighting.source, sighting.sequence, sighting.faces) == ("test", taken, FOUND)
    assert (sighting.captured_at, sighting.found_at) == (captured_at, captured_at + 0.035)
    assert bench.loop.take() == []


def test_what_can_be_no_face_is_left_out(bench: Bench) -> None:
    bench.offer_to_idle()
    nonsense = Face(BoundingBox(float("nan"), 0.0, 0.1, 0.1), 90.0)
    bench.locator.release((nonsense, *FOUND))
    (sighting,) = bench.sightings(1)
    assert sighting.faces == FOUND


def test_a_frame_that_comes_while_it_looks_is_let_go(bench: Bench) -> None:
    first = bench.offer_to_idle()
    bench.offer()
    bench.offer(hurry=True)
    bench.locator.release()
    bench.sightings(1)
    assert bench.locator.begun.empty()
    later = bench.look()
    assert later > first + 2
    assert [each.sequence for each in bench.sightings(1)] == [later]


def test_a_frame_before_its_time_is_let_go_unless_there_is_a_hurry(bench: Bench) -> None:
    bench.look()
    bench.wait_until_idle()
    bench.offer(after=0.09, hurry=True)
    bench.offer(after=0.02)
    assert bench.locator.begun.empty()
    hurried = bench.offer(after=0.01, hurry=True)
    assert bench.locator.begun.get(timeout=DEAD_AFTER) == hurried


def test_what_the_detector_saw_on_this_machine_is_not_looked_at_again(bench: Bench) -> None:
    bench.look()
    bench.wait_until_idle()
    bench.loop.seen(bench.clock.now() + 0.95)
    bench.offer(after=1.0)
    assert bench.locator.begun.empty()
    later = bench.offer(after=0.2)
    assert bench.locator.begun.get(timeout=DEAD_AFTER) == later


def test_before_it_is_started_and_after_it_is_closed_nothing_is_looked_at() -> None:
    bench = Bench()
    bench.offer()
    rates = [bench.loop.rate]
    bench.loop.start()
    assert bench.locator.is_warm.wait(DEAD_AFTER)
    rates.append(bench.loop.rate)
    bench.loop.close()
    assert ended(bench.loop)
    bench.offer()
    bench.loop.start()
    assert bench.locator.begun.empty()
    assert [*rates, bench.loop.rate] == [None, 5.0, None]


def test_closing_twice_or_before_the_start_harms_nothing() -> None:
    bench = Bench()
    bench.loop.close()
    bench.loop.start()
    bench.loop.close()
    assert bench.loop._thread is None
    assert bench.told.events == []


def test_starting_twice_starts_one_thread(bench: Bench) -> None:
    thread = bench.loop._thread
    bench.loop.start()
    assert bench.loop._thread is thread


def test_a_look_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder_loop, "GRACE", 0.01)
    bench = Bench()
    bench.loop.start()
    bench.offer_to_idle()
    bench.loop.close()
    bench.locator.release()
    assert ended(bench.loop)
    assert bench.loop.take() == []


@pytest.mark.parametrize("error", [ModelMissing("The model file is not there; install it"), OSError("odd")])
def test_where_the_model_cannot_be_used_it_is_off_and_says_so_once(
    error: Exception,
) -> None:
    bench = Bench(unready=error)
    bench.loop.start()
    event = bench.told.wait_for(FinderUnavailable)
    assert isinstance(event, FinderUnavailable)
    assert event.error == type(error).__name__
    assert str(error) in event.message
    assert ended(bench.loop)
    bench.offer()
    assert bench.loop.rate is None
    assert bench.loop.take() == []
    bench.loop.close()
    assert len(bench.told.events) == 1


def test_a_look_that_fails_now_and_then_is_passed_over(bench: Bench) -> None:
    for outcome in (OSError("odd"), OSError("odd"), FOUND, OSError("odd"), OSError("odd"), FOUND):
        bench.look(outcome)
    assert [each.faces for each in bench.sightings(2)] == [FOUND, FOUND]
    assert bench.told.events == []


def test_it_is_off_after_several_failures_in_a_row(bench: Bench) -> None:
    for _ in range(finder_loop.MOST_FAILURES):
        bench.look(OSError("the net is odd"))
    event = bench.told.wait_for(FinderUnavailable)
    assert isinstance(event, FinderUnavailable)
    assert (event.error, event.message, event.source) == ("OSError", "OSError: the net is odd", "test")
    assert ended(bench.loop)
    assert bench.loop.rate is None


def test_a_pace_that_changed_clearly_is_told_and_so_is_the_way_back(bench: Bench) -> None:
    for _ in range(8):
        bench.look(cost=0.016)
    for _ in range(8):
        bench.look(cost=SHARE / 3)
    slower = bench.told.wait_for(FinderPaceChanged)
    assert isinstance(slower, FinderPaceChanged)
    assert slower.rate == pytest.approx(3.0)
    for _ in range(8):
        bench.look(cost=0.016)
    back = bench.told.wait_for(FinderPaceChanged, 2)
    assert isinstance(back, FinderPaceChanged)
    assert back.rate == 5.0
    bench.sightings(24)
    assert len(bench.told.events) == 2


def test_the_last_step_back_to_the_full_pace_is_told_however_small(bench: Bench) -> None:
    for cost in (SHARE / 3, SHARE / 4.2, 0.016):
        for _ in range(9):
            bench.look(cost=cost)
    bench.sightings(27)
    rates = [event.rate for event in bench.told.events if isinstance(event, FinderPaceChanged)]
    assert rates == [pytest.approx(3.0), pytest.approx(4.2), 5.0]


def test_a_pace_that_hardly_changes_is_not_told(bench: Bench) -> None:
    for cost in (0.016, *(SHARE / pace for pace in (4.5, 4.4, 4.5, 4.3, 4.5, 4.4))):
        bench.look(cost=cost)
    bench.sightings(7)
    assert bench.told.events == []
    assert bench.loop.rate == pytest.approx(4.5)


class Eye:
    """Says how faces look, as it is told to, and remembers of what it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.looked_at: list[tuple[int, tuple[Face, ...], str]] = []
        self.cost: Callable[[], None] = lambda: None

    def __call__(self, frame: Frame, faces: tuple[Face, ...]) -> tuple[Appearance | None, ...]:
        self.looked_at.append((frame.sequence, faces, threading.current_thread().name))
        self.cost()
        if self.error is not None:
            raise self.error
        return tuple(Appearance(np.ones(512, np.float32), 100.0) for _ in faces)


@pytest.fixture
def eye() -> Eye:
    return Eye()


@pytest.fixture
def seeing(eye: Eye) -> Iterator[Bench]:
    bench = Bench(observe=eye)
    bench.loop.start()
    yield bench
    bench.locator.release()
    bench.loop.close()


def test_how_the_faces_look_is_said_with_where_they_are(seeing: Bench, eye: Eye) -> None:
    nonsense = Face(BoundingBox(float("nan"), 0.0, 0.1, 0.1), 90.0)
    taken = seeing.look((nonsense, *FOUND))
    (sighting,) = seeing.sightings(1)
    (look,) = sighting.appearances
    assert look is not None
    assert look.sharpness == 100.0
    assert eye.looked_at == [(taken, FOUND, "livecam-finder")]


def test_where_nobody_wants_to_know_nothing_is_said_of_looks(bench: Bench) -> None:
    bench.look()
    (sighting,) = bench.sightings(1)
    assert sighting.appearances == ()


def test_what_it_costs_to_say_how_faces_look_counts_for_the_pace(seeing: Bench, eye: Eye) -> None:
    def cost() -> None:
        seeing.cpu += SHARE / 2

    eye.cost = cost
    for _ in range(9):
        seeing.look(cost=0.0)
    seeing.sightings(9)
    assert seeing.loop.rate == pytest.approx(2.0)


def test_where_looks_fail_boxes_go_on_and_it_is_told_once(
    seeing: Bench, eye: Eye, caplog: pytest.LogCaptureFixture
) -> None:
    eye.error = OSError("odd pixels")
    for _ in range(2 * finder_loop.MOST_FAILURES):
        seeing.look()
    found = seeing.sightings(2 * finder_loop.MOST_FAILURES)
    assert [(each.faces, each.appearances) for each in found] == [(FOUND, ())] * len(found)
    warnings = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(warnings) == 1
    assert "odd pixels" in warnings[0]
    eye.error = None
    seeing.look()
    assert len(seeing.sightings(1)[0].appearances) == 1
    assert seeing.told.events == []
