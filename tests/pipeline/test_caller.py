from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.errors import CloudError
from livecam.events import DetectionFailed
from livecam.pipeline import caller
from livecam.pipeline.budget import Budget, RunLimit
from livecam.pipeline.caller import PATIENCE, WAITED, Caller
from livecam.pipeline.newest_frame import NewestFrame
from livecam.pipeline.outcomes import Outcomes
from livecam.testing.clock import FakeClock
from tests.builders import a_frame
from tests.pipeline.parts import DEAD_AFTER, BlockedDetector, FailingDetector, FreePacer, Happenings, settle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from livecam.protocols import FaceDetector, Pacer


class RecordingTurn:
    """Fits `Turn`; says what it was told."""

    def __init__(self) -> None:
        self.is_mine = True
        self.told: list[tuple[str, float]] = []
        self.changed = asyncio.Event()

    def allows(self) -> bool:
        return self.is_mine

    def begin(self, at: float) -> None:
        self._note("begin", at)

    def succeeded(self, began_at: float) -> None:
        self._note("succeeded", began_at)

    def failed(self, began_at: float, error: Exception) -> None:
        self._note(str(error), began_at)

    def _note(self, what: str, at: float) -> None:
        self.told.append((what, at))
        self.changed.set()

    async def wait_until_told(self, count: int) -> list[tuple[str, float]]:
        while len(self.told) < count:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), DEAD_AFTER)
        return self.told


class SlowPacer(FreePacer):
    """Grants a permit after a while, by its clock; something may happen meanwhile."""

    def __init__(self, clock: FakeClock, seconds: float, turn: RecordingTurn | None = None) -> None:
        super().__init__()
        self._clock, self._seconds, self._turn = clock, seconds, turn

    async def permit(self) -> None:
        await super().permit()
        self._clock.advance(self._seconds)
        if self._turn is not None:
            self._turn.is_mine = False


class Scene:
    """A caller and everything around it."""

    def __init__(self, detector: FaceDetector, *, pacer: Pacer | None = None) -> None:
        self.clock, self.turn, self.happenings = FakeClock(100.0), RecordingTurn(), Happenings()
        self.frames = NewestFrame(self.clock)
        self.caller = Caller(
            detector=detector,
            pacer=pacer or FreePacer(),
            turn=self.turn,
            frames=self.frames,
            outcomes=Outcomes(clock=self.clock, publish=self.happenings),
            clock=self.clock,
            in_flight=1,
            deadline=2 * DEAD_AFTER,
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.frames.attach()
        task = asyncio.create_task(self.caller.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])


async def test_what_a_call_comes_to_is_told_with_the_instant_at_which_it_began() -> None:
    detector = BlockedDetector()
    scene = Scene(detector)
    async with scene.running():
        scene.frames.offer(a_frame(0))
        await detector.next_asked()
        scene.clock.advance(0.3)
        detector.release()
        assert await scene.turn.wait_until_told(2) == [("begin", 100.0), ("succeeded", 100.0)]


async def test_a_failure_is_told_too() -> None:
    scene = Scene(FailingDetector(lambda: ValueError("no")))
    async with scene.running():
        scene.frames.offer(a_frame(0))
        assert await scene.turn.wait_until_told(2) == [("begin", 100.0), ("no", 100.0)]


async def test_no_permit_is_asked_for_out_of_turn() -> None:
    detector, pacer = BlockedDetector(), FreePacer()
    scene = Scene(detector, pacer=pacer)
    scene.turn.is_mine = False
    async with scene.running():
        scene.frames.offer(a_frame(0))
        await settle()
        assert pacer.permits == 0
        scene.turn.is_mine = True
        scene.frames.offer(a_frame(1))
        assert await detector.next_asked() == 1
        detector.release()


async def test_a_turn_that_is_lost_while_waiting_for_the_permit_leaves_the_frame_to_others() -> None:
    detector = BlockedDetector()
    scene = Scene(detector)
    scene.caller.pacer = SlowPacer(scene.clock, 0.0, scene.turn)
    async with scene.running():
        scene.frames.offer(frame := a_frame(0))
        await settle()
        assert scene.turn.told == []
        assert await scene.frames.take(lambda: True) is frame


@pytest.mark.parametrize(("waited", "sent"), [(0.5 * WAITED, 0), (2 * WAITED, 1)])
async def test_only_after_waiting_for_the_permit_is_a_younger_frame_waited_for(
    waited: float, sent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller, "PATIENCE", DEAD_AFTER)
    detector = BlockedDetector()
    scene = Scene(detector)
    scene.caller.pacer = pacer = SlowPacer(scene.clock, waited)
    pacer.rate = 0.01
    async with scene.running():
        scene.frames.offer(a_frame(0, at=99.9))
        await settle()
        scene.frames.offer(a_frame(1, at=scene.clock.now()))
        assert await detector.next_asked() == sent
        detector.release()


@pytest.mark.parametrize(("rate", "patience"), [(1.0, PATIENCE), (20.0, 0.025)])
async def test_a_younger_frame_is_waited_for_no_longer_than_the_pace_allows(
    rate: float, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = BlockedDetector()
    scene = Scene(detector)
    scene.caller.pacer = pacer = SlowPacer(scene.clock, 2 * WAITED)
    pacer.rate = rate
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(scene.frames, "wait_for_fresh", wait)
    async with scene.running():
        scene.frames.offer(a_frame(0))
        await detector.next_asked()
        detector.release()
    assert waits[0] == pytest.approx(patience)


def a_budget(scene: Scene, calls: int) -> Budget:
    scene.caller.budget = Budget(
        price=1, detector="rekognition", clock=scene.clock, publish=Happenings(), limits=[RunLimit(calls)]
    )
    return scene.caller.budget


async def test_each_call_is_paid_before_it_begins() -> None:
    detector = BlockedDetector()
    scene = Scene(detector)
    budget = a_budget(scene, 1)
    async with scene.running():
        scene.frames.offer(a_frame(0))
        await detector.next_asked()
        assert not budget.allows()
        detector.release()
        await scene.turn.wait_until_told(2)
        assert budget.charged == 1


async def test_what_nothing_is_left_for_is_not_sent_and_said_so() -> None:
    detector = BlockedDetector()
    scene = Scene(detector)
    a_budget(scene, 0)
    async with scene.running():
        scene.frames.offer(a_frame(0))
        failed = await asyncio.to_thread(scene.happenings.wait_for, DetectionFailed)
        assert isinstance(failed, DetectionFailed)
        assert (failed.frame, failed.error) == (0, "BudgetSpent")
    assert detector.frames == []
    assert scene.turn.told == []


async def test_a_still_that_cannot_be_paid_is_left_to_others() -> None:
    scene = Scene(BlockedDetector())
    budget = a_budget(scene, 0)
    scene.turn.allows = lambda: scene.turn.is_mine and budget.allows()  # type: ignore[method-assign]
    still = replace(a_frame(0), name="a.png")
    limit = budget.limits[0]
    assert isinstance(limit, RunLimit)
    limit.has_room = lambda price: True  # type: ignore[method-assign]  # as far as was known
    limit.reserve = lambda price: _spent(limit)  # type: ignore[method-assign]
    async with scene.running():
        scene.frames.offer(still)
        await settle()
        assert await scene.frames.take(lambda: True) is still
    assert scene.happenings.events == []


def _spent(limit: RunLimit) -> None:
    limit.has_room = lambda price: False  # type: ignore[method-assign]


async def test_a_refused_call_is_paid_back_and_one_that_the_end_cuts_off_is_not() -> None:
    throttle = CloudError("slow down", code="ThrottlingException", blame="service", is_throttle=True)
    scene = Scene(FailingDetector(lambda: throttle))
    budget = a_budget(scene, 1)
    async with scene.running():
        scene.frames.offer(a_frame(0))
        await scene.turn.wait_until_told(2)
        await settle()
        assert budget.allows()
        scene.caller.detector = detector = BlockedDetector()
        scene.frames.offer(a_frame(1))
        await detector.next_asked()
    await settle()
    assert (budget.charged, budget.maybe_charged) == (0, 1)


async def test_a_call_past_its_deadline_stays_paid() -> None:
    detector = BlockedDetector()
    scene = Scene(detector)
    scene.caller.deadline = 0.01
    budget = a_budget(scene, 5)
    async with scene.running():
        scene.frames.offer(a_frame(0))
        await scene.turn.wait_until_told(2)
        await settle()
        assert budget.maybe_charged == 1
