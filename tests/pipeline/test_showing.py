"""What the picture thread does while a source delivers, and while it does not."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.detectors.scripted import ScriptedDetector
from livecam.events import DetectionCompleted, FollowingChanged, ModeChanged, SceneCut
from livecam.faces import BoundingBox, Emotion, Face
from livecam.pipeline.alignment import FIRST
from livecam.pipeline.finder_loop import FinderLoop
from livecam.pipeline.picture import PicturePath
from livecam.testing.list_source import INFO, ListSource
from livecam.testing.recording_sink import RecordingSink
from livecam.testing.still_follower import StillFollower
from livecam.tracking.tracks import Tracks
from tests.builders import a_face, a_frame
from tests.pipeline.a_run import a_run
from tests.pipeline.parts import DEAD_AFTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.frames import Frame
    from livecam.pictures import Picture
    from tests.pipeline.a_run import Parts


class View(RecordingSink):
    """A `LiveView` that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self.refreshed: list[Picture] = []

    def refresh(self, picture: Picture) -> None:
        with self._changed:
            self.refreshed.append(picture)
            self._changed.notify_all()

    def wait_for_refreshes(self, count: int) -> None:
        with self._changed:
            enough = len(self.refreshed) + count
            assert self._changed.wait_for(lambda: len(self.refreshed) >= enough, DEAD_AFTER)


async def test_while_nothing_comes_the_newest_picture_is_shown_again_and_counts_once() -> None:
    view, other = View(), RecordingSink()
    parts = a_run(ListSource([a_frame(0), a_frame(1)], stays_open=True), view, other)
    running = asyncio.create_task(parts.runner.run())
    await asyncio.to_thread(view.wait_for_refreshes, 2)
    parts.runner.stop("closed by user")
    await asyncio.wait_for(running, DEAD_AFTER)
    assert {picture.frame.sequence for picture in view.refreshed} == {1}
    assert [picture.frame.sequence for picture in other.pictures] == [0, 1]
    assert parts.tally.summary()["frames"]["displayed"] == 2


async def test_a_label_grows_old_while_nothing_comes() -> None:
    view, detector = View(), ScriptedDetector(lambda _: (a_face(),))
    parts = a_run(ListSource([a_frame(0, at=1_000_000.0)], stays_open=True), view, detector=detector)
    running = asyncio.create_task(parts.runner.run())
    await asyncio.to_thread(parts.happenings.wait_for, DetectionCompleted)
    await asyncio.to_thread(view.wait_for_refreshes, 2)
    assert view.refreshed[-1].faces
    parts.clock.advance(1.0)
    await asyncio.to_thread(view.wait_for_refreshes, 2)
    assert view.refreshed[-1].faces[0].age == pytest.approx(1.0)
    parts.clock.advance(60.0)
    await asyncio.to_thread(view.wait_for_refreshes, 2)
    assert view.refreshed[-1].faces == ()
    parts.runner.stop("closed by user")
    await asyncio.wait_for(running, DEAD_AFTER)


async def test_the_duration_ends_a_run_whose_camera_is_away() -> None:
    view = View()
    parts = a_run(ListSource([a_frame(0, at=1_000_000.0)], stays_open=True), view, duration=60.0)
    running = asyncio.create_task(parts.runner.run())
    await asyncio.to_thread(view.wait_for_refreshes, 1)
    assert not running.done()
    parts.clock.advance(61.0)
    assert await asyncio.wait_for(running, DEAD_AFTER) == "duration reached"


def moving_time(parts: Parts, count: int, *, interval: float = 0.05) -> Iterator[Frame]:
    """Frames that take their time to come, and a while after the last one."""
    for index in range(count):
        parts.clock.advance(interval)
        yield a_frame(index, at=parts.clock.now())
    parts.clock.advance(10.0)


def an_aligned_run(*sinks: RecordingSink, count: int = 40, detector: ScriptedDetector | None = None) -> Parts:
    source = ListSource(iter(()), info=INFO)
    parts = a_run(source, *sinks, detector=detector)
    source._frames = moving_time(parts, count)
    parts.runner.mode.is_aligned = True
    return parts


async def test_an_aligned_picture_is_held_back_and_every_frame_is_shown_once_in_order() -> None:
    sink = RecordingSink()
    parts = an_aligned_run(sink)
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    assert sink.sequences == list(range(40))
    delays = [picture.displayed_at - picture.frame.captured_at for picture in sink.pictures]
    assert min(delays) >= FIRST - 1e-9
    assert sink.pictures[0].status.delay == pytest.approx(FIRST)
    assert parts.tally.summary()["frames"] == {"captured": 40, "displayed": 40, "dropped": {}}


async def test_an_aligned_picture_has_the_label_of_its_own_answer() -> None:
    sink = RecordingSink()

    def score(frame: Frame) -> tuple[Face, ...]:
        return (a_face(emotions={Emotion.HAPPY: 60.0 + frame.sequence}),)

    parts = an_aligned_run(sink, detector=ScriptedDetector(score))

    def one_answered_after_the_other() -> Iterator[Frame]:
        for frame in moving_time(parts, 20):
            yield frame
            parts.happenings.wait_for(DetectionCompleted, frame.sequence + 1)

    assert isinstance(parts.runner.source, ListSource)
    parts.runner.source._frames = one_answered_after_the_other()
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    assert sink.sequences == list(range(20))
    ages = [picture.faces[0].age for picture in sink.pictures]
    # The clock may be moved between taking in the news and looking what is due: a few may just miss theirs.
    assert ages.count(0.0) >= 15


async def test_the_mode_can_be_switched_while_it_runs_and_no_frame_is_lost() -> None:
    sink = RecordingSink()
    parts = an_aligned_run(sink, count=60)

    def toggle_now_and_then() -> Iterator[Frame]:
        for frame in moving_time(parts, 60):
            if frame.sequence % 20 == 10:
                parts.runner.mode.toggle()
            yield frame

    source = parts.runner.source
    assert isinstance(source, ListSource)
    source._frames = toggle_now_and_then()
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    assert sink.sequences == list(range(60))
    modes = [event.mode for event in parts.happenings.of(ModeChanged)]
    assert modes == ["aligned", "live", "aligned", "live"]


async def test_a_stop_shows_what_is_held_back_at_once() -> None:
    sink = RecordingSink()
    all_put = threading.Event()

    def frames() -> Iterator[Frame]:
        yield from (a_frame(index, at=1_000_000.0) for index in range(5))
        all_put.set()

    parts = a_run(ListSource(frames(), stays_open=True), sink)
    parts.runner.mode.is_aligned = True
    running = asyncio.create_task(parts.runner.run())
    assert await asyncio.to_thread(all_put.wait, DEAD_AFTER)
    parts.runner.stop("closed by user")  # the clock stands still: no picture is ever due
    await asyncio.wait_for(running, DEAD_AFTER)
    assert sink.sequences == list(range(5))


class OneFace:
    """A `FaceLocator` that sees the same face in every frame."""

    def warm(self) -> None:
        """Nothing to do."""

    def locate(self, frame: Frame) -> tuple[Face, ...]:
        return (Face(BoundingBox(0.4, 0.3, 0.2, 0.3), 90.0),)


async def test_what_the_finder_sees_is_on_the_pictures_before_any_answer() -> None:
    sink = RecordingSink()

    def until_a_face_is_shown() -> Iterator[Frame]:
        for index in range(100_000):
            if sink.pictures and sink.pictures[-1].faces:
                return
            parts.clock.advance(1 / 30)
            yield a_frame(index, at=parts.clock.now())

    source = ListSource(iter(()))
    parts = a_run(source, sink)
    source._frames = until_a_face_is_shown()
    parts.runner.finder = FinderLoop(
        locator=OneFace(), rate=5.0, clock=parts.clock, cpu=lambda: 0.0, publish=parts.happenings
    )
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    (face,) = sink.pictures[-1].faces
    assert (face.box_source, face.emotion, face.answered_at) == ("on-device", None, None)
    assert sink.pictures[-1].status.finder_rate == 5.0
    assert parts.runner.finder.rate is None  # it ended with the run


async def test_a_scene_cut_is_told() -> None:
    parts = a_run(ListSource([a_frame(index) for index in range(5)]), RecordingSink())
    parts.runner.picture = PicturePath(tracks=Tracks(keep=5.0), follower=StillFollower(cuts={3}))
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    assert [event.frame for event in parts.happenings.of(SceneCut)] == [3]


async def test_saving_on_following_faces_is_told_once_and_on_the_picture() -> None:
    sink = RecordingSink()
    parts = a_run(ListSource([a_frame(index) for index in range(5)]), sink)
    follower = StillFollower(effort="fewer points")
    parts.runner.picture = PicturePath(tracks=Tracks(keep=5.0), follower=follower)
    await asyncio.wait_for(parts.runner.run(), DEAD_AFTER)
    assert [event.effort for event in parts.happenings.of(FollowingChanged)] == ["fewer points"]
    assert sink.pictures[-1].status.effort == "fewer points"


async def test_what_is_held_back_when_the_duration_is_over_is_shown_in_its_time() -> None:
    sink = RecordingSink()
    source = ListSource(iter(()))
    parts = a_run(source, sink, duration=0.6)
    source._frames = moving_time(parts, 30)
    parts.runner.mode.is_aligned = True
    assert await asyncio.wait_for(parts.runner.run(), DEAD_AFTER) == "duration reached"
    assert sink.sequences == list(range(19))
    assert min(each.displayed_at - each.frame.captured_at for each in sink.pictures) >= FIRST - 1e-9
