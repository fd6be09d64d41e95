from __future__ import annotations

import asyncio
import functools
import math
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.circuit import OPENS_AFTER
from livecam.errors import OutputError, SourceFailed, SourceUnavailable
from livecam.events import (
    DetectionFailed,
    DetectorUnavailable,
    OutputFailed,
    SourceEnded,
    SourceOpened,
)
from livecam.pipeline.latest_slot import LatestSlot
from livecam.testing.clock import FakeClock
from livecam.testing.list_source import ListSource
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_frame
from tests.pipeline.a_run import Parts, a_run
from tests.pipeline.parts import DEAD_AFTER, BlockedDetector, FailingDetector
from tests.pipeline.sinks import BlockedSink, BrokenSink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.frames import Frame, Image, SourceInfo
    from livecam.pictures import Picture
    from livecam.pipeline.runner import Runner
    from livecam.protocols import FrameSlot


async def finish(runner: Runner) -> str:
    return await asyncio.wait_for(runner.run(), DEAD_AFTER)


def ended(parts: Parts) -> SourceEnded:
    (event,) = (event for event in parts.happenings.events if isinstance(event, SourceEnded))
    return event


async def test_every_frame_is_displayed_while_a_detector_never_answers() -> None:
    detector, sink = BlockedDetector(), RecordingSink()

    def frames() -> Iterator[Frame]:
        yield a_frame(0)
        assert detector.asked.get(timeout=DEAD_AFTER) == 0
        yield from map(a_frame, range(1, 60))

    parts = a_run(ListSource(frames()), sink, detector=detector)
    assert await finish(parts.runner) == "end of file"
    assert sink.sequences == list(range(60))
    assert detector.frames == [0]
    assert detector.aborted == [0]


async def test_every_frame_is_displayed_while_a_detector_fails_at_each_call() -> None:
    sink = RecordingSink()

    def frames() -> Iterator[Frame]:
        for sequence in range(10):
            yield a_frame(sequence)
            parts.happenings.wait_for(DetectionFailed, min(sequence + 1, OPENS_AFTER))

    parts = a_run(ListSource(frames()), sink, detector=FailingDetector(lambda: ConnectionError("gone")))
    assert await finish(parts.runner) == "end of file"
    assert sink.sequences == list(range(10))
    assert parts.tally.summary()["calls"]["failed"] == {"ConnectionError": OPENS_AFTER}
    trouble = sink.pictures[-1].status.trouble
    assert trouble is not None
    assert trouble.endswith("gone")


@pytest.mark.logs_errors
async def test_every_frame_is_displayed_when_a_detector_cannot_be_made_ready() -> None:
    sink = RecordingSink()

    def frames() -> Iterator[Frame]:
        yield a_frame(0)
        parts.happenings.wait_for(DetectorUnavailable)
        yield from map(a_frame, range(1, 10))

    detector = FailingDetector(lambda: RuntimeError("no model"), fails_to_warm=True)
    parts = a_run(ListSource(frames()), sink, detector=detector)
    assert await finish(parts.runner) == "end of file"
    assert sink.sequences == list(range(10))
    assert sink.pictures[-1].status.trouble == "no model"


async def test_an_answer_is_on_the_pictures_after_it() -> None:
    detector, sink = BlockedDetector(), RecordingSink()

    def frames() -> Iterator[Frame]:
        yield a_frame(0, at=1_000_000.0)
        detector.asked.get(timeout=DEAD_AFTER)
        yield a_frame(1, at=1_000_000.0)
        detector.release()
        # The next call begins only when the first has been answered.
        assert detector.asked.get(timeout=DEAD_AFTER) == 1
        yield a_frame(2, at=1_000_000.0)

    parts = a_run(ListSource(frames()), sink, detector=detector)
    await finish(parts.runner)
    # The one between may have been shown before or after the answer came.
    assert [len(picture.faces) for picture in (sink.pictures[0], sink.pictures[2])] == [0, 1]
    summary = parts.tally.summary()
    assert summary["tracks"] == 1
    assert summary["capture_to_label"]["count"] == 1


@pytest.mark.logs_errors
async def test_a_sink_that_fails_is_taken_out_and_told_and_the_others_go_on() -> None:
    broken, first, last = BrokenSink(fails_at="write"), RecordingSink(), RecordingSink()
    parts = a_run(ListSource(map(a_frame, range(6))), first, broken, last)
    assert await finish(parts.runner) == "end of file"
    assert first.sequences == last.sequences == list(range(6))
    assert broken.sequences == [0, 1, 2]
    (event,) = (event for event in parts.happenings.events if isinstance(event, OutputFailed))
    assert (event.output, event.message) == ("BrokenSink", "disk full at write")
    assert (first.closes, broken.closes, last.closes) == (1, 1, 1)


@pytest.mark.logs_errors
async def test_a_sink_that_cannot_be_finished_does_not_keep_the_others_from_it() -> None:
    broken, last = BrokenSink(fails_at="close"), RecordingSink()
    parts = a_run(ListSource([a_frame()]), broken, last)
    assert await finish(parts.runner) == "end of file"
    assert last.closes == 1
    assert isinstance(parts.happenings.wait_for(OutputFailed), OutputFailed)


async def test_a_sink_that_cannot_be_opened_ends_the_run_before_anything_is_captured() -> None:
    source = ListSource(map(a_frame, range(6)))
    first, broken, last = RecordingSink(), BrokenSink(fails_at="open"), RecordingSink()
    parts = a_run(source, first, broken, last, detector=BlockedDetector())
    with pytest.raises(OutputError, match="disk full at open"):
        await finish(parts.runner)
    assert not source.is_started
    assert source.stopped.is_set()
    assert (first.closes, last.closes, len(last.infos)) == (1, 0, 0)
    assert first.pictures == []
    assert not any(isinstance(event, SourceOpened) for event in parts.happenings.events)


async def test_a_source_that_cannot_be_opened_ends_the_run_before_a_sink_is_opened() -> None:
    class NoSource(ListSource):
        def open(self) -> SourceInfo:
            raise SourceUnavailable("no such camera")

    sink = RecordingSink()
    with pytest.raises(SourceUnavailable, match="no such camera"):
        await finish(a_run(NoSource([]), sink).runner)
    assert sink.infos == []


async def test_sinks_are_opened_with_what_was_granted_before_the_source_starts() -> None:
    journal: list[str] = []

    class NotingSource(ListSource):
        def start(self, slot: FrameSlot) -> None:
            journal.append("source started")
            super().start(slot)

    class NotingSink(RecordingSink):
        def open(self, info: SourceInfo) -> None:
            journal.append(f"sink opened for {info.width}x{info.height}")
            super().open(info)

    await finish(a_run(NotingSource([a_frame()]), NotingSink(), NotingSink()).runner)
    assert journal == ["sink opened for 64x48", "sink opened for 64x48", "source started"]


async def test_duration_counts_from_the_first_captured_frame() -> None:
    sink = RecordingSink()
    frames = [a_frame(sequence) for sequence in (600, 627, 630)]  # 20.0, 20.9 and 21.0 s
    parts = a_run(ListSource(frames, stays_open=True), sink, duration=1.0)
    assert await finish(parts.runner) == "duration reached"
    assert sink.sequences == [600, 627, 630]
    assert ended(parts).reason == "duration reached"


async def test_a_duration_that_is_not_reached_ends_nothing() -> None:
    frames = [a_frame(sequence) for sequence in (600, 627, 629)]
    assert await finish(a_run(ListSource(frames), RecordingSink(), duration=1.0).runner) == "end of file"


async def test_a_stop_frees_a_source_that_waits_for_room() -> None:
    """With a source that never drops, the run must not wait for it while it waits for the run."""
    is_waiting = threading.Event()

    class NotingSlot(LatestSlot):
        def put(self, frame: Frame, *, patience: float = 0.0) -> None:
            if frame.sequence == 2:
                is_waiting.set()
            super().put(frame, patience=patience)

    class JoiningSource(ListSource):
        is_joined = False

        def close(self) -> None:
            super().close()
            self.is_joined = self._thread is None or not self._thread.is_alive()

    class StoppingSink(RecordingSink):
        def write(self, picture: Picture) -> None:
            super().write(picture)
            if not joined:
                assert is_waiting.wait(DEAD_AFTER)
                parts.runner.stop("closed by user")
                joined.append(source.is_joined)

    joined: list[bool] = []
    source = JoiningSource((a_frame(index) for index in range(1000)), patience=math.inf)
    sink = StoppingSink()
    parts = a_run(source, sink)
    parts.runner.slot = NotingSlot(on_drop=lambda _: None)
    assert await finish(parts.runner) == "closed by user"
    assert joined == [True]
    assert sink.sequences == [0, 1]


async def test_a_stop_from_a_thread_still_shows_what_was_captured() -> None:
    sink = BlockedSink()

    def frames() -> Iterator[Frame]:
        yield a_frame(0)
        assert sink.is_writing.wait(DEAD_AFTER)
        yield a_frame(1)
        both_captured.set()

    both_captured = threading.Event()
    parts = a_run(ListSource(frames(), stays_open=True), sink)
    run = asyncio.create_task(finish(parts.runner))
    assert await asyncio.to_thread(both_captured.wait, DEAD_AFTER)
    await asyncio.to_thread(parts.runner.stop, "closed by user")
    sink.go_on.set()
    assert await run == "closed by user"
    assert sink.sequences == [0, 1]
    assert (ended(parts).reason, ended(parts).captured) == ("closed by user", 2)


async def test_the_first_reason_to_stop_stands() -> None:
    parts = a_run(ListSource([], stays_open=True), RecordingSink())
    parts.runner.stop("interrupted")
    parts.runner.stop("view ended")
    assert await finish(parts.runner) == "interrupted"


async def test_a_stop_while_the_sinks_are_opened_ends_the_run_without_an_error() -> None:
    class ClosableSource(ListSource):
        """Cannot be started once it was closed, as a file cannot."""

        def start(self, slot: FrameSlot) -> None:
            if self.stopped.is_set():
                raise SourceUnavailable("not opened")
            super().start(slot)

    class StoppingSink(RecordingSink):
        def open(self, info: SourceInfo) -> None:
            super().open(info)
            parts.runner.stop("interrupted")

    sink = StoppingSink()
    parts = a_run(ClosableSource([a_frame()]), sink)
    assert await finish(parts.runner) == "interrupted"
    assert sink.closes == 1


async def test_a_source_that_fails_is_raised_after_the_sinks_were_closed() -> None:
    sink = RecordingSink()
    error = SourceFailed("camera 0 was unplugged")
    parts = a_run(ListSource(map(a_frame, range(3)), error=error), sink)
    with pytest.raises(SourceFailed) as raised:
        await finish(parts.runner)
    assert raised.value is error
    assert sink.sequences == [0, 1, 2]
    assert sink.closes == 1
    assert ended(parts).reason == "camera 0 was unplugged"


async def test_captured_is_what_was_displayed_and_what_was_dropped() -> None:
    sink = BlockedSink()

    def frames() -> Iterator[Frame]:
        yield a_frame(0)
        assert sink.is_writing.wait(DEAD_AFTER)
        yield from map(a_frame, range(1, 20))
        sink.go_on.set()

    parts = a_run(ListSource(frames(), patience=0.0), sink)
    await finish(parts.runner)
    assert sink.sequences == [0, 19]
    assert parts.tally.summary()["frames"] == {
        "captured": 20,
        "displayed": 2,
        "dropped": {"picture path busy": 18},
    }


async def test_displayed_at_is_the_instant_of_the_hand_over() -> None:
    clock = FakeClock()

    class SlowPainter:
        def paint(self, picture: Picture) -> Image:
            clock.advance(0.25)
            return np.zeros_like(picture.frame.image)

    class TimingSink(RecordingSink):
        def __init__(self) -> None:
            super().__init__()
            self.instants: list[float] = []

        def write(self, picture: Picture) -> None:
            self.instants.append(clock.now())
            super().write(picture)

    sink = TimingSink()
    await finish(a_run(ListSource(map(a_frame, range(2))), sink, painter=SlowPainter(), clock=clock).runner)
    assert sink.instants == [1_000_000.25, 1_000_000.5]
    assert [picture.displayed_at for picture in sink.pictures] == sink.instants


async def test_a_painter_that_breaks_ends_the_run_with_everything_closed() -> None:
    class BrokenPainter:
        def paint(self, picture: Picture) -> Image:
            raise ZeroDivisionError("no width")

    sink = RecordingSink()
    source = ListSource(map(a_frame, range(100)))
    with pytest.raises(ZeroDivisionError):
        await finish(a_run(source, sink, painter=BrokenPainter()).runner)
    assert sink.closes == 1
    assert source._thread is not None
    assert not source._thread.is_alive()


async def test_without_a_sink_frames_are_still_displayed() -> None:
    parts = a_run(ListSource(map(a_frame, range(4))))
    await finish(parts.runner)
    assert parts.tally.summary()["frames"]["displayed"] == 4


async def test_what_was_granted_is_told() -> None:
    parts = a_run(ListSource([]))
    await finish(parts.runner)
    opened = parts.happenings.wait_for(SourceOpened)
    assert isinstance(opened, SourceOpened)
    assert (opened.source, opened.description, opened.width, opened.height) == ("test", "list", 64, 48)


def test_a_run_can_be_started_in_a_loop_of_its_own() -> None:
    parts = a_run(ListSource([a_frame()]), detector=BlockedDetector())
    assert asyncio.run(functools.partial(finish, parts.runner)()) == "end of file"
