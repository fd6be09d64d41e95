"""Finished pictures for a program that iterates over them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.frames import SourceInfo
    from livecam.pictures import Picture


class PictureStream:
    """Fits `FrameSink`; its reader takes pictures one by one.

    A live source waits for nobody: its reader gets the newest picture, and what it was too slow for is
    counted. A source that can wait (stills, a file played fast) is held up until each was taken.

    Args:
        on_change: called, from any thread, when there may be something to take.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self._on_change = on_change
        self._changed = threading.Condition()
        self._newest: Picture | None = None
        self._waits = False
        self._is_closed = False
        self.info: SourceInfo | None = None
        """What the source granted; None until it was opened."""
        self.skipped = 0
        """Pictures that the reader was too slow for."""

    def open(self, info: SourceInfo) -> None:
        """Take note of what was granted."""
        with self._changed:
            self.info = info
            self._waits = not info.is_live
        self._tell()

    def write(self, picture: Picture) -> None:
        """Leave a picture for the reader."""
        with self._changed:
            if self._waits:
                self._changed.wait_for(lambda: self._newest is None or self._is_closed)
            self.skipped += self._newest is not None
            self._newest = picture
        self._tell()

    def close(self) -> None:
        """Say that no picture will follow; the last one can still be taken."""
        with self._changed:
            self._is_closed = True
        self._tell()

    @property
    def is_over(self) -> bool:
        """Whether nothing is left and nothing will come."""
        with self._changed:
            return self._is_closed and self._newest is None

    def take_now(self) -> Picture | None:
        """Take the picture that is there; None when there is none."""
        with self._changed:
            picture, self._newest = self._newest, None
            self._changed.notify_all()
            return picture

    def take(self) -> Picture | None:
        """Wait for a picture and take it; None when there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._is_closed)
        return self.take_now()

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
        self._on_change()
