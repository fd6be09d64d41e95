"""Fakes at the plugs for tests of the data flow."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from typing import TYPE_CHECKING, TypeVar

from livecam.detections import Detection
from tests.builders import DETECTOR, a_face

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from livecam.events import Event
    from livecam.frames import Frame
    from livecam.pipeline.detection_loop import DetectionLoop

AnEvent = TypeVar("AnEvent", bound="Event")

DEAD_AFTER = 20
"""Seconds after which something that should have happened never will."""


class BlockedDetector:
    """Answers with one face when `release` is called; `abort` ends a call when it is told to.

    Args:
        heeds_abort: whether `abort` ends the call.
    """

    info = DETECTOR

    def __init__(self, *, heeds_abort: bool = True) -> None:
        self._heeds_abort = heeds_abort
        self._permits = threading.Semaphore(0)
        self.asked: queue.Queue[int] = queue.Queue()
        """Frames as the calls about them begin."""
        self.frames: list[int] = []
        self.aborted: list[int] = []

    def warm(self) -> None:
        """Nothing to do."""

    def detect(self, frame: Frame) -> Detection:
        self.frames.append(frame.sequence)
        self.asked.put(frame.sequence)
        if not self._permits.acquire(timeout=2 * DEAD_AFTER):
            raise AssertionError("never released")
        if frame.sequence in self.aborted:
            raise RuntimeError("aborted")
        return Detection((a_face(),), {"other": 0.25})

    def abort(self, frame: Frame) -> None:
        self.aborted.append(frame.sequence)
        if self._heeds_abort:
            self._permits.release()

    def release(self) -> None:
        """Let one call end."""
        self._permits.release()

    async def next_asked(self) -> int:
        """Return the frame that the next call is about, once it begins."""
        return await asyncio.to_thread(self.asked.get, timeout=DEAD_AFTER)


class FailingDetector:
    """Raises what `error` returns; `warm` raises too when it is told to."""

    info = DETECTOR

    def __init__(self, error: Callable[[], Exception], *, fails_to_warm: bool = False) -> None:
        self._error = error
        self._fails_to_warm = fails_to_warm
        self.frames: list[int] = []

    def warm(self) -> None:
        if self._fails_to_warm:
            raise self._error()

    def detect(self, frame: Frame) -> Detection:
        self.frames.append(frame.sequence)
        raise self._error()

    def abort(self, frame: Frame) -> None:
        """Nothing runs long enough."""


class FreePacer:
    """Permits every call at once and counts; a throttle takes one from its rate, a success adds one."""

    def __init__(self) -> None:
        self.permits = 0
        self.rate = self.asked = 10.0
        self.throttles: list[float] = []
        """When the throttled calls were sent."""

    async def permit(self) -> None:
        self.permits += 1

    def throttled(self, sent_at: float) -> None:
        self.throttles.append(sent_at)
        self.rate -= 1

    def succeeded(self) -> None:
        self.rate = min(self.rate + 1, self.asked)

    def ask(self, rate: float) -> None:
        if self.rate >= min(rate, self.asked):
            self.rate = rate
        self.asked = rate


class GatedPacer(FreePacer):
    """Permits a call for each `allow`."""

    def __init__(self) -> None:
        super().__init__()
        self._allowed = asyncio.Semaphore(0)
        self.wanted = asyncio.Event()
        """Set when somebody waits for a permit."""

    async def permit(self) -> None:
        self.wanted.set()
        await self._allowed.acquire()

    def allow(self) -> None:
        self._allowed.release()


class Happenings:
    """An `EventListener` whose events can be waited for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_for(self, kind: type[Event], count: int = 1) -> Event:
        """Return the `count`th event of a kind once it has happened."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.of(kind)) >= count, DEAD_AFTER), self.events
            return self.of(kind)[count - 1]

    def of(self, kind: type[AnEvent]) -> list[AnEvent]:
        """Return the events of a kind so far."""
        return [event for event in self.events if isinstance(event, kind)]


async def settle() -> None:
    """Let everything that can go on in this loop go on."""
    for _ in range(20):
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def running(loop: DetectionLoop) -> AsyncIterator[None]:
    """Run a detection loop beside the test."""
    task = asyncio.create_task(loop.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
