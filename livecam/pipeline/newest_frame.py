"""The frame that was offered last, who waits to take it, and who waits until it is settled.

Between the picture thread, which offers and never waits but for stills, and the event loop, which takes.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.frames import Frame

FRESH = 0.01
"""Seconds of age up to which a frame is young enough to be sent: a third of an interval at 30 fps."""
MOST_SENT = 1000
"""Frames sent that are remembered for who asks; who never asks must not fill the memory."""
LOOK_EVERY = 0.1
"""Seconds after which who waits for an answer looks whether the run was stopped."""


class NewestFrame:
    """Keeps one frame; each is taken at most once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._settled = threading.Condition(self._lock)
        self._is_paused = self._is_over = False
        self._settled_sequence = -1
        self._frame: Frame | None = None
        self._sent: deque[int] = deque(maxlen=MOST_SENT)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._came = asyncio.Event()

    def attach(self) -> None:
        """Wake those who wait in the running event loop when a frame is offered."""
        with self._lock:
            self._loop = asyncio.get_running_loop()

    def offer(self, frame: Frame) -> None:
        """Replace the frame offered before, from any thread. None is taken while paused.

        A still may be offered again.
        """
        with self._lock:
            self._settled_sequence = min(self._settled_sequence, frame.sequence - 1)
            self._frame = None if self._is_paused else frame
        self._soon(self._wake)

    def change(self, change: Callable[[], None]) -> None:
        """Have something changed in the event loop, and let who waits look again; any thread.

        Before the event loop runs it is changed at once.
        """

        def change_and_wake() -> None:
            change()
            self._wake()

        if self._loop is None:
            change()
        else:
            self._soon(change_and_wake)

    def _soon(self, call: Callable[[], None]) -> None:
        with self._lock:
            loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop closed while the picture went on
                loop.call_soon_threadsafe(call)

    @property
    def is_over(self) -> bool:
        """Whether no frame will be answered any more."""
        return self._is_over

    @property
    def is_paused(self) -> bool:
        """Whether no frame is taken."""
        return self._is_paused

    def pause(self, is_paused: bool) -> None:  # noqa: FBT001  a setter that any thread may call
        """Take no more frames, or take them again; any thread."""
        with self._lock:
            self._is_paused, self._frame = is_paused, None

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds; it is looked at whenever a frame is offered."""
        while not condition():
            await self._came.wait()

    async def take(self, condition: Callable[[], bool]) -> Frame | None:
        """Return the newest frame that was not taken yet, once there is one; None if the condition fails."""
        while True:
            if not condition():
                return None
            with self._lock:
                frame, self._frame = self._frame, None
            if frame is not None:
                return frame
            await self._came.wait()

    def withdraw(self) -> None:
        """Forget the frame at hand: it is not worth a call any more; any thread."""
        with self._lock:
            self._frame = None

    def note_sent(self, frame: Frame) -> None:
        """Take note that a call begins about a frame."""
        with self._lock:
            self._sent.append(frame.sequence)

    def take_sent(self) -> list[int]:
        """Return which frames calls were begun about since the last time, in order; any thread."""
        with self._lock:
            sent = list(self._sent)
            self._sent.clear()
            return sent

    def give_up(self) -> Frame | None:
        """Take the frame at hand because nobody can be asked about it."""
        with self._lock:
            frame, self._frame = self._frame, None
        return frame

    async def wait_for_fresh(self, patience: float) -> None:
        """Wait up to `patience` seconds for a younger frame if the one at hand has aged.

        A still has no younger one.
        """
        frame = self._frame
        if frame is None or frame.name is not None or self._clock.now() - frame.captured_at <= FRESH:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._frame is frame:
                    await self._came.wait()

    def settle(self, frame: Frame) -> None:
        """Let who waits for a frame know that it was answered, or never will be."""
        with self._settled:
            self._settled_sequence = max(self._settled_sequence, frame.sequence)
            self._settled.notify_all()

    def close(self) -> None:
        """Let everybody know that no frame will be answered any more."""
        with self._settled:
            self._is_over = True
            self._settled.notify_all()

    def wait_until_settled(self, frame: Frame, stopped: threading.Event) -> None:
        """Wait until an offered frame is settled, or never will be, or `stopped` is set."""
        with self._settled:
            while not (self._is_over or self._is_paused or stopped.is_set()):
                if self._settled_sequence >= frame.sequence:
                    return
                self._settled.wait(LOOK_EVERY)

    def _wake(self) -> None:
        # An event of its own for each frame: who begins to wait after this waits for the next one. Nobody can
        # miss one, as this runs in the event loop and after the frame was put there.
        came, self._came = self._came, asyncio.Event()
        came.set()
