from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from livecam.bench.latency.live_pictures import LivePictures
from livecam.errors import SourceError, SourceFailed, SourceUnavailable, UsageError
from livecam.frames import SourceInfo
from tests.builders import a_frame

if TYPE_CHECKING:
    from livecam.frames import Frame
    from livecam.protocols import FrameSlot


class FakeSource:
    """Delivers at once what it was given, and goes on when told."""

    def __init__(self, *frames: Frame, error: SourceError | None = None, ends: bool = False) -> None:
        self._frames, self._error, self._ends = frames, error, ends
        self.is_closed = False
        self._go_on = threading.Event()

    def open(self) -> SourceInfo:
        return SourceInfo("test", "a camera", 640, 480, 30.0)

    def start(self, slot: FrameSlot) -> None:
        for frame in self._frames:
            slot.put(frame)
        if self._ends:
            slot.close(self._error)

    def close(self) -> None:
        self.is_closed = True


def test_a_call_is_about_the_newest_frame_under_its_own_number() -> None:
    source = FakeSource(a_frame(5, at=50.0, width=640, height=480))
    with LivePictures(source, "camera 0") as pictures:
        frame, index = pictures.frame(3, 9, 51.0)
        assert (frame.sequence, frame.captured_at, index) == (3, 50.0, 0)
        assert (pictures.shown[0].name, pictures.shown[0].width) == ("camera 0", 640)
    assert source.is_closed


def test_a_source_that_ended_has_no_frame_any_more() -> None:
    source = FakeSource(a_frame(width=640, height=480), error=SourceFailed("it was unplugged"), ends=True)
    with LivePictures(source, "camera 0") as pictures, pytest.raises(SourceFailed, match="unplugged"):
        pictures.frame(1, 0, 1.0)


def test_a_source_that_sends_nothing_or_too_small_pictures_is_closed_again() -> None:
    for source, kind in (
        (FakeSource(ends=True), SourceUnavailable),
        (FakeSource(a_frame(width=64, height=48)), UsageError),
    ):
        with pytest.raises(kind, match="camera 0"), LivePictures(source, "camera 0"):
            pass
        assert source.is_closed
