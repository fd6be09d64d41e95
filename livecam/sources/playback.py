"""Timed pictures delivered at their own pace, from a thread: what files and scenes share.

A file stands in for a camera, but it can wait where a camera cannot: a frame that is not taken at
once is held for a moment before it is replaced, so that a hiccup of the machine costs no frame.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from livecam.frames import Frame
from livecam.sources.source_thread import SourceThread

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from livecam.clock import Clock
    from livecam.frames import Image
    from livecam.protocols import FrameSlot

PATIENCE = 0.5
"""Seconds for which a frame waits to be taken; longer than a scheduling hiccup, shorter than a stall
that a viewer would call one."""


class Playback:
    """Delivers (media time, image) pairs as frames.

    Args:
        source: id for the frames.
        is_fast: do not pace; then every frame waits until it is taken, and none is dropped.
    """

    def __init__(self, *, source: str, clock: Clock, is_fast: bool) -> None:
        self._source = source
        self._clock = clock
        self._is_fast = is_fast
        self._thread = SourceThread(source)

    @property
    def stopped(self) -> threading.Event:
        """Set once nothing more is to be delivered; what makes the pictures may wait on it."""
        return self._thread.stopped

    def start(self, pictures: Iterator[tuple[float, Image]], slot: FrameSlot) -> None:
        """Deliver into `slot` from a thread, then close it. Returns at once."""
        self._thread.start(lambda: self._deliver(pictures, slot), slot)

    def stop(self, timeout: float) -> bool:
        """Deliver no further frame; return whether the thread has ended within `timeout` seconds."""
        return self._thread.stop(timeout)

    def _deliver(self, pictures: Iterator[tuple[float, Image]], slot: FrameSlot) -> None:
        patience = math.inf if self._is_fast else PATIENCE
        start_at: float | None = None
        for sequence, (media_time, image) in enumerate(pictures):
            now = self._clock.now()
            if start_at is None:
                start_at = now - media_time
            if self._thread.stopped.wait(0.0 if self._is_fast else max(start_at + media_time - now, 0.0)):
                return
            frame = Frame(self._source, sequence, self._clock.now(), media_time, image)
            slot.put(frame, patience=patience)
            if self._thread.stopped.is_set():  # the next picture's file may be closed by now
                return
