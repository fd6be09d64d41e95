from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.errors import SourceFailed
from livecam.sources.playback import PATIENCE, Playback
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.frames import Frame, Image

DEAD_AFTER = 20
IMAGE = np.zeros((4, 6, 3), np.uint8)


def pictures(*times: float) -> Iterator[tuple[float, Image]]:
    yield from ((time, IMAGE) for time in times)


def play(times: Iterator[tuple[float, Image]], *, clock: FakeClock, is_fast: bool) -> RecordingSlot:
    slot = RecordingSlot()
    playback = Playback(source="test", clock=clock, is_fast=is_fast)
    playback.start(times, slot)
    slot.wait_until_closed()
    assert playback.stop(DEAD_AFTER)
    return slot


def test_unpaced_frames_come_at_once_with_their_own_times() -> None:
    slot = play(pictures(0.0, 100.0, 5000.0), clock=FakeClock(), is_fast=True)
    assert [(frame.sequence, frame.media_time) for frame in slot.frames] == [
        (0, 0.0),
        (1, 100.0),
        (2, 5000.0),
    ]
    assert {frame.captured_at for frame in slot.frames} == {FakeClock().now()}
    assert {frame.source for frame in slot.frames} == {"test"}
    assert slot.errors == [None]


def test_unpaced_frames_wait_for_ever_to_be_taken() -> None:
    assert play(pictures(0.0, 1.0), clock=FakeClock(), is_fast=True).patiences == [math.inf] * 2


def test_paced_frames_wait_for_a_moment_to_be_taken() -> None:
    assert play(pictures(0.0, 0.0), clock=FakeClock(), is_fast=False).patiences == [PATIENCE] * 2


def test_paced_frames_that_are_late_come_at_once() -> None:
    clock = FakeClock()

    def slow_decoding() -> Iterator[tuple[float, Image]]:
        for time in (0.0, 3600.0, 7200.0):
            yield time, IMAGE
            clock.advance(3600.0)

    slot = play(slow_decoding(), clock=clock, is_fast=False)
    began_at = FakeClock().now()
    assert [frame.captured_at - began_at for frame in slot.frames] == [0.0, 3600.0, 7200.0]


def test_a_first_picture_that_is_not_at_zero_does_not_make_it_wait() -> None:
    assert len(play(pictures(3600.0, 3600.0), clock=FakeClock(), is_fast=False).frames) == 2


def test_a_stop_ends_the_wait_for_a_picture_whose_time_has_not_come() -> None:
    slot = RecordingSlot()
    playback = Playback(source="test", clock=FakeClock(), is_fast=False)
    playback.start(pictures(0.0, 3600.0), slot)
    slot.wait_for_frames(1)
    playback.stop(0.0)
    assert slot.wait_until_closed() is None
    assert playback.stop(DEAD_AFTER)
    assert len(slot.frames) == 1


def test_after_a_stop_no_further_frame_is_delivered() -> None:
    class StoppingSlot(RecordingSlot):
        def put(self, frame: Frame, *, patience: float = 0.0) -> None:
            super().put(frame, patience=patience)
            if frame.sequence == 2:
                playback.stop(0.0)

    slot = StoppingSlot()
    playback = Playback(source="test", clock=FakeClock(), is_fast=True)
    playback.start(pictures(*range(100)), slot)
    slot.wait_until_closed()
    assert [frame.sequence for frame in slot.frames] == [0, 1, 2]


def test_after_a_stop_no_further_picture_is_asked_for() -> None:
    asked: list[int] = []

    def film() -> Iterator[tuple[float, Image]]:
        for number in range(100):
            assert not playback.stopped.is_set()
            asked.append(number)
            yield float(number), IMAGE

    class StoppingSlot(RecordingSlot):
        def put(self, frame: Frame, *, patience: float = 0.0) -> None:
            super().put(frame, patience=patience)
            playback.stop(0.0)

    slot = StoppingSlot()
    playback = Playback(source="test", clock=FakeClock(), is_fast=True)
    playback.start(film(), slot)
    assert slot.wait_until_closed() is None
    assert asked == [0]


@pytest.mark.parametrize("error", [SourceFailed("torn tape"), OSError("torn tape")])
def test_an_error_while_reading_is_why_the_slot_is_closed(error: Exception) -> None:
    def torn() -> Iterator[tuple[float, Image]]:
        yield 0.0, IMAGE
        raise error

    slot = play(torn(), clock=FakeClock(), is_fast=True)
    assert len(slot.frames) == 1
    (reason,) = slot.errors
    assert isinstance(reason, SourceFailed)
    assert "torn tape" in str(reason)


def test_an_empty_film_ends_regularly() -> None:
    slot = play(pictures(), clock=FakeClock(), is_fast=False)
    assert (slot.frames, slot.errors) == ([], [None])


def test_stopping_what_was_never_started_is_done_at_once() -> None:
    assert Playback(source="test", clock=FakeClock(), is_fast=False).stop(0.0)


def test_stopping_says_whether_the_thread_has_ended() -> None:
    go_on = threading.Event()

    def stuck() -> Iterator[tuple[float, Image]]:
        assert go_on.wait(DEAD_AFTER)
        yield 0.0, IMAGE

    slot = RecordingSlot()
    playback = Playback(source="test", clock=FakeClock(), is_fast=True)
    playback.start(stuck(), slot)
    assert not playback.stop(0.0)
    go_on.set()
    assert playback.stop(DEAD_AFTER)


def test_the_source_thread_may_stop_itself() -> None:
    class StoppingItselfSlot(RecordingSlot):
        def put(self, frame: Frame, *, patience: float = 0.0) -> None:
            assert playback.stop(DEAD_AFTER)
            super().put(frame, patience=patience)

    slot = StoppingItselfSlot()
    playback = Playback(source="test", clock=FakeClock(), is_fast=True)
    playback.start(pictures(0.0), slot)
    assert slot.wait_until_closed() is None
    assert len(slot.frames) == 1
