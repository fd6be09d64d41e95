"""A live source is watched, told of, and opened again for ever."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.backoff import Backoff
from livecam.errors import LivecamError, SourceFailed, SourceUnavailable
from livecam.events import SourceRecovered, SourceTroubled
from livecam.frames import SourceInfo
from livecam.health import STALLED_AFTER
from livecam.sources.live import REOPEN_FROZEN_AFTER, REOPEN_SILENT_AFTER, LiveSource
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot
from tests.pipeline.parts import DEAD_AFTER, Happenings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from livecam.events import Event
    from livecam.frames import Image

INFO = SourceInfo("cam", "camera 0", 32, 24, 30.0)
RECORDING = SourceInfo("cam", "a recording", 32, 24, 30.0, duration=9.0)


def a_picture(seed: int) -> Image:
    return np.random.default_rng(seed).integers(0, 255, (24, 32, 3)).astype(np.uint8)


class ScriptedConnection:
    """Delivers what it is told, one after the other; hangs when there is nothing."""

    def __init__(self, info: SourceInfo = INFO) -> None:
        self.info = info
        self.script: queue.Queue[Image | LivecamError | None] = queue.Queue()
        self.closed = threading.Event()
        self.closers: list[str] = []

    def read(self) -> Image | None:
        try:
            item = self.script.get(timeout=DEAD_AFTER)
        except queue.Empty:
            raise AssertionError("never told anything") from None
        if isinstance(item, LivecamError):
            raise item
        return item

    def close(self) -> None:
        self.closers.append(threading.current_thread().name)
        self.closed.set()

    def deliver(self, *seeds: int) -> None:
        for seed in seeds:
            self.script.put(a_picture(seed))


class Bench:
    """A live source whose connections are opened as told."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.happenings = Happenings()
        self.slot = RecordingSlot()
        self.connections: queue.Queue[ScriptedConnection | SourceUnavailable] = queue.Queue()
        self._pause = threading.Event()
        self.refuses = False
        self.breaks_once: Exception | None = None
        self.made: list[ScriptedConnection] = []
        self.source = LiveSource(
            self._connect,
            source="cam",
            name="camera 0",
            clock=self.clock,
            publish=self.happenings,
            backoff=Backoff(draw=lambda: -1.0),  # no wait at all
        )

    def _connect(self) -> ScriptedConnection:
        error, self.breaks_once = self.breaks_once, None
        if error is not None:
            raise error
        if self.refuses:
            raise SourceUnavailable("there is no camera 0")
        try:
            connection = self.connections.get(timeout=DEAD_AFTER)
        except queue.Empty:
            raise SourceUnavailable("not there") from None
        if isinstance(connection, SourceUnavailable):
            raise connection
        return connection

    def begin(self, connection: ScriptedConnection) -> None:
        self.connections.put(connection)
        self.source.open()
        self.source.start(self.slot)

    def end(self) -> None:
        self.connections.put(SourceUnavailable("the test is over"))
        for connection in self.made:
            connection.script.put(None)
        self.source.close()

    def advance_until(self, has_happened: Callable[[], bool], step: float = 0.5) -> None:
        """Let time pass until something has happened."""
        for _ in range(DEAD_AFTER * 50):
            if has_happened():
                return
            self.clock.advance(step)
            self.pause()
        raise AssertionError(self.happenings.events)

    def pause(self) -> None:
        """Let the other threads have a look."""
        self._pause.wait(0.02)

    def events(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.happenings.events if isinstance(event, kind)]

    def deliver_one(self, connection: ScriptedConnection, seed: int) -> None:
        count = len(self.slot.frames)
        connection.deliver(seed)
        self.slot.wait_for_frames(count + 1)

    def a_connection(self, info: SourceInfo = INFO) -> ScriptedConnection:
        connection = ScriptedConnection(info)
        self.made.append(connection)
        return connection


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.end()


def test_a_lost_camera_is_told_opened_again_and_goes_on(bench: Bench) -> None:
    first, second = bench.a_connection(), bench.a_connection()
    bench.begin(first)
    first.deliver(1, 2)
    bench.slot.wait_for_frames(2)
    first.script.put(SourceFailed("camera 0 was unplugged"))
    told = bench.happenings.wait_for(SourceTroubled)
    assert isinstance(told, SourceTroubled)
    assert told.trouble == "lost"
    assert told.message.startswith("camera 0 was unplugged")
    bench.clock.advance(12.0)
    bench.connections.put(second)
    second.deliver(3)
    bench.slot.wait_for_frames(3)
    recovered = bench.happenings.wait_for(SourceRecovered)
    assert isinstance(recovered, SourceRecovered)
    assert (recovered.trouble, recovered.lasted) == ("lost", 12.0)
    assert [frame.sequence for frame in bench.slot.frames] == [0, 1, 2]
    assert bench.slot.frames[2].media_time == 12.0
    assert first.closers == ["livecam-reader"]


def test_why_a_camera_was_lost_does_not_keep_its_last_picture_in_memory(bench: Bench) -> None:
    lost, error = bench.a_connection(), SourceFailed("camera 0 was unplugged")
    bench.begin(lost)
    lost.deliver(1)
    lost.script.put(error)
    bench.happenings.wait_for(SourceTroubled)
    assert error.__traceback__ is None  # its frames hold the picture, and it holds them


def test_it_is_tried_for_ever_and_each_new_reason_is_told_once(bench: Bench) -> None:
    first, last = bench.a_connection(), bench.a_connection()
    bench.begin(first)
    first.deliver(1)
    bench.slot.wait_for_frames(1)
    first.script.put(SourceFailed("camera 0 was unplugged"))
    for _ in range(30):
        bench.connections.put(SourceUnavailable("there is no camera 0"))
    bench.connections.put(SourceUnavailable("camera 0 is in use by obs"))
    bench.connections.put(last)
    last.deliver(2)
    bench.slot.wait_for_frames(2)
    bench.happenings.wait_for(SourceRecovered)
    messages = [event.message for event in bench.happenings.events if isinstance(event, SourceTroubled)]
    assert messages == [
        "camera 0 was unplugged; opening it again",
        "there is no camera 0; trying again",
        "camera 0 is in use by obs; trying again",
    ]


def test_a_camera_that_hangs_is_told_then_left_behind_and_opened_anew(bench: Bench) -> None:
    hung, second = bench.a_connection(), bench.a_connection()
    bench.begin(hung)
    for seed in range(5):
        bench.deliver_one(hung, seed)
        bench.clock.advance(0.03)
    bench.clock.advance(STALLED_AFTER)
    told = bench.happenings.wait_for(SourceTroubled)
    assert isinstance(told, SourceTroubled)
    assert (told.trouble, told.message) == ("stalled", "camera 0 sends no picture")
    bench.clock.advance(REOPEN_SILENT_AFTER)
    bench.connections.put(second)
    second.deliver(100)
    bench.happenings.wait_for(SourceRecovered)
    seen = len(bench.slot.frames)
    hung.deliver(200)  # the read returns at last: its picture is old, and it closes what it read
    assert hung.closed.wait(DEAD_AFTER)
    assert hung.closers == ["livecam-reader"]
    assert len(bench.slot.frames) == seen
    assert not second.closed.is_set()


def test_a_camera_that_opens_but_sends_nothing_is_not_taken_for_well(bench: Bench) -> None:
    first, silent, third = (bench.a_connection() for _ in range(3))
    bench.begin(first)
    first.deliver(1)
    bench.slot.wait_for_frames(1)
    first.script.put(SourceFailed("camera 0 stopped delivering"))
    bench.happenings.wait_for(SourceTroubled)
    bench.connections.put(silent)
    bench.advance_until(lambda: len(bench.events(SourceTroubled)) == 2)
    assert bench.events(SourceRecovered) == []
    bench.connections.put(third)
    third.deliver(2)
    bench.happenings.wait_for(SourceRecovered)


def test_a_frozen_camera_is_told_and_opened_again_after_a_while(bench: Bench) -> None:
    frozen, second = bench.a_connection(), bench.a_connection()
    bench.begin(frozen)
    for _ in range(round(REOPEN_FROZEN_AFTER * 2) + 2):
        bench.deliver_one(frozen, 7)
        bench.clock.advance(0.5)
    told = bench.happenings.wait_for(SourceTroubled)
    assert isinstance(told, SourceTroubled)
    assert told.trouble == "frozen"
    again = bench.happenings.wait_for(SourceTroubled, 2)
    assert isinstance(again, SourceTroubled)
    assert again.message.endswith("opening it again")
    bench.connections.put(second)
    bench.deliver_one(second, 7)
    for _ in range(4):
        bench.clock.advance(0.5)
        bench.deliver_one(second, 7)
    assert bench.events(SourceRecovered) == []  # the same picture as before it was opened again
    for seed in range(10, 10 + 50 * DEAD_AFTER):
        if bench.events(SourceRecovered):
            return
        bench.deliver_one(second, seed)
        bench.clock.advance(0.05)
        bench.pause()
    raise AssertionError(bench.happenings.events)


def test_the_regular_end_is_the_end(bench: Bench) -> None:
    recording = bench.a_connection(RECORDING)
    bench.begin(recording)
    recording.deliver(1, 2)
    recording.script.put(None)
    assert bench.slot.wait_until_closed() is None
    assert len(bench.slot.frames) == 2
    assert bench.happenings.events == []


def test_a_recording_that_breaks_off_ends_with_what_was_wrong(bench: Bench) -> None:
    recording = bench.a_connection(RECORDING)
    bench.begin(recording)
    recording.deliver(1)
    recording.script.put(SourceFailed("the connection was reset"))
    error = bench.slot.wait_until_closed()
    assert isinstance(error, SourceFailed)
    assert str(error) == "the connection was reset"


def test_what_cannot_be_opened_at_the_start_is_an_error(bench: Bench) -> None:
    bench.connections.put(SourceUnavailable("there is no camera 0"))
    with pytest.raises(SourceUnavailable, match="there is no camera 0"):
        bench.source.open()


def test_it_may_be_closed_while_it_is_away(bench: Bench) -> None:
    first = bench.a_connection()
    bench.begin(first)
    first.deliver(1)
    bench.slot.wait_for_frames(1)
    bench.refuses = True
    first.script.put(SourceFailed("camera 0 was unplugged"))
    bench.happenings.wait_for(SourceTroubled)
    bench.source.close()
    assert bench.slot.wait_until_closed() is None


def test_what_a_reader_raises_of_any_make_is_a_loss(bench: Bench) -> None:
    class Broken(ScriptedConnection):
        def read(self) -> Image | None:
            raise OSError("bus error")

    bench.begin(Broken())
    told = bench.happenings.wait_for(SourceTroubled)
    assert isinstance(told, SourceTroubled)
    assert "bus error" in told.message


def test_it_is_opened_again_whatever_its_opening_raises(bench: Bench) -> None:
    first, second = bench.a_connection(), bench.a_connection()
    bench.begin(first)
    first.deliver(1)
    bench.slot.wait_for_frames(1)
    bench.breaks_once = OSError("device busy")
    first.script.put(SourceFailed("camera 0 was unplugged"))
    bench.connections.put(second)
    second.deliver(2)
    bench.slot.wait_for_frames(2)
    messages = [event.message for event in bench.happenings.events if isinstance(event, SourceTroubled)]
    assert messages[1:] == ["device busy; trying again"]


def test_a_close_that_fails_does_not_hide_why_it_was_lost(bench: Bench) -> None:
    class Sticky(ScriptedConnection):
        def close(self) -> None:
            super().close()
            raise OSError("cannot be closed")

    sticky = Sticky()
    bench.made.append(sticky)
    bench.begin(sticky)
    sticky.script.put(SourceFailed("camera 0 was unplugged"))
    told = bench.happenings.wait_for(SourceTroubled)
    assert isinstance(told, SourceTroubled)
    assert (told.trouble, told.message) == ("lost", "camera 0 was unplugged; opening it again")


def test_what_is_opened_after_the_end_is_closed_again(bench: Bench) -> None:
    late = bench.a_connection()
    bench.source.close()
    bench.connections.put(late)
    with pytest.raises(SourceUnavailable, match="was closed while it was opened"):
        bench.source.open()
    assert late.closed.is_set()


def test_a_recording_may_pause_for_as_long_as_it_likes(bench: Bench) -> None:
    recording = bench.a_connection(RECORDING)
    bench.begin(recording)
    for seed in range(4):
        bench.deliver_one(recording, seed)
        bench.clock.advance(0.03)
    bench.clock.advance(60.0)
    for _ in range(15):  # the watch has had its looks
        bench.pause()
    bench.deliver_one(recording, 9)
    recording.script.put(None)
    assert bench.slot.wait_until_closed() is None
    assert bench.happenings.events == []


@pytest.mark.parametrize(
    "bad", [np.zeros((24, 32, 3), np.float32), np.zeros((24, 32), np.uint8), np.zeros((0, 0, 3), np.uint8)]
)
def test_what_is_no_picture_is_told_as_that(bench: Bench, bad: Image) -> None:
    connection = bench.a_connection()
    bench.begin(connection)
    connection.script.put(bad)
    told = bench.happenings.wait_for(SourceTroubled)
    assert isinstance(told, SourceTroubled)
    assert "delivers what is no picture" in told.message


def test_secrets_in_what_a_reader_raises_are_not_told(bench: Bench) -> None:
    class Talkative(ScriptedConnection):
        def read(self) -> Image | None:
            raise OSError("cannot read rtsp://joe:hunter2@host/x")

    bench.begin(Talkative())
    told = bench.happenings.wait_for(SourceTroubled)
    assert isinstance(told, SourceTroubled)
    assert "hunter2" not in told.message
