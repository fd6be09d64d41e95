"""What every source promises, whatever it reads."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.clock import SystemClock
from livecam.errors import MissingDependency, SourceUnavailable
from livecam.faces import BoundingBox
from livecam.native import cv2
from livecam.pipeline.latest_slot import LatestSlot
from livecam.sources.browser_camera import BrowserCamera
from livecam.sources.camera import open_camera
from livecam.sources.demo_scene.portrait import load_portrait
from livecam.sources.demo_scene.source import DemoSceneSource
from livecam.sources.live import LiveSource
from livecam.sources.masked import MaskedSource
from livecam.sources.stills import StillsSource
from livecam.sources.video_file import VideoFileSource
from livecam.testing.list_source import ListSource
from livecam.testing.recording_slot import RecordingSlot
from tests.builders import a_frame
from tests.requirements import skip_unless
from tests.sources.fakes import FakeCapture, write_clip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import Frame
    from livecam.protocols import FrameSlot, FrameSource
    from livecam.sources.browser_camera import Lender

FRAMES = 8
"""Each source here delivers at least as many."""
DEAD_AFTER = 20


def a_video_file(folder: Path) -> FrameSource:
    clip = write_clip(folder / "clip.mp4", [index / 30 for index in range(60)])
    return VideoFileSource(clip, source="clip", clock=SystemClock(), is_fast=True)


def a_paced_video_file(folder: Path) -> FrameSource:
    clip = write_clip(folder / "clip.mp4", [index / 1000 for index in range(20)])
    return VideoFileSource(clip, source="clip", clock=SystemClock())


def a_folder_of_stills(folder: Path) -> FrameSource:
    for number in range(10):
        content = cv2.imencode(".png", np.full((48, 64, 3), 20 * number, np.uint8))[1]
        (folder / f"{number}.png").write_bytes(content.tobytes())
    return StillsSource(folder, source="stills", clock=SystemClock())


def a_demo_scene(_: Path) -> FrameSource:
    try:
        load_portrait()
    except MissingDependency as error:
        skip_unless(False, str(error))
    return DemoSceneSource(clock=SystemClock(), is_fast=True)


def a_camera(_: Path) -> FrameSource:
    return LiveSource(
        lambda: open_camera(0, source="camera0", open_device=lambda _: FakeCapture()),
        source="camera0",
        name="camera 0",
        clock=SystemClock(),
        publish=lambda _: None,
    )


class LentCamera(BrowserCamera):
    """With a page that lends its camera as soon as it is started."""

    def start(self, slot: FrameSlot) -> None:
        super().start(slot)
        threading.Thread(target=self._send, name="page", daemon=True).start()

    def _send(self) -> None:
        lender = self.lend("page", lambda: None, takes_over=True)
        clock, pause, number = SystemClock(), threading.Event(), 0
        while lender is not None and self._send_one(lender, number, clock.now()):
            number += 1
            pause.wait(0.001)

    def _send_one(self, lender: Lender, number: int, now: float) -> bool:
        return self.take(
            lender, np.full((48, 64, 3), number % 200, np.uint8), captured=now - 7.0, arrived=now
        )


def a_browser_camera(_: Path) -> FrameSource:
    return LentCamera(clock=SystemClock(), publish=lambda _: None, size=(64, 48))


def a_list(_: Path) -> FrameSource:
    return ListSource([a_frame(sequence, at=100.0 + sequence) for sequence in range(20)], stays_open=True)


def a_masked_list(folder: Path) -> FrameSource:
    return MaskedSource(a_list(folder), (BoundingBox(0.0, 0.0, 0.5, 0.5),))


SOURCES = (
    a_video_file,
    a_paced_video_file,
    a_folder_of_stills,
    a_demo_scene,
    a_camera,
    a_browser_camera,
    a_list,
    a_masked_list,
)


@pytest.fixture(params=SOURCES, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], FrameSource]:
    return lambda: request.param(tmp_path)


@pytest.fixture
def source(make: Callable[[], FrameSource]) -> FrameSource:
    return make()


def test_frames_are_numbered_from_0_without_gaps_in_their_order(source: FrameSource) -> None:
    slot = RecordingSlot()
    info = source.open()
    source.start(slot)
    slot.wait_for_frames(FRAMES)
    source.close()
    slot.wait_until_closed()
    assert [frame.sequence for frame in slot.frames] == list(range(len(slot.frames)))
    assert {frame.source for frame in slot.frames} == {info.source}


def test_times_ascend(source: FrameSource) -> None:
    slot = RecordingSlot()
    source.open()
    source.start(slot)
    frames = slot.wait_for_frames(FRAMES)
    source.close()
    assert frames[0].media_time == 0.0
    assert all(earlier.media_time < later.media_time for earlier, later in pairwise(frames))
    assert all(earlier.captured_at <= later.captured_at for earlier, later in pairwise(frames))
    assert frames[0].captured_at < frames[-1].captured_at


def test_images_are_bgr_bytes_of_the_announced_size(source: FrameSource) -> None:
    slot = RecordingSlot()
    info = source.open()
    source.start(slot)
    frames = slot.wait_for_frames(FRAMES)
    source.close()
    for frame in frames:
        assert frame.image.shape == (info.height, info.width, 3)
        assert frame.image.dtype == np.uint8


def test_an_image_does_not_change_when_the_next_one_comes(source: FrameSource) -> None:
    first: list[bytes] = []

    class CopyingSlot(RecordingSlot):
        def put(self, frame: Frame, *, patience: float = 0.0) -> None:
            if not first:
                first.append(frame.image.tobytes())
            super().put(frame, patience=patience)

    slot = CopyingSlot()
    source.open()
    source.start(slot)
    frames = slot.wait_for_frames(FRAMES)
    source.close()
    assert frames[0].image.tobytes() == first[0]
    assert not any(np.shares_memory(earlier.image, later.image) for earlier, later in pairwise(frames))


def test_what_was_granted_can_be_shown(source: FrameSource) -> None:
    info = source.open()
    source.close()
    assert info.source
    assert info.description
    assert min(info.width, info.height) > 0
    assert info.fps is None or info.fps > 0
    assert info.duration is None or info.duration > 0


def test_it_may_be_closed_twice(source: FrameSource) -> None:
    slot = RecordingSlot()
    source.open()
    source.start(slot)
    slot.wait_for_frames(1)
    source.close()
    source.close()
    assert slot.wait_until_closed() is None
    assert len(slot.errors) == 1


def test_it_may_be_closed_from_another_thread_while_it_delivers(source: FrameSource) -> None:
    slot = RecordingSlot()
    source.open()
    source.start(slot)
    slot.wait_for_frames(2)
    with ThreadPoolExecutor(2) as pool:
        for closing in [pool.submit(source.close) for _ in range(2)]:
            closing.result(DEAD_AFTER)
    assert slot.wait_until_closed() is None
    assert "livecam-source" not in {thread.name for thread in threading.enumerate()}


def test_it_may_be_closed_while_it_starts(make: Callable[[], FrameSource]) -> None:
    for _ in range(10):
        source, slot, together = make(), LatestSlot(on_drop=lambda _: None), threading.Barrier(2)
        source.open()

        def close(source: FrameSource = source, together: threading.Barrier = together) -> None:
            together.wait(DEAD_AFTER)
            source.close()

        with ThreadPoolExecutor(1) as pool:
            closing = pool.submit(close)
            together.wait(DEAD_AFTER)
            with contextlib.suppress(SourceUnavailable):  # the close came first
                source.start(slot)
            slot.close()
            closing.result(DEAD_AFTER)
        source.close()
    assert "livecam-source" not in {thread.name for thread in threading.enumerate()}


def test_it_ends_although_nobody_takes_its_frames(source: FrameSource) -> None:
    slot = LatestSlot(on_drop=lambda _: None)
    source.open()
    source.start(slot)
    slot.close()
    source.close()
    assert "livecam-source" not in {thread.name for thread in threading.enumerate()}
    source.close()


def test_it_may_be_closed_without_having_been_started(source: FrameSource) -> None:
    source.open()
    source.close()
    source.close()


def test_it_may_be_closed_without_having_been_opened(source: FrameSource) -> None:
    source.close()
    source.close()


def test_it_does_not_start_before_it_is_open(source: FrameSource) -> None:
    slot = RecordingSlot()
    with pytest.raises(SourceUnavailable, match="was not opened"):
        source.start(slot)
    assert slot.frames == []


def test_start_does_not_wait_for_frames_to_be_taken(source: FrameSource) -> None:
    taken: list[Frame] = []
    slot = LatestSlot(on_drop=lambda _: None)
    source.open()
    source.start(slot)
    for _ in range(FRAMES):
        frame = slot.take()
        assert frame is not None
        taken.append(frame)
    slot.close()
    source.close()
    assert all(earlier.sequence < later.sequence for earlier, later in pairwise(taken))
