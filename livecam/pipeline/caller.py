"""Calls one detector: a free in-flight slot, then the permit, then the newest frame.

The order is measured: taking the frame first and waiting with it makes it half a second old at two
calls a second; paying the permit while no slot is free wastes most permits. A frame is never sent
twice: an old frame is worthless.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from livecam.detections import Detection
from livecam.errors import DeadlineExceeded, DetectionAborted, DetectorError
from livecam.pipeline.budget import BudgetSpent
from livecam.pipeline.call_thread import call_in_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.frames import Frame
    from livecam.pipeline.budget import Budget, Payment
    from livecam.pipeline.newest_frame import NewestFrame
    from livecam.pipeline.outcomes import Outcomes
    from livecam.protocols import FaceDetector, Pacer

log = logging.getLogger(__name__)

GRACE = 2.0
"""Seconds given at the end to calls that still run. A thread inside OpenCV when the interpreter takes
its libraries down aborts the process; one that never returns must not keep the user waiting either."""
WAITED = 0.005
"""Seconds after which a permit had to be waited for. Only then is there time for a younger frame: when the
calls themselves are what is slow, each wait would cost answers."""
PATIENCE = 0.1
"""Seconds for which a younger frame is waited for: the interval of a camera in low light (10 fps)..."""
PATIENCE_SHARE = 0.5
"""...but of the interval between two calls only this, so that together with what the pacer makes up for
(`pacing.MADE_UP_SHARE`) no call is later than one interval, the price of which were two calls too many."""


class Turn(Protocol):
    """Whether this detector is the one to be called, and what its calls come to."""

    def allows(self) -> bool:
        """Return whether a call may begin now."""

    def begin(self, at: float) -> None:
        """Take note that a call begins."""

    def succeeded(self, began_at: float) -> None:
        """Take note that the call which began at that instant was answered."""

    def failed(self, began_at: float, error: Exception) -> None:
        """Take note that the call which began at that instant failed."""


@dataclass(kw_only=True)
class Caller:
    """Calls a detector about the newest frames for as long as `run` runs."""

    detector: FaceDetector
    """Answers; called from up to `in_flight` threads at once."""
    pacer: Pacer
    turn: Turn
    frames: NewestFrame
    outcomes: Outcomes
    clock: Clock
    in_flight: int
    """Calls that may run at the same time."""
    deadline: float
    """Seconds after which a call is given up."""
    on_begin: Callable[[Frame], None] = lambda _: None
    """Told of each frame as its call begins."""
    budget: Budget | None = None
    """Pays each call before it is sent; None where none is paid."""
    _calls: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    async def run(self) -> None:
        """Call the detector until cancelled; on the way out, end what still runs."""
        free = asyncio.Semaphore(self.in_flight)
        try:
            while True:
                await self._slot(free)
                frame, payment = await self._next_paid()
                began_at = self.clock.now()
                self.turn.begin(began_at)
                self.on_begin(frame)
                call = asyncio.create_task(self._call(frame, began_at, payment, free))
                self._calls.add(call)
                call.add_done_callback(self._calls.discard)
        finally:
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)

    async def _slot(self, free: asyncio.Semaphore) -> None:
        """Wait for a free slot; while every earlier call hangs, frames are past their deadline here."""
        while True:
            try:
                async with asyncio.timeout(self.deadline):
                    await free.acquire()
            except TimeoutError:
                # While it is left alone its frames are another's.
                frame = self.frames.give_up() if self.turn.allows() else None
                if frame is not None:
                    error = DeadlineExceeded(f"no call was free within {self.deadline:g} s: all still run")
                    self._fail(frame, self.clock.now(), error)
                    self.frames.settle(frame)
            else:
                return

    async def _next_paid(self) -> tuple[Frame, Payment | None]:
        """Return the frame to be sent now and what it was paid with.

        It is paid after it was taken: whoever waits for a frame holds back nothing of what others share.
        """
        while True:
            frame = await self._next_frame()
            if self.budget is None:
                return frame, None
            payment = await self.budget.reserve()
            if payment is not None:
                return frame, payment
            if frame.name is not None:  # a still has its turn with whoever answers now
                self.frames.offer(frame)
                continue
            error = BudgetSpent(
                "it was not sent: nothing was left in the budget to pay it, or nobody knows what"
            )
            self.outcomes.failed(self.detector.info, frame, error)
            self.frames.settle(frame)

    async def _next_frame(self) -> Frame:
        """Return the frame to be sent now."""
        while True:
            await self.frames.until(self.turn.allows)
            asked_at = self.clock.now()
            await self.pacer.permit()
            if self.clock.now() - asked_at > WAITED:
                await self.frames.wait_for_fresh(min(PATIENCE, PATIENCE_SHARE / self.pacer.rate))
            frame = await self.frames.take(self.turn.allows)
            if frame is not None:  # else the turn was lost while waiting
                return frame

    async def _call(
        self, frame: Frame, began_at: float, payment: Payment | None, free: asyncio.Semaphore
    ) -> None:
        """Ask about one frame; the in-flight slot is given back when its thread is really free."""
        future = call_in_thread("livecam-detect", lambda: self.detector.detect(frame))
        is_told = False
        try:
            # Not wait_for: a detector's own TimeoutError must not be taken for our deadline.
            await asyncio.wait([future], timeout=self.deadline)
            if future.done():
                await _settle(payment, self._take_in(frame, began_at, future))
            else:
                late = DeadlineExceeded(f"no answer within {self.deadline:g} s")
                self._fail(frame, began_at, late)
                is_told = True
                await _settle(payment, late)
                self.frames.settle(frame)
                self._abort(frame)
                await asyncio.wait([future])
                future.exception()  # looked at, so that asyncio does not report it
        except asyncio.CancelledError:
            self._abort(frame)
            if payment is not None:
                payment.maybe_charged()
            if self.detector.info.is_paid and not is_told:
                error = DetectionAborted("the run ended before the answer came; it may be charged")
                self.outcomes.failed(self.detector.info, frame, error)
            await asyncio.wait([future], timeout=GRACE)
            raise
        finally:
            self.frames.settle(frame)
            future.cancel()  # what it says from now on is nobody's, and asyncio must not report it
            free.release()

    def _take_in(self, frame: Frame, began_at: float, future: asyncio.Future[Detection]) -> Exception | None:
        """Take in an answer; return what went wrong instead."""
        try:
            detection = _checked(future.result())
        except Exception as error:  # noqa: BLE001  a detector of any make; the picture goes on
            self._fail(frame, began_at, error)
            return error
        self.outcomes.answered(self.detector.info, frame, began_at, detection)
        self.turn.succeeded(began_at)
        return None

    def _abort(self, frame: Frame) -> None:
        try:
            self.detector.abort(frame)
        except Exception as error:
            log.debug("a call could not be ended", exc_info=error)

    def _fail(self, frame: Frame, began_at: float, error: Exception) -> None:
        self.outcomes.failed(self.detector.info, frame, error)
        self.turn.failed(began_at, error)


async def _settle(payment: Payment | None, error: Exception | None) -> None:
    """Say what became of a call that was paid; without an error it was answered."""
    if payment is not None and error is None:
        payment.charged()
    elif payment is not None and error is not None:
        await payment.after(error)


def _checked(answer: object) -> Detection:
    """Return an answer, if it is one: a detector may be anybody's."""
    if not isinstance(answer, Detection):
        raise DetectorError(f"the detector returned {type(answer).__name__}, which is no Detection")
    for face in answer.faces:
        if not face.box.is_proper:
            raise DetectorError(f"the detector returned a face in {face.box}, which is no box of a face")
    return answer
