from __future__ import annotations

import pytest

from livecam.circuit import FIRST_WAIT, OPENS_AFTER
from livecam.errors import CloudError, DeadlineExceeded
from livecam.events import CircuitClosed, CircuitOpened, PaceChanged
from livecam.pipeline.guard import TELL_PACE_EVERY, Guard
from livecam.testing.clock import FakeClock
from tests.pipeline.parts import FreePacer, Happenings

THROTTLE = CloudError("slow down", code="ThrottlingException", blame="service", is_throttle=True)
EXPIRED = CloudError("run `aws sso login`", code="ExpiredTokenException", blame="user", is_lasting=True)
BROKEN = CloudError("the service failed", code="InternalServerError", blame="service")


class Scene:
    """A guard and everything around it."""

    def __init__(self) -> None:
        self.clock, self.pacer, self.happenings = FakeClock(100.0), FreePacer(), Happenings()
        self.guard = Guard(
            detector="rekognition", pacer=self.pacer, clock=self.clock, publish=self.happenings, source="cam"
        )

    def fail(self, error: Exception, *, after: float = 0.3) -> None:
        began_at = self.clock.now()
        self.guard.begin(began_at)
        self.clock.advance(after)
        self.guard.failed(began_at, error)

    def succeed(self, *, after: float = 0.3) -> None:
        began_at = self.clock.now()
        self.guard.begin(began_at)
        self.clock.advance(after)
        self.guard.succeeded(began_at)

    @property
    def told(self) -> list[object]:
        return list(self.happenings.events)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_throttle_lowers_the_pace_and_is_told(scene: Scene) -> None:
    scene.fail(THROTTLE)
    assert scene.pacer.throttles == [100.0]
    assert scene.told == [PaceChanged(at=100.3, source="cam", rate=9.0, reason="throttled")]
    assert not scene.guard.is_open


def test_a_throttle_that_changes_nothing_is_not_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene.pacer, "throttled", lambda _: None)
    scene.fail(THROTTLE)
    assert scene.told == []


def test_a_pace_that_creeps_back_is_told_now_and_then_until_it_is_back(scene: Scene) -> None:
    for _ in range(3):
        scene.fail(THROTTLE)
    for _ in range(10):
        scene.succeed(after=0.6 * TELL_PACE_EVERY)
    rates = [(event.rate, event.reason) for event in scene.told if isinstance(event, PaceChanged)]
    assert rates == [
        (9.0, "throttled"),
        (8.0, "throttled"),
        (7.0, "throttled"),
        (9.0, "recovering"),
        (10.0, "recovered"),
    ]


def test_a_pace_that_only_ramps_up_is_not_told(scene: Scene) -> None:
    scene.pacer.rate = 5.0
    for _ in range(5):
        scene.succeed(after=2.0)
    assert scene.pacer.rate == 10.0
    assert scene.told == []


@pytest.mark.parametrize("error", [BROKEN, DeadlineExceeded("no answer within 3 s"), ValueError("x")])
def test_failures_in_a_row_of_any_make_open_the_circuit(scene: Scene, error: Exception) -> None:
    for _ in range(OPENS_AFTER - 1):
        scene.fail(error)
    assert scene.guard.allows()
    scene.fail(error)
    assert not scene.guard.allows()
    assert scene.pacer.throttles == []


def test_an_open_circuit_is_told_once(scene: Scene) -> None:
    scene.fail(EXPIRED)
    opened = CircuitOpened(
        at=100.3,
        source="cam",
        detector="rekognition",
        error="ExpiredTokenException",
        message="run `aws sso login`",
        retry_in=FIRST_WAIT,
    )
    for _ in range(3):
        scene.clock.advance(100.0)
        assert scene.guard.allows()
        scene.fail(EXPIRED)
    assert scene.told == [opened]


def test_an_answered_probe_closes_the_circuit_and_is_told(scene: Scene) -> None:
    scene.fail(EXPIRED)
    scene.clock.advance(FIRST_WAIT)
    scene.succeed(after=0.5)
    closed = scene.told[-1]
    assert isinstance(closed, CircuitClosed)
    assert (closed.detector, closed.source) == ("rekognition", "cam")
    assert closed.lasted == pytest.approx(5.5)
    assert scene.guard.allows()


def test_a_detector_that_is_not_ready_is_left_alone_and_tried_later(scene: Scene) -> None:
    scene.guard.failed(scene.clock.now(), BROKEN, is_unready=True)
    assert not scene.guard.allows()
    assert isinstance(scene.told[0], CircuitOpened)
    scene.clock.advance(FIRST_WAIT)
    assert scene.guard.allows()


def test_a_rate_that_the_user_sets_is_told_with_its_reason(scene: Scene) -> None:
    scene.guard.ask(4.0)
    assert (scene.pacer.rate, scene.pacer.asked) == (4.0, 4.0)
    assert scene.told == [PaceChanged(at=100.0, source="cam", rate=4.0, reason="set by the user")]


def test_where_the_service_has_throttled_it_is_told_what_is_possible_at_present(scene: Scene) -> None:
    scene.fail(THROTTLE)
    scene.guard.ask(20.0)
    told = [(event.rate, event.reason) for event in scene.told if isinstance(event, PaceChanged)]
    assert told == [(9.0, "throttled"), (20.0, "set by the user"), (9.0, "recovering")]


def test_a_pace_that_is_back_is_told_of_no_more(scene: Scene) -> None:
    scene.fail(THROTTLE)
    for _ in range(5):
        scene.succeed(after=2 * TELL_PACE_EVERY)
    told = [(event.rate, event.reason) for event in scene.told if isinstance(event, PaceChanged)]
    assert told == [(9.0, "throttled"), (10.0, "recovered")]


def test_a_detector_that_the_user_holds_is_left_alone_however_well_it_is(scene: Scene) -> None:
    states = []
    for is_held in (True, False):
        scene.guard.is_held = is_held
        states.append((scene.guard.is_open, scene.guard.allows()))
    assert states == [(True, False), (False, True)]
    assert scene.told == []
