"""Sinks that hold up or fail a run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from livecam.errors import OutputError
from livecam.testing.recording_sink import RecordingSink
from tests.pipeline.parts import DEAD_AFTER

if TYPE_CHECKING:
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture


class BlockedSink(RecordingSink):
    """Takes its first picture only when told."""

    def __init__(self) -> None:
        super().__init__()
        self.is_writing = threading.Event()
        self.go_on = threading.Event()

    def write(self, picture: Picture) -> None:
        self.is_writing.set()
        assert self.go_on.wait(DEAD_AFTER)
        super().write(picture)


class BrokenSink(RecordingSink):
    """Fails where it is told to."""

    def __init__(self, *, fails_at: str) -> None:
        super().__init__()
        self._fails_at = fails_at

    def open(self, info: SourceInfo) -> None:
        super().open(info)
        self._fail("open")

    def write(self, picture: Picture) -> None:
        super().write(picture)
        if picture.frame.sequence == 2:
            self._fail("write")

    def close(self) -> None:
        super().close()
        self._fail("close")

    def _fail(self, where: str) -> None:
        if where == self._fails_at:
            raise OutputError(f"disk full at {where}")
