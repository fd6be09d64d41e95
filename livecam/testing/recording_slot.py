"""A slot that keeps every frame: for trying a source without a run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.errors import LivecamError
    from livecam.frames import Frame

WAIT_TIMEOUT = 20.0
"""Seconds; far more than a source needs on a busy machine."""


class RecordingSlot:
    """Fits `FrameSlot`; never full."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.frames: list[Frame] = []
        self.patiences: list[float] = []
        """Of each frame."""
        self.errors: list[LivecamError | None] = []
        """Of each `close`."""

    def put(self, frame: Frame, *, patience: float = 0.0) -> None:
        """Keep a frame."""
        with self._changed:
            self.frames.append(frame)
            self.patiences.append(patience)
            self._changed.notify_all()

    def close(self, error: LivecamError | None = None) -> None:
        """Remember why it was closed."""
        with self._changed:
            self.errors.append(error)
            self._changed.notify_all()

    def wait_for_frames(self, count: int) -> list[Frame]:
        """Return the first `count` frames once they are there.

        Raises:
            TimeoutError: they did not come.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.frames) >= count, WAIT_TIMEOUT):
                raise TimeoutError(f"{len(self.frames)} of {count} frames came")
            return self.frames[:count]

    def wait_until_closed(self) -> LivecamError | None:
        """Return why it was closed, once it is.

        Raises:
            TimeoutError: it was not.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self.errors), WAIT_TIMEOUT):
                raise TimeoutError("the slot was not closed")
            return self.errors[0]
