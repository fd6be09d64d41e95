"""What the picture thread does while a source delivers, and while it does not."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.detectors.scripted import ScriptedDetector
from livecam.events import DetectionCompleted
from livecam.testing.list_source import INFO, ListSource
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_face, a_frame
from tests.pipeline.a_run import a_run
from tests.pipeline.parts import DEAD_AFTER

if TYPE_CHECKING:
    from livecam.pictures import Picture

STILLS = dataclasses.replace(INFO, are_stills=True, is_live=False, duration=3.0, fps=None)


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
