"""Detection beside the picture: the newest frames to a detector, and to another while that one fails.

How a detector is called is in `caller.py`, what its failures lead to in `guard.py`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.errors import CloudError
from livecam.events import DetectionPaused, DetectorUnavailable
from livecam.pipeline.call_thread import call_in_thread
from livecam.pipeline.caller import GRACE, Caller
from livecam.pipeline.guard import Guard
from livecam.pipeline.newest_frame import LOOK_EVERY, NewestFrame
from livecam.pipeline.outcomes import Outcomes

if TYPE_CHECKING:
    import threading

    from livecam.clock import Clock
    from livecam.detections import Answer
    from livecam.frames import Frame
    from livecam.pipeline.budget import Budget
    from livecam.protocols import EventListener, FaceDetector, Pacer

FALLBACK_IN_FLIGHT = 1
"""The on-device engine's nets take one frame at a time."""


class DetectionLoop:
    """Calls a detector about the newest frames; never holds up who offers them.

    Args:
        detector: answers; called from up to `in_flight` threads at once.
        pacer: spaces the calls.
        in_flight: calls that may run at the same time.
        deadline: seconds after which a call is given up.
        publish: told of every answer and failure.
    """

    def __init__(
        self,
        *,
        detector: FaceDetector,
        pacer: Pacer,
        in_flight: int,
        deadline: float,
        clock: Clock,
        publish: EventListener,
    ) -> None:
        self._detector = detector
        self._clock = clock
        self._publish = publish
        self._frames = NewestFrame(clock)
        self._outcomes = Outcomes(clock=clock, publish=publish)
        self._guard = Guard(detector=detector.info.name, pacer=pacer, clock=clock, publish=publish)
        self._caller = Caller(
            detector=detector,
            pacer=pacer,
            turn=self._guard,
            frames=self._frames,
            outcomes=self._outcomes,
            clock=clock,
            in_flight=in_flight,
            deadline=deadline,
            on_begin=self._frames.note_sent,
        )
        self._fallback: Caller | None = None
        self._asked_rate = pacer.asked
        self._budget: Budget | None = None

    def fall_back_on(self, detector: FaceDetector, pacer: Pacer) -> None:
        """Call this detector, at its own pace, while the other one is left alone; said before `run`.

        It is made ready when it is needed first. Its answers are labelled as its own.
        """
        self._fallback = Caller(
            detector=detector,
            pacer=pacer,
            turn=_StandIn(self._guard),
            frames=self._frames,
            outcomes=self._outcomes,
            clock=self._clock,
            in_flight=FALLBACK_IN_FLIGHT,
            deadline=self._caller.deadline,
        )

    def pay_from(self, budget: Budget) -> None:
        """Pay the detector's calls from a budget; said before `run`. When it is spent, none is made."""
        self._budget = self._caller.budget = self._guard.budget = budget
        self._outcomes.price_usd = budget.price_usd

    def offer(self, frame: Frame) -> None:
        """Offer a frame, from any thread; it replaces the one offered before. None is taken while paused."""
        self._guard.source = frame.source
        if self._budget is not None:
            self._budget.source = frame.source
        self._frames.offer(frame)

    def withdraw(self) -> None:
        """Take back the frame offered last, if it was not taken yet; any thread."""
        self._frames.withdraw()

    def take_sent(self) -> list[int]:
        """Return which frames calls were begun about since the last time; any thread."""
        return self._frames.take_sent()

    @property
    def is_asked(self) -> bool:
        """Whether a frame that is worth a call is one: not while paused, left alone or out of money."""
        return not self._frames.is_paused and not self._guard.is_open

    @property
    def is_stood_in_for(self) -> bool:
        """Whether another detector has its turn, so that what a call costs does not matter."""
        return self._fallback is not None and self._guard.is_open

    def wait_until_settled(self, frame: Frame, stopped: threading.Event) -> None:
        """Wait until an offered frame was answered, or is known never to be, or `stopped` is set."""
        self._frames.wait_until_settled(frame, stopped)

    @property
    def may_ask_again(self) -> bool:
        """Whether what failed last may succeed if it is asked again; only a still is worth it."""
        return self._guard.may_pass

    def wait_for_turn(self, stopped: threading.Event) -> None:
        """Wait until a call may begin, or never will by itself, or `stopped` is set."""
        while not (
            self._guard.allows() or self._fallback or not self._guard.may_pass or self._frames.is_over
        ):
            if stopped.wait(LOOK_EVERY):
                return

    @property
    def is_paused(self) -> bool:
        """Whether calls are stopped; those under way are still answered."""
        return self._frames.is_paused

    def pause(self, is_paused: bool) -> None:  # noqa: FBT001  a setter that any thread may call
        """Stop the calls, or let them go on; any thread."""
        self._frames.pause(is_paused)
        self._publish(DetectionPaused(at=self._clock.now(), source=self._guard.source, is_paused=is_paused))

    @property
    def rate(self) -> float:
        """Calls per second that are asked for."""
        return self._asked_rate

    def ask_rate(self, rate: float) -> None:
        """Ask for another rate from the next call on, calls per second; any thread.

        The one that stands in keeps its own.
        """
        self._asked_rate = rate
        self._frames.change(lambda: self._guard.ask(rate))

    @property
    def budget(self) -> Budget | None:
        """What pays the calls; None where none is paid, or nobody knows what they cost."""
        return self._budget

    def ask_budget(self, limit: int | None) -> None:
        """Set what the run may cost, billionths of a dollar; None for no limit; any thread.

        It holds from the next call on: calls under way are paid already. What is free goes on as it was.
        """
        budget = self._budget
        if budget is not None:
            budget.limit_run(limit)
            self._frames.change(budget.look_anew)

    @property
    def detector(self) -> str:
        """Name of the own detector."""
        return self._detector.info.name

    @property
    def stand_in(self) -> str | None:
        """Name of the detector that can answer in place of the own one; None where there is none."""
        return None if self._fallback is None else self._fallback.detector.info.name

    @property
    def is_held(self) -> bool:
        """Whether the user has the stand-in answer."""
        return self._guard.is_held

    def hold(self, is_held: bool) -> None:  # noqa: FBT001  a setter that any thread may call
        """Have the stand-in asked instead from the next frame on, or the own detector again; any thread."""
        self._guard.is_held = is_held and self._fallback is not None
        self._frames.change(lambda: None)

    def take_answers(self) -> list[Answer]:
        """Return the answers that came since the last time, in order of arrival; any thread."""
        return self._outcomes.take()

    async def run(self) -> None:
        """Call the detector until cancelled; on the way out, end what still runs."""
        self._frames.attach()
        calling: list[asyncio.Task[None]] = []
        if self._budget is not None:
            self._budget.look()  # others may have spent it before
        try:
            if await self._is_ready():
                calling.append(asyncio.create_task(self._caller.run()))
                calling.append(asyncio.create_task(self._stand_in()))
                done, _ = await asyncio.wait(calling, return_when=asyncio.FIRST_EXCEPTION)
                for task in done:
                    task.result()
        finally:
            self._frames.close()
            for task in calling:
                task.cancel()
            await asyncio.gather(*calling, return_exceptions=True)

    async def _is_ready(self) -> bool:
        began_at = self._clock.now()
        try:
            await _warm(self._detector)
        except CloudError as error:  # it may be well later: it is tried as after a failed call
            self._guard.failed(began_at, error, is_unready=True)
        except Exception as error:  # noqa: BLE001  a detector of any make; the picture goes on
            self._tell_unavailable(self._detector, error)
            return False
        return True

    async def _stand_in(self) -> None:
        """See to the frames that are offered while the detector is left alone."""
        fallback = self._fallback
        if fallback is not None:
            await self._frames.until(fallback.turn.allows)
            try:
                await _warm(fallback.detector)
            except Exception as error:  # noqa: BLE001  a detector of any make; the picture goes on
                self._tell_unavailable(fallback.detector, error)
            else:
                await fallback.run()
        await self._refuse()

    async def _refuse(self) -> None:
        """Settle what nobody will answer."""

        def is_refused() -> bool:
            return not self._guard.allows()

        while True:
            await self._frames.until(is_refused)
            frame = await self._frames.take(is_refused)
            if frame is not None:
                self._frames.settle(frame)

    def _tell_unavailable(self, detector: FaceDetector, error: Exception) -> None:
        name = detector.info.name
        self._publish(
            DetectorUnavailable(
                at=self._clock.now(),
                source=self._guard.source,
                detector=name,
                error=type(error).__name__,
                message=str(error),
            )
        )


async def _warm(detector: FaceDetector) -> None:
    warming = call_in_thread("livecam-warm", detector.warm)
    try:
        await asyncio.shield(warming)
    except asyncio.CancelledError:
        await asyncio.wait([warming], timeout=GRACE)
        raise


@dataclass(frozen=True, slots=True)
class _StandIn:
    """Whose turn it is while the guarded detector is left alone."""

    guard: Guard

    def allows(self) -> bool:
        return self.guard.is_open

    def begin(self, at: float) -> None:
        """Nothing depends on it."""

    def succeeded(self, began_at: float) -> None:
        """Nothing follows from it."""

    def failed(self, began_at: float, error: Exception) -> None:
        """Nothing follows from it."""
