from __future__ import annotations

import asyncio
import gc
import queue
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.circuit import FIRST_WAIT
from livecam.detections import Detection
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import CloudError, DetectorError
from livecam.events import (
    BudgetReached,
    CircuitClosed,
    CircuitOpened,
    DetectionCompleted,
    DetectionFailed,
    DetectionPaused,
    DetectorUnavailable,
    PaceChanged,
)
from livecam.faces import BoundingBox, Face
from livecam.pipeline.budget import Budget, RunLimit
from livecam.pipeline.detection_loop import DetectionLoop
from livecam.pricing import nano
from livecam.tally import Tally
from livecam.testing.clock import FakeClock
from tests.builders import DETECTOR, a_face, a_frame
from tests.pipeline.parts import (
    DEAD_AFTER,
    BlockedDetector,
    FailingDetector,
    FreePacer,
    GatedPacer,
    Happenings,
    running,
    settle,
)

if TYPE_CHECKING:
    from livecam.detections import Answer
    from livecam.frames import Frame
    from livecam.protocols import EventListener, FaceDetector, Pacer

SOON = 0.01
"""A deadline that nothing here can meet."""


def a_loop(
    detector: FaceDetector,
    publish: EventListener,
    *,
    pacer: Pacer | None = None,
    in_flight: int = 1,
    deadline: float = 2 * DEAD_AFTER,
    clock: FakeClock | None = None,
) -> DetectionLoop:
    return DetectionLoop(
        detector=detector,
        pacer=pacer or FreePacer(),
        in_flight=in_flight,
        deadline=deadline,
        clock=clock or FakeClock(),
        publish=publish,
    )


async def happened(
    happenings: Happenings, kind: type[DetectionCompleted | DetectionFailed], count: int = 1
) -> DetectionCompleted | DetectionFailed:
    event = await asyncio.to_thread(happenings.wait_for, kind, count)
    assert isinstance(event, DetectionCompleted | DetectionFailed)
    return event


async def test_the_frame_is_chosen_after_the_permit() -> None:
    detector, pacer = BlockedDetector(), GatedPacer()
    loop = a_loop(detector, Happenings(), pacer=pacer)
    async with running(loop):
        loop.offer(a_frame(0))
        await asyncio.wait_for(pacer.wanted.wait(), DEAD_AFTER)
        loop.offer(a_frame(1))
        loop.offer(a_frame(2))
        assert detector.frames == []
        pacer.allow()
        assert await detector.next_asked() == 2
        detector.release()


async def test_no_permit_is_asked_for_while_no_slot_is_free() -> None:
    detector, pacer = BlockedDetector(), FreePacer()
    loop = a_loop(detector, Happenings(), pacer=pacer)
    async with running(loop):
        loop.offer(a_frame(0))
        await detector.next_asked()
        loop.offer(a_frame(1))
        loop.offer(a_frame(2))
        await settle()
        assert pacer.permits == 1
        detector.release()
        assert await detector.next_asked() == 2
        assert pacer.permits == 2
        detector.release()


@pytest.mark.parametrize("in_flight", [1, 3])
async def test_no_more_calls_run_at_once_than_were_allowed(in_flight: int) -> None:
    detector = BlockedDetector()
    loop = a_loop(detector, Happenings(), in_flight=in_flight)
    async with running(loop):
        for sequence in range(in_flight):
            loop.offer(a_frame(sequence))
            assert await detector.next_asked() == sequence
        loop.offer(a_frame(10))
        await settle()
        assert detector.frames == list(range(in_flight))
        detector.release()
        assert await detector.next_asked() == 10
        for _ in range(in_flight):
            detector.release()


async def test_a_frame_is_never_sent_twice() -> None:
    happenings = Happenings()
    sent: list[int] = []

    def note(frame: Frame) -> tuple[()]:
        sent.append(frame.sequence)
        return ()

    loop = a_loop(ScriptedDetector(note), happenings)
    async with running(loop):
        loop.offer(a_frame(0))
        await happened(happenings, DetectionCompleted)
        await settle()
        assert sent == [0]
        loop.offer(a_frame(1))
        await happened(happenings, DetectionCompleted, 2)
    assert sent == [0, 1]


async def test_an_answer_is_returned_once_with_the_instants_of_its_call() -> None:
    happenings, clock, detector = Happenings(), FakeClock(), BlockedDetector()
    loop = a_loop(detector, happenings, clock=clock)
    async with running(loop):
        clock.advance(1.0)
        requested_at = clock.now()
        loop.offer(a_frame(5, at=requested_at - 0.1))
        await detector.next_asked()
        clock.advance(0.34)
        detector.release()
        completed = await happened(happenings, DetectionCompleted)
        (answer,) = loop.take_answers()
        assert loop.take_answers() == []
    assert (answer.source, answer.sequence, answer.captured_at) == ("test", 5, requested_at - 0.1)
    assert (answer.requested_at, answer.responded_at) == (requested_at, clock.now())
    assert answer.detection.faces == (a_face(),)
    assert completed == DetectionCompleted(
        at=clock.now(),
        source="test",
        frame=5,
        detector="scripted",
        faces=1,
        captured_at=requested_at - 0.1,
        requested_at=requested_at,
        responded_at=clock.now(),
        timing={"other": 0.25},
    )


async def test_answers_come_in_their_order_of_arrival() -> None:
    happenings = Happenings()
    first_may_end = threading.Event()
    begun: queue.Queue[int] = queue.Queue()

    def answer(frame: Frame) -> tuple[()]:
        begun.put(frame.sequence)
        if frame.sequence == 0:
            assert first_may_end.wait(DEAD_AFTER)
        return ()

    loop = a_loop(ScriptedDetector(answer), happenings, in_flight=2)
    async with running(loop):
        loop.offer(a_frame(0))
        assert await asyncio.to_thread(begun.get, timeout=DEAD_AFTER) == 0
        loop.offer(a_frame(1))
        await happened(happenings, DetectionCompleted)
        first_may_end.set()
        await happened(happenings, DetectionCompleted, 2)
        assert [answer.sequence for answer in loop.take_answers()] == [1, 0]


async def test_a_call_past_its_deadline_fails_and_is_aborted() -> None:
    happenings, detector = Happenings(), BlockedDetector()
    loop = a_loop(detector, happenings, deadline=SOON)
    async with running(loop):
        loop.offer(a_frame(3))
        failed = await happened(happenings, DetectionFailed)
    assert isinstance(failed, DetectionFailed)
    assert (failed.error, failed.frame, failed.detector) == ("DeadlineExceeded", 3, "scripted")
    assert "0.01 s" in failed.message
    assert set(detector.aborted) == {3}
    assert len(happenings.events) == 1


async def test_after_a_deadline_the_slot_is_taken_until_the_thread_is_free() -> None:
    happenings, detector, pacer = Happenings(), BlockedDetector(heeds_abort=False), FreePacer()
    loop = a_loop(detector, happenings, pacer=pacer, deadline=SOON)
    async with running(loop):
        loop.offer(a_frame(0))
        await happened(happenings, DetectionFailed)
        loop.offer(a_frame(1))
        await settle()
        assert pacer.permits == 1
        assert detector.frames == [0]
        detector.release()
        await detector.next_asked()
        assert await detector.next_asked() == 1
        detector.release()
        detector.release()


async def test_an_answer_past_its_deadline_is_not_used() -> None:
    happenings, detector = Happenings(), BlockedDetector(heeds_abort=False)
    loop = a_loop(detector, happenings, deadline=SOON)
    async with running(loop):
        loop.offer(a_frame(0))
        await happened(happenings, DetectionFailed)
        detector.aborted.clear()  # so that the call ends with an answer
        detector.release()
        loop.offer(a_frame(1))
        await detector.next_asked()
        await detector.next_asked()
        assert loop.take_answers() == []
        detector.release()
    assert not any(isinstance(event, DetectionCompleted) for event in happenings.events)


class ProvisionedThroughputExceededException(Exception):
    """What a service might say."""


@pytest.mark.parametrize(
    "error", [ProvisionedThroughputExceededException("slow down"), TimeoutError("socket"), ValueError("x")]
)
async def test_each_kind_of_error_is_counted_by_its_name(error: Exception) -> None:
    happenings, tally = Happenings(), Tally(detector="scripted")
    detector = FailingDetector(lambda: error)
    loop = a_loop(detector, happenings)
    async with running(loop):
        for sequence in range(2):
            loop.offer(a_frame(sequence))
            tally(await happened(happenings, DetectionFailed, sequence + 1))
    assert tally.summary()["calls"] == {
        "ok": 0,
        "failed": {type(error).__name__: 2},
        "stood_in": {},
        "rate": None,
    }
    assert detector.frames == [0, 1]


async def test_the_end_ends_calls_that_are_running() -> None:
    happenings, detector = Happenings(), BlockedDetector()
    loop = a_loop(detector, happenings, in_flight=2)
    async with running(loop):
        for sequence in range(2):
            loop.offer(a_frame(sequence))
            await detector.next_asked()
    assert sorted(detector.aborted) == [0, 1]
    assert happenings.events == []


@pytest.mark.parametrize("deadline", [SOON, 2 * DEAD_AFTER])
async def test_what_an_ended_call_says_later_is_not_reported_by_asyncio(deadline: float) -> None:
    complaints: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    happenings, detector = Happenings(), BlockedDetector(heeds_abort=False)
    loop = a_loop(detector, happenings, deadline=deadline)
    async with running(loop):
        loop.offer(a_frame(0))
        await detector.next_asked()
        if deadline == SOON:
            await happened(happenings, DetectionFailed)
    detector.release()  # the call raises now, and nobody waits for it
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "livecam-detect")
    await asyncio.to_thread(thread.join, DEAD_AFTER)
    del loop
    await settle()
    gc.collect()
    assert complaints == []


async def test_a_detector_that_cannot_be_made_ready_is_told_and_never_called() -> None:
    happenings = Happenings()
    detector = FailingDetector(lambda: ValueError("no model"), fails_to_warm=True)
    loop = a_loop(detector, happenings)
    loop.offer(a_frame(0))
    await asyncio.wait_for(loop.run(), DEAD_AFTER)
    (event,) = happenings.events
    assert isinstance(event, DetectorUnavailable)
    assert (event.detector, event.error, event.message) == ("scripted", "ValueError", "no model")
    assert event.source == "test"
    assert detector.frames == []


async def test_a_frame_offered_before_the_start_is_not_lost() -> None:
    happenings = Happenings()
    loop = a_loop(ScriptedDetector(lambda _: ()), happenings)
    loop.offer(a_frame(8))
    async with running(loop):
        assert (await happened(happenings, DetectionCompleted)).frame == 8


def test_a_frame_offered_after_the_loop_closed_harms_nobody() -> None:
    loop = a_loop(ScriptedDetector(lambda _: ()), Happenings())

    async def run_for_a_moment() -> None:
        async with running(loop):
            await settle()

    asyncio.run(run_for_a_moment())
    loop.offer(a_frame(0))
    assert loop.take_answers() == []


async def test_while_paused_no_frame_is_taken_and_it_is_told() -> None:
    detector, happenings = BlockedDetector(), Happenings()
    loop = a_loop(detector, happenings)
    async with running(loop):
        loop.offer(a_frame(0))
        assert await detector.next_asked() == 0
        loop.pause(True)
        detector.release()
        await asyncio.to_thread(happenings.wait_for, DetectionCompleted)
        loop.offer(a_frame(1))
        await settle()
        loop.pause(False)
        loop.offer(a_frame(2))
        assert await detector.next_asked() == 2
        detector.release()
    told = [event.is_paused for event in happenings.events if isinstance(event, DetectionPaused)]
    assert told == [True, False]
    assert detector.frames == [0, 2]


@pytest.mark.parametrize("ends", ["answered", "failed", "late", "over", "paused", "stopped", "unready"])
async def test_who_waits_for_an_answer_waits_no_longer_than_there_can_be_one(ends: str) -> None:
    failing = FailingDetector(lambda: DetectorError("no"), fails_to_warm=ends == "unready")
    blocked = BlockedDetector(heeds_abort=False)
    loop = a_loop(
        failing if ends in ("failed", "unready") else blocked,
        Happenings(),
        deadline=SOON if ends == "late" else DEAD_AFTER,
    )
    stopped, frame = threading.Event(), a_frame(3)
    task = asyncio.create_task(loop.run())
    loop.offer(frame)
    waiting = asyncio.create_task(asyncio.to_thread(loop.wait_until_settled, frame, stopped))
    if ends not in ("failed", "unready"):
        await blocked.next_asked()
        if ends != "late":
            assert not waiting.done()
    match ends:
        case "answered":
            blocked.release()
        case "over":
            task.cancel()
        case "paused":
            loop.pause(True)
        case "stopped":
            stopped.set()
        case _:
            pass
    await asyncio.wait_for(waiting, DEAD_AFTER)
    blocked.release()
    task.cancel()
    await asyncio.wait([task])


EXPIRED = CloudError("log in again", code="ExpiredTokenException", blame="user", is_lasting=True)
THROTTLE = CloudError("slow down", code="ThrottlingException", blame="service", is_throttle=True)


class MoodyDetector:
    """Answers, or raises what it is told to; fits `FaceDetector`."""

    def __init__(self, error: Exception | None, *, name: str = "rekognition", unready: bool = False) -> None:
        self.info = replace(DETECTOR, name=name)
        self.error = error
        self.frames: list[int] = []
        self.warmed = 0
        self._unready = unready

    def warm(self) -> None:
        self.warmed += 1
        if self._unready and self.error:
            raise self.error

    def detect(self, frame: Frame) -> Detection:
        self.frames.append(frame.sequence)
        if self.error:
            raise self.error
        return Detection((a_face(),))

    def abort(self, frame: Frame) -> None:
        """Nothing runs long enough."""


async def waited_for(loop: DetectionLoop, frame: Frame) -> list[Answer]:
    """Offer a frame, wait until it is settled, and return the answers."""
    stopped = threading.Event()
    loop.offer(frame)
    waiting = asyncio.create_task(asyncio.to_thread(loop.wait_until_settled, frame, stopped))
    done, _ = await asyncio.wait([waiting], timeout=DEAD_AFTER)
    stopped.set()
    assert done, f"frame {frame.sequence} was never settled"
    return loop.take_answers()


async def test_a_throttled_call_lowers_the_pace_and_its_frame_is_never_sent_again() -> None:
    detector, pacer, happenings = MoodyDetector(THROTTLE), FreePacer(), Happenings()
    loop = a_loop(detector, happenings, pacer=pacer)
    async with running(loop):
        for sequence in range(3):
            assert await waited_for(loop, a_frame(sequence)) == []
    assert detector.frames == [0, 1, 2]
    assert (len(pacer.throttles), pacer.rate) == (3, 7.0)
    assert [event.error for event in happenings.events if isinstance(event, DetectionFailed)] == [
        "ThrottlingException"
    ] * 3
    assert len([event for event in happenings.events if isinstance(event, PaceChanged)]) == 3


async def test_after_a_lasting_failure_no_frame_is_taken_and_every_offered_one_is_settled() -> None:
    detector, happenings = MoodyDetector(EXPIRED), Happenings()
    loop = a_loop(detector, happenings)
    async with running(loop):
        for sequence in range(5):
            assert await waited_for(loop, a_frame(sequence)) == []
    assert detector.frames == [0]
    (opened,) = [event for event in happenings.events if isinstance(event, CircuitOpened)]
    assert (opened.error, opened.message, opened.source) == ("ExpiredTokenException", "log in again", "test")


async def test_a_detector_that_was_left_alone_is_tried_once_and_then_called_again() -> None:
    detector, happenings, clock = MoodyDetector(EXPIRED), Happenings(), FakeClock()
    loop = a_loop(detector, happenings, clock=clock)
    async with running(loop):
        await waited_for(loop, a_frame(0))
        clock.advance(FIRST_WAIT)
        await waited_for(loop, a_frame(1))
        await waited_for(loop, a_frame(2))
        assert detector.frames == [0, 1]
        clock.advance(2 * FIRST_WAIT)
        detector.error = None
        (answer,) = await waited_for(loop, a_frame(3))
        assert answer.sequence == 3
        assert len(await waited_for(loop, a_frame(4))) == 1
    told = [type(event) for event in happenings.events if isinstance(event, CircuitOpened | CircuitClosed)]
    assert told == [CircuitOpened, CircuitClosed]


async def test_a_cloud_detector_that_cannot_be_made_ready_is_tried_later() -> None:
    detector, happenings, clock = MoodyDetector(EXPIRED, unready=True), Happenings(), FakeClock()
    loop = a_loop(detector, happenings, clock=clock)
    async with running(loop):
        await asyncio.to_thread(happenings.wait_for, CircuitOpened)
        assert await waited_for(loop, a_frame(0)) == []
        detector.error = None
        clock.advance(FIRST_WAIT)
        assert len(await waited_for(loop, a_frame(1))) == 1
    assert detector.frames == [1]


async def test_while_a_detector_is_left_alone_the_fallback_answers_in_its_own_name() -> None:
    detector, fallback = MoodyDetector(EXPIRED), MoodyDetector(None, name="on-device")
    pacer, happenings, clock = FreePacer(), Happenings(), FakeClock()
    loop = a_loop(detector, happenings, clock=clock)
    loop.fall_back_on(fallback, pacer)
    async with running(loop):
        await waited_for(loop, a_frame(0))
        for sequence in (1, 2):
            (answer,) = await waited_for(loop, a_frame(sequence))
            assert (answer.detector.name, answer.sequence) == ("on-device", sequence)
    assert detector.frames == [0]
    assert (fallback.frames, fallback.warmed) == ([1, 2], 1)
    assert pacer.permits >= 2
    completed = [event for event in happenings.events if isinstance(event, DetectionCompleted)]
    assert [event.detector for event in completed] == ["on-device", "on-device"]


async def test_a_fallback_that_is_not_needed_is_not_even_made_ready() -> None:
    fallback = MoodyDetector(None, name="on-device")
    loop = a_loop(MoodyDetector(None), Happenings())
    loop.fall_back_on(fallback, FreePacer())
    async with running(loop):
        for sequence in range(3):
            (answer,) = await waited_for(loop, a_frame(sequence))
            assert answer.detector.name == "rekognition"
    assert (fallback.frames, fallback.warmed) == ([], 0)


async def test_the_fallback_is_called_no_more_once_the_detector_answers_again() -> None:
    detector, fallback = MoodyDetector(EXPIRED), MoodyDetector(None, name="on-device")
    happenings, clock = Happenings(), FakeClock()
    loop = a_loop(detector, happenings, clock=clock)
    loop.fall_back_on(fallback, FreePacer())
    async with running(loop):
        await waited_for(loop, a_frame(0))
        await waited_for(loop, a_frame(1))
        detector.error = None
        clock.advance(FIRST_WAIT)
        sequence = 2
        while not any(isinstance(event, CircuitClosed) for event in happenings.events):
            await waited_for(loop, a_frame(sequence))  # whoever gets it first
            sequence += 1
        before = list(fallback.frames)
        for later in range(3):
            (answer,) = await waited_for(loop, a_frame(sequence + later))
            assert answer.detector.name == "rekognition"
    assert fallback.frames == before


async def test_a_fallback_that_cannot_be_made_ready_keeps_nobody_waiting() -> None:
    fallback = MoodyDetector(ValueError("no model"), name="on-device", unready=True)
    happenings = Happenings()
    loop = a_loop(MoodyDetector(EXPIRED), happenings)
    loop.fall_back_on(fallback, FreePacer())
    async with running(loop):
        await waited_for(loop, a_frame(0))
        assert await waited_for(loop, a_frame(1)) == []
        event = await asyncio.to_thread(happenings.wait_for, DetectorUnavailable)
        assert isinstance(event, DetectorUnavailable)
        assert (event.detector, event.message) == ("on-device", "no model")
        assert await waited_for(loop, a_frame(2)) == []


async def test_frames_that_no_call_is_free_for_fail_past_their_deadline() -> None:
    detector, happenings = BlockedDetector(heeds_abort=False), Happenings()
    loop = a_loop(detector, happenings, deadline=SOON)
    async with running(loop):
        loop.offer(a_frame(0))
        await detector.next_asked()
        await happened(happenings, DetectionFailed)
        stopped, frame = threading.Event(), a_frame(1)
        loop.offer(frame)
        await asyncio.wait_for(asyncio.to_thread(loop.wait_until_settled, frame, stopped), DEAD_AFTER)
        failed = await happened(happenings, DetectionFailed, 2)
        assert isinstance(failed, DetectionFailed)
        assert (failed.frame, failed.error) == (1, "DeadlineExceeded")
        detector.release()


async def test_an_answer_that_is_none_is_a_failure() -> None:
    class Wrong(BlockedDetector):
        def detect(self, frame: Frame) -> Detection:
            return None  # type: ignore[return-value]

    happenings = Happenings()
    loop = a_loop(Wrong(), happenings)
    async with running(loop):
        loop.offer(a_frame(0))
        failed = await happened(happenings, DetectionFailed)
    assert isinstance(failed, DetectionFailed)
    assert "returned NoneType" in failed.message


@pytest.mark.parametrize("left", [float("nan"), float("inf"), 1e300])
async def test_a_box_that_can_be_none_of_a_face_is_a_failure(left: float) -> None:
    face, happenings = Face(BoundingBox(left, 0.1, 0.2, 0.2), 99.0), Happenings()
    loop = a_loop(ScriptedDetector(lambda _: (face,)), happenings)
    async with running(loop):
        loop.offer(a_frame(0))
        failed = await happened(happenings, DetectionFailed)
    assert isinstance(failed, DetectionFailed)
    assert "no box of a face" in failed.message
    assert loop.take_answers() == []


async def test_an_abort_that_raises_changes_nothing() -> None:
    class Stubborn(BlockedDetector):
        def abort(self, frame: Frame) -> None:
            raise RuntimeError("cannot")

    detector, happenings = Stubborn(), Happenings()
    loop = a_loop(detector, happenings, deadline=SOON)
    async with running(loop):
        loop.offer(a_frame(0))
        await detector.next_asked()
        failed = await happened(happenings, DetectionFailed)
        assert isinstance(failed, DetectionFailed)
        assert failed.error == "DeadlineExceeded"
        detector.release()


@pytest.mark.parametrize("is_paid", [True, False])
async def test_a_paid_call_that_the_end_cuts_off_is_counted(*, is_paid: bool) -> None:
    detector, happenings = BlockedDetector(), Happenings()
    detector.info = replace(detector.info, is_paid=is_paid)
    loop = a_loop(detector, happenings)
    async with running(loop):
        loop.offer(a_frame(0))
        await detector.next_asked()
    failed = [event.error for event in happenings.events if isinstance(event, DetectionFailed)]
    assert failed == (["DetectionAborted"] if is_paid else [])


PAID = replace(DETECTOR, name="rekognition", is_paid=True)


def a_budget(clock: FakeClock, publish: EventListener, calls: int) -> Budget:
    limits = [RunLimit(calls * nano(0.001))]
    return Budget(price=nano(0.001), detector="rekognition", clock=clock, publish=publish, limits=limits)


async def test_when_the_budget_is_spent_no_paid_call_is_made_and_another_detector_takes_over() -> None:
    happenings, clock, paid = Happenings(), FakeClock(), list[int]()

    def answer(frame: Frame) -> tuple[()]:
        paid.append(frame.sequence)
        return ()

    loop = a_loop(ScriptedDetector(answer, info=PAID), happenings, clock=clock)
    loop.fall_back_on(ScriptedDetector(lambda _: (), info=replace(DETECTOR, name="on-device")), FreePacer())
    loop.pay_from(a_budget(clock, happenings, 2))
    async with running(loop):
        for sequence in range(4):
            loop.offer(a_frame(sequence))
            await happened(happenings, DetectionCompleted, sequence + 1)
            await settle()
        assert not loop.may_ask_again
    completed = happenings.of(DetectionCompleted)
    assert paid == [0, 1]
    assert [event.detector for event in completed] == ["rekognition"] * 2 + ["on-device"] * 2
    assert [event.cost_usd for event in completed] == [0.001, 0.001, 0.0, 0.0]
    (reached,) = happenings.of(BudgetReached)
    assert (reached.source, reached.budget, reached.share) == ("test", "run", 1.0)


async def test_when_the_budget_is_spent_and_nobody_takes_over_stills_are_not_waited_for() -> None:
    happenings, clock = Happenings(), FakeClock()
    loop = a_loop(ScriptedDetector(lambda _: (), info=PAID), happenings, clock=clock)
    loop.pay_from(a_budget(clock, happenings, 1))
    stopped = threading.Event()
    async with running(loop):
        for sequence in range(3):
            await asyncio.to_thread(loop.wait_for_turn, stopped)
            still = replace(a_frame(sequence), name="a.png")
            loop.offer(still)
            await asyncio.wait_for(asyncio.to_thread(loop.wait_until_settled, still, stopped), DEAD_AFTER)
            await settle()
    assert [event.frame for event in happenings.of(DetectionCompleted)] == [0]


async def test_a_budget_that_was_spent_before_is_told_at_the_start() -> None:
    happenings, clock = Happenings(), FakeClock()
    loop = a_loop(ScriptedDetector(lambda _: (), info=PAID), happenings, clock=clock)
    loop.pay_from(a_budget(clock, happenings, 0))
    async with running(loop):
        await asyncio.to_thread(happenings.wait_for, BudgetReached)


async def test_which_frames_were_sent_is_known_and_those_that_nobody_was_asked_about_are_not() -> None:
    happenings = Happenings()
    loop = a_loop(ScriptedDetector(lambda _: ()), happenings)
    async with running(loop):
        loop.offer(a_frame(4))
        await happened(happenings, DetectionCompleted)
        assert loop.take_sent() == [4]
        loop.offer(a_frame(5))
        loop.withdraw()
        loop.offer(a_frame(6))
        await happened(happenings, DetectionCompleted, 2)
        assert 6 in loop.take_sent()
    assert not loop.is_stood_in_for


def two_detectors(happenings: Happenings) -> tuple[DetectionLoop, MoodyDetector, MoodyDetector]:
    detector, fallback = MoodyDetector(None), MoodyDetector(None, name="on-device")
    loop = a_loop(detector, happenings)
    loop.fall_back_on(fallback, FreePacer())
    return loop, detector, fallback


async def test_the_user_has_the_stand_in_answer_and_the_own_detector_again() -> None:
    happenings = Happenings()
    loop, detector, fallback = two_detectors(happenings)
    loop.pay_from(a_budget := Budget(price=nano(0.001), detector="d", clock=FakeClock(), publish=happenings))
    assert (loop.detector, loop.stand_in, loop.is_held) == ("rekognition", "on-device", False)
    async with running(loop):
        names = [(await waited_for(loop, a_frame(0)))[0].detector.name]
        await asyncio.to_thread(loop.hold, True)
        assert loop.is_held
        assert loop.is_stood_in_for
        assert not loop.is_asked
        for sequence in (1, 2, 3):
            names += [answer.detector.name for answer in await waited_for(loop, a_frame(sequence))]
        await asyncio.to_thread(loop.hold, False)
        names += [answer.detector.name for answer in await waited_for(loop, a_frame(4))]
    assert names == ["rekognition", "on-device", "on-device", "on-device", "rekognition"]
    assert (detector.frames, fallback.frames) == ([0, 4], [1, 2, 3])
    assert a_budget.charged == 2


async def test_what_waits_for_its_permit_is_not_sent_once_the_stand_in_was_chosen() -> None:
    detector, fallback, pacer = MoodyDetector(None), MoodyDetector(None, name="on-device"), GatedPacer()
    loop = a_loop(detector, Happenings(), pacer=pacer)
    loop.fall_back_on(fallback, FreePacer())
    async with running(loop):
        loop.offer(a_frame(0))
        await asyncio.wait_for(pacer.wanted.wait(), DEAD_AFTER)
        loop.hold(True)
        pacer.allow()
        await waited_for(loop, a_frame(1))
        await settle()
    assert detector.frames == []
    assert fallback.frames[-1] == 1


async def test_without_a_stand_in_nothing_is_held() -> None:
    loop = a_loop(MoodyDetector(None), Happenings())
    loop.hold(True)
    assert (loop.is_held, loop.stand_in) == (False, None)


async def test_another_rate_is_asked_for_while_it_runs() -> None:
    happenings, pacer = Happenings(), FreePacer()
    loop = a_loop(MoodyDetector(None), happenings, pacer=pacer)
    assert loop.rate == 10.0
    async with running(loop):
        await waited_for(loop, a_frame(0))
        await asyncio.to_thread(loop.ask_rate, 4.0)
        assert loop.rate == 4.0
        told = await asyncio.to_thread(happenings.wait_for, PaceChanged)
    assert isinstance(told, PaceChanged)
    assert (told.rate, told.reason, told.source) == (4.0, "set by the user", "test")
    assert (pacer.rate, pacer.asked) == (4.0, 4.0)


async def test_a_budget_that_the_user_sets_stops_the_calls_and_more_lets_them_go_on() -> None:
    happenings, detector = Happenings(), MoodyDetector(None)
    loop = a_loop(detector, happenings)
    loop.ask_budget(nano(1.0))
    loop.pay_from(Budget(price=nano(0.001), detector="d", clock=FakeClock(), publish=happenings))
    async with running(loop):
        for sequence in range(3):
            await waited_for(loop, a_frame(sequence))
        await asyncio.to_thread(loop.ask_budget, nano(0.002))
        await asyncio.to_thread(happenings.wait_for, BudgetReached)
        assert await waited_for(loop, a_frame(3)) == []
        await asyncio.to_thread(loop.ask_budget, nano(0.004))
        assert len(await waited_for(loop, a_frame(4))) == 1
        assert await waited_for(loop, a_frame(5)) == []
        await asyncio.to_thread(loop.ask_budget, None)
        assert len(await waited_for(loop, a_frame(6))) == 1
    assert detector.frames == [0, 1, 2, 4, 6]
