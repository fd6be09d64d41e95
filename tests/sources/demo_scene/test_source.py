from __future__ import annotations

import math

import numpy as np
import pytest

from livecam.errors import SourceUnavailable
from livecam.sources.demo_scene import DemoScene
from livecam.sources.demo_scene.portrait import DEMO_NOTICE
from livecam.sources.demo_scene.source import HEIGHT, WIDTH, DemoSceneSource
from livecam.sources.playback import PATIENCE
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot


@pytest.fixture
def source(scene: DemoScene) -> DemoSceneSource:
    """Return a source; the portrait was found when `scene` was."""
    return DemoSceneSource(clock=FakeClock(), is_fast=True)


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("is_fast", [True, False])
def test_it_says_what_it_is_and_what_must_be_shown_with_it(is_fast: bool) -> None:  # noqa: FBT001
    info = DemoSceneSource(clock=FakeClock(), is_fast=is_fast).open()
    assert (info.source, info.width, info.height, info.fps) == ("demo", 1280, 720, 30.0)
    assert info.notice == DEMO_NOTICE
    assert info.duration is None
    assert info.is_live is not is_fast


def test_its_frames_are_the_scenes_pictures_at_thirty_a_second(source: DemoSceneSource) -> None:
    slot = RecordingSlot()
    source.open()
    source.start(slot)
    frames = slot.wait_for_frames(4)
    source.close()
    assert [frame.media_time for frame in frames] == pytest.approx([0, 1 / 30, 2 / 30, 3 / 30])
    scene = DemoScene(WIDTH, HEIGHT)
    for frame in frames:
        assert np.array_equal(frame.image, scene.render(frame.media_time))
    assert slot.patiences[0] == math.inf


@pytest.mark.usefixtures("scene")
def test_paced_its_frames_wait_for_a_moment_to_be_taken() -> None:
    source, slot = DemoSceneSource(clock=FakeClock()), RecordingSlot()
    source.open()
    source.start(slot)
    slot.wait_for_frames(1)
    source.close()
    assert slot.patiences[0] == PATIENCE


def test_it_plays_until_it_is_closed(source: DemoSceneSource) -> None:
    slot = RecordingSlot()
    source.open()
    source.start(slot)
    slot.wait_for_frames(1)
    assert slot.errors == []
    source.close()
    assert slot.wait_until_closed() is None


def test_it_must_be_opened_before_it_plays(source: DemoSceneSource) -> None:
    with pytest.raises(SourceUnavailable, match="was not opened"):
        source.start(RecordingSlot())
