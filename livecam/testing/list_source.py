"""A source that delivers the frames it was given."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

from livecam.errors import SourceUnavailable
from livecam.frames import SourceInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livecam.errors import LivecamError
    from livecam.frames import Frame
    from livecam.protocols import FrameSlot

CLOSE_TIMEOUT = 2.0
INFO = SourceInfo(source="test", description="list", width=64, height=48, fps=30.0)


class ListSource:
    """Fits `FrameSource`; what is iterated may wait for something before it yields.

    Args:
        frames: delivered in this order.
        error: why it ends after the last one; None for the regular end.
        stays_open: after the last frame it waits for `close`, as a camera would.
        patience: seconds for which a frame waits to be taken.
    """

    def __init__(
        self,
        frames: Iterable[Frame],
        *,
        info: SourceInfo = INFO,
        error: LivecamError | None = None,
        stays_open: bool = False,
        patience: float = math.inf,
    ) -> None:
        self._frames = frames
        self._info = info
        self._error = error
        self._stays_open = stays_open
        self._patience = patience
        self._is_open = False
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self.stopped = threading.Event()
        """Set once it was closed."""
        self.is_started = False

    def open(self) -> SourceInfo:
        """Return the info it was given."""
        self._is_open = True
        return self._info

    def start(self, slot: FrameSlot) -> None:
        """Deliver the frames from a thread."""
        if not self._is_open:
            raise SourceUnavailable("the list was not opened")
        self.is_started = True
        with self._starting:
            self._thread = threading.Thread(
                target=self._deliver, args=(slot,), name="livecam-source", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Deliver nothing more."""
        self.stopped.set()
        with self._starting:
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(CLOSE_TIMEOUT)

    def _deliver(self, slot: FrameSlot) -> None:
        for frame in self._frames:
            if self.stopped.is_set():
                break
            slot.put(frame, patience=self._patience)
        else:
            if self._stays_open:
                self.stopped.wait()
        slot.close(None if self.stopped.is_set() else self._error)
