"""livecam in a program: what a loop gets, and what it leaves behind."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

import livecam
from livecam.config import load_settings
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import SourceFailed, SourceUnavailable, UsageError
from livecam.events import DetectionCompleted, Event, SourceTroubled
from livecam.native import cv2
from livecam.testing.list_source import INFO, ListSource
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_face, a_frame
from tests.pipeline.parts import DEAD_AFTER
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.frames import Image

PATIENT = dataclasses.replace(INFO, is_live=False)
FRAMES = 12


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    yield
    for thread in threading.enumerate():
        if thread.name in ("livecam-asyncio", "livecam-picture"):
            thread.join(DEAD_AFTER)
            assert not thread.is_alive()


def a_source() -> ListSource:
    return ListSource([a_frame(index, at=100.0 + index / 30) for index in range(FRAMES)], info=PATIENT)


def a_detector() -> ScriptedDetector:
    return ScriptedDetector(lambda _: (a_face(),))


async def test_every_picture_of_a_source_that_waits_is_delivered_in_order() -> None:
    async with livecam.open_monitor(a_source(), detector="none") as monitor:
        assert (monitor.info.width, monitor.info.height) == (64, 48)
        sequences = [picture.frame.sequence async for picture in monitor]
    assert sequences == list(range(FRAMES))
    assert monitor.skipped == 0
    assert monitor.summary()["frames"] == {"captured": FRAMES, "displayed": FRAMES, "dropped": {}}


def test_the_same_without_asyncio() -> None:
    pictures = list(livecam.watch(a_source(), detector="none"))
    assert [picture.frame.sequence for picture in pictures] == list(range(FRAMES))
    assert all(picture.image is not None for picture in pictures)


async def test_it_can_be_watched_inside_a_running_event_loop() -> None:
    assert len(list(livecam.watch(a_source(), detector="none"))) == FRAMES


def test_without_annotations_nothing_is_drawn() -> None:
    assert all(
        picture.image is None for picture in livecam.watch(a_source(), detector="none", annotated=False)
    )


async def test_a_detector_sinks_and_listeners_of_ones_own_take_part() -> None:
    sink, events = RecordingSink(), list[Event]()
    source = ListSource([a_frame(0, at=100.0)], stays_open=True)
    answered = asyncio.Event()
    loop = asyncio.get_running_loop()

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, DetectionCompleted):
            loop.call_soon_threadsafe(answered.set)

    async with livecam.open_monitor(
        source, detector=a_detector(), sinks=[sink], listeners=[listen]
    ) as monitor:
        async for picture in monitor:
            assert picture.frame.sequence == 0
            await asyncio.wait_for(answered.wait(), 20)
            monitor.stop()
    assert len(sink.pictures) == 1
    assert {event.source for event in events if isinstance(event, DetectionCompleted)} == {"test"}


async def test_leaving_the_block_ends_the_run() -> None:
    source = ListSource([a_frame(0)], stays_open=True)
    async with livecam.open_monitor(source, detector="none") as monitor:
        async for _ in monitor:
            break
    assert source.stopped.is_set()


def test_leaving_the_loop_ends_the_run() -> None:
    source = ListSource([a_frame(0)], stays_open=True)
    for _ in livecam.watch(source, detector="none"):
        break
    assert source.stopped.wait(20)


async def test_sending_can_be_paused() -> None:
    source = ListSource([a_frame(0)], stays_open=True)
    async with livecam.open_monitor(source, detector=a_detector()) as monitor:
        monitor.pause()
        assert monitor._run.tally.status(0.0).is_paused
        monitor.pause(False)
        assert not monitor._run.tally.status(0.0).is_paused


async def test_a_source_that_cannot_be_opened_is_an_error_at_once() -> None:
    with pytest.raises(SourceUnavailable, match="no such file"):
        async with livecam.open_monitor("nowhere.mp4", detector="none"):
            pytest.fail("it was opened")


def test_a_source_that_cannot_be_watched_is_an_error_too() -> None:
    with pytest.raises(SourceUnavailable, match="no such file"):
        list(livecam.watch("nowhere.mp4", detector="none"))


async def test_a_source_that_fails_is_raised_after_its_last_picture() -> None:
    source = ListSource([a_frame(0)], info=PATIENT, error=SourceFailed("it broke"))
    pictures: list[livecam.Picture] = []

    async def watch() -> None:
        async with livecam.open_monitor(source, detector="none") as monitor:
            async for picture in monitor:
                pictures.append(picture)  # noqa: PERF401  what came before the error counts

    with pytest.raises(SourceFailed, match="it broke"):
        await watch()
    assert len(pictures) == 1


def test_settings_are_those_of_the_command_line(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [index / 30 for index in range(9)])
    pictures = list(livecam.watch(clip, detector="none", fast=True))
    assert len(pictures) == 9
    settings = load_settings({"source": str(clip), "detector": "none", "fast": True, "view": "none"})
    assert len(list(livecam.watch(settings))) == 9
    with pytest.raises(UsageError, match="rat "):
        list(livecam.watch(clip, rat=3))


def test_what_opens_a_connection_is_watched_like_a_camera() -> None:
    class Theta:
        """Three pictures, then it is lost for a moment, then the end."""

        opened = 0

        def __init__(self) -> None:
            Theta.opened += 1
            self.info = livecam.SourceInfo("theta", "a camera", 32, 24, 30.0)
            self._left = 3

        def read(self) -> Image | None:
            self._left -= 1
            if self._left < 0 and Theta.opened == 1:
                raise SourceFailed("theta was unplugged")
            return None if self._left < 0 else np.full((24, 32, 3), self._left, np.uint8)

        def close(self) -> None:
            """Nothing to release."""

    events: list[Event] = []
    list(livecam.watch(Theta, detector="none", listeners=[events.append]))
    assert Theta.opened == 2
    told = next(event for event in events if isinstance(event, SourceTroubled))
    assert told.message.startswith("theta was unplugged")


def test_settings_and_arguments_together_are_checked_like_any(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [index / 30 for index in range(9)])
    settings = load_settings({"source": str(clip), "detector": "on-device", "fast": True})
    assert len(list(livecam.watch(settings, detector="none", duration="0.1"))) < 9
    for wrong in ({"rate": -5}, {"nonsense": 3}, {"detector": "no-such-detector"}, {"view": "window"}):
        with pytest.raises(UsageError):
            list(livecam.watch(settings, **wrong))


def test_nothing_is_saved_that_was_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cv2.imwrite(str(tmp_path / "photo.png"), np.zeros((90, 90, 3), np.uint8))
    monkeypatch.chdir(tmp_path)
    assert len(list(livecam.watch("photo.png", detector="none"))) == 1
    monkeypatch.setenv("LIVECAM_SOURCE", "photo.png")
    assert len(list(livecam.watch(a_source(), detector="none"))) == FRAMES
    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]


async def test_a_failure_is_raised_although_nobody_iterates() -> None:
    source = ListSource([a_frame(0)], info=PATIENT, error=SourceFailed("it broke"))

    async def look_away() -> None:
        async with livecam.open_monitor(source, detector="none") as monitor:
            monitor._stream.take_now()
            await asyncio.wait([monitor._running], timeout=DEAD_AFTER)

    with pytest.raises(SourceFailed, match="it broke"):
        await look_away()


@pytest.mark.logs_errors
def test_a_listener_that_raises_costs_no_recording(tmp_path: Path) -> None:
    def broken(_: Event) -> None:
        raise RuntimeError("it broke")

    clip = tmp_path / "out.mp4"
    list(livecam.watch(a_source(), detector="none", listeners=[broken], output=clip))
    assert clip.stat().st_size > 0


def test_a_connection_of_ones_own_has_one_id() -> None:
    class Theta:
        def __init__(self) -> None:
            self.info = livecam.SourceInfo("another id", "a camera", 32, 24, 30.0)

        def read(self) -> Image | None:
            return None

        def close(self) -> None:
            """Nothing to release."""

    events: list[Event] = []
    list(livecam.watch(Theta, detector="none", listeners=[events.append]))
    assert {event.source for event in events} == {"theta"}


def test_settings_show_no_secret_when_they_are_printed() -> None:
    settings = load_settings({"source": "rtsp://joe:hunter2@h/x?token=abc", "webhook_secret": "hunter2"})
    assert "hunter2" not in repr(settings) + str(settings)
    assert "abc" not in repr(settings)
    assert "rtsp://h/x" in repr(settings)


async def test_the_mode_can_be_chosen_while_it_runs() -> None:
    async with livecam.open_monitor(a_source(), detector="none", mode="aligned") as monitor:
        monitor.set_mode("live")
        with pytest.raises(UsageError, match="give live or aligned"):
            monitor.set_mode("fast")
        assert len([picture async for picture in monitor]) == FRAMES
