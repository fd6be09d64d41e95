"""Detection beside the picture: a free in-flight slot, then the permit, then the newest frame.

The order is measured: taking the frame first and waiting with it makes it half a second old at two
calls a second; paying the permit while no slot is free wastes most permits. A frame is never sent
twice: an old frame is worthless.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from typing import TYPE_CHECKING

from livecam.detections import Answer
from livecam.errors import DeadlineExceeded
from livecam.events import DetectionCompleted, DetectionFailed, DetectionPaused, DetectorUnavailable
from livecam.pipeline.call_thread import call_in_thread

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.detections import Detection
    from livecam.frames import Frame
    from livecam.protocols import EventListener, FaceDetector, Pacer

log = logging.getLogger(__name__)

GRACE = 2.0
"""Seconds given at the end to calls that still run. A thread inside OpenCV when the interpreter takes
its libraries down aborts the process; one that never returns must not keep the user waiting either."""
LOOK_EVERY = 0.1
"""Seconds after which who waits for an answer looks whether the run was stopped."""


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
        self._pacer = pacer
        self._free = asyncio.Semaphore(in_flight)
        self._deadline = deadline
        self._clock = clock
        self._publish = publish
        self._lock = threading.Lock()
        self._settled = threading.Condition(self._lock)
        self._is_paused = self._is_over = False
        self._source = ""
        self._settled_sequence = -1
        self._newest: Frame | None = None
        self._answers: list[Answer] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._frame_came = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()

    def offer(self, frame: Frame) -> None:
        """Offer a frame, from any thread; it replaces the one offered before. None is taken while paused."""
        with self._lock:
            self._source = frame.source
            self._newest = None if self._is_paused else frame
            loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop closed while the picture went on
                loop.call_soon_threadsafe(self._frame_came.set)

    def wait_until_settled(self, frame: Frame, stopped: threading.Event) -> None:
        """Wait until an offered frame was answered, or is known never to be, or `stopped` is set."""
        with self._settled:
            while not (self._is_over or self._is_paused or stopped.is_set()):
                if self._settled_sequence >= frame.sequence:
                    return
                self._settled.wait(LOOK_EVERY)

    @property
    def is_paused(self) -> bool:
        """Whether calls are stopped; those under way are still answered."""
        return self._is_paused

    def pause(self, is_paused: bool) -> None:  # noqa: FBT001  a setter that any thread may call
        """Stop the calls, or let them go on; any thread."""
        with self._lock:
            self._is_paused, self._newest = is_paused, None
            source = self._source
        self._publish(DetectionPaused(at=self._clock.now(), source=source, is_paused=is_paused))

    def take_answers(self) -> list[Answer]:
        """Return the answers that came since the last time, in order of arrival; any thread."""
        with self._lock:
            answers, self._answers = self._answers, []
            return answers

    async def run(self) -> None:
        """Call the detector until cancelled; on the way out, end what still runs."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
        try:
            if await self._is_ready():
                while True:
                    await self._free.acquire()
                    await self._pacer.permit()
                    call = asyncio.create_task(self._call(await self._next_frame()))
                    self._calls.add(call)
                    call.add_done_callback(self._calls.discard)
        finally:
            self._settle(over=True)
            for call in self._calls:
                call.cancel()
            await asyncio.gather(*self._calls, return_exceptions=True)

    async def _is_ready(self) -> bool:
        warming = call_in_thread("livecam-warm", self._detector.warm)
        try:
            await asyncio.shield(warming)
        except asyncio.CancelledError:
            await asyncio.wait([warming], timeout=GRACE)
            raise
        except Exception as error:  # noqa: BLE001  a detector of any make; the picture goes on
            name = self._detector.info.name
            log.error("%s cannot be used, the picture goes on without it: %s", name, error)
            self._publish(
                DetectorUnavailable(
                    at=self._clock.now(),
                    source=self._source,
                    detector=name,
                    error=type(error).__name__,
                    message=str(error),
                )
            )
            return False
        return True

    async def _next_frame(self) -> Frame:
        while True:
            with self._lock:
                frame, self._newest = self._newest, None
            if frame is not None:
                return frame
            self._frame_came.clear()
            # Looked at again after clearing: it may have come in between.
            if self._newest is None:
                await self._frame_came.wait()

    async def _call(self, frame: Frame) -> None:
        """Ask about one frame; the in-flight slot is given back when its thread is really free."""
        requested_at = self._clock.now()
        future = call_in_thread("livecam-detect", lambda: self._detector.detect(frame))
        try:
            # Not wait_for: a detector's own TimeoutError must not be taken for our deadline.
            await asyncio.wait([future], timeout=self._deadline)
            if future.done():
                self._take_in(frame, requested_at, future)
            else:
                self._detector.abort(frame)
                self._fail(frame, DeadlineExceeded(f"no answer within {self._deadline:g} s"))
                self._settle(frame)
                await asyncio.wait([future])
                future.exception()  # looked at, so that asyncio does not report it
        except asyncio.CancelledError:
            self._detector.abort(frame)
            await asyncio.wait([future], timeout=GRACE)
            raise
        finally:
            self._settle(frame)
            future.cancel()  # what it says from now on is nobody's, and asyncio must not report it
            self._free.release()

    def _settle(self, frame: Frame | None = None, *, over: bool = False) -> None:
        """Let who waits for a frame know that it is settled, or that the loop is over."""
        with self._settled:
            self._is_over = self._is_over or over
            if frame is not None:
                self._settled_sequence = max(self._settled_sequence, frame.sequence)
            self._settled.notify_all()

    def _take_in(self, frame: Frame, requested_at: float, future: asyncio.Future[Detection]) -> None:
        try:
            detection = future.result()
        except Exception as error:  # noqa: BLE001  a detector of any make; the picture goes on
            self._fail(frame, error)
        else:
            self._complete(frame, requested_at, detection)

    def _complete(self, frame: Frame, requested_at: float, detection: Detection) -> None:
        responded_at = self._clock.now()
        info = self._detector.info
        answer = Answer(
            info, frame.source, frame.sequence, frame.captured_at, requested_at, responded_at, detection
        )
        with self._lock:
            self._answers.append(answer)
        self._publish(
            DetectionCompleted(
                at=responded_at,
                source=frame.source,
                frame=frame.sequence,
                detector=info.name,
                faces=len(detection.faces),
                captured_at=frame.captured_at,
                requested_at=requested_at,
                responded_at=responded_at,
                timing=dict(detection.timing),
            )
        )

    def _fail(self, frame: Frame, error: Exception) -> None:
        log.info("frame %d was not answered: %s", frame.sequence, error, exc_info=error)
        self._publish(
            DetectionFailed(
                at=self._clock.now(),
                source=frame.source,
                frame=frame.sequence,
                detector=self._detector.info.name,
                error=type(error).__name__,
                message=str(error),
            )
        )
