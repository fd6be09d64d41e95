"""A slot for one frame between two threads: the newest wins, and what it replaces is counted."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.errors import LivecamError
    from livecam.frames import Frame


@dataclass(frozen=True, slots=True)
class SlotStatistics:
    """How many frames went in, came out and were replaced unread."""

    put: int
    taken: int
    dropped: int


class LatestSlot:
    """Fits `FrameSlot`; its reader calls `take`.

    Args:
        on_drop: told of each frame that was replaced unread, in the writer's thread.
    """

    def __init__(self, on_drop: Callable[[Frame], None]) -> None:
        self._on_drop = on_drop
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._is_closed = False
        self._error: LivecamError | None = None
        self._put = self._taken = self._dropped = 0

    def put(self, frame: Frame, *, patience: float = 0.0) -> None:
        """Leave a frame; after `patience` seconds (`math.inf`: for ever) an unread one is replaced.

        A frame that comes after `close` was never captured as far as this run is concerned.
        """
        with self._changed:
            timeout = None if math.isinf(patience) else patience
            self._changed.wait_for(lambda: self._frame is None or self._is_closed, timeout)
            if self._is_closed:
                return
            replaced, self._frame = self._frame, frame
            self._put += 1
            self._dropped += replaced is not None
            self._changed.notify_all()
        if replaced is not None:
            self._on_drop(replaced)

    def take(self, timeout: float | None = None) -> Frame | None:
        """Wait for a frame and take it; None once the slot is closed and empty, or after `timeout` s."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None or self._is_closed, timeout)
            frame, self._frame = self._frame, None
            self._taken += frame is not None
            self._changed.notify_all()
            return frame

    def close(self, error: LivecamError | None = None) -> None:
        """End the flow; the last frame can still be taken. The first reason given stands."""
        with self._changed:
            if not self._is_closed:
                self._is_closed = True
                self._error = error
            self._changed.notify_all()

    @property
    def is_over(self) -> bool:
        """Whether no frame is left and none will come."""
        with self._changed:
            return self._is_closed and self._frame is None

    @property
    def error(self) -> LivecamError | None:
        """Why the flow ended, if it was not the regular end."""
        return self._error

    def statistics(self) -> SlotStatistics:
        """Return the counts so far."""
        with self._changed:
            return SlotStatistics(self._put, self._taken, self._dropped)
