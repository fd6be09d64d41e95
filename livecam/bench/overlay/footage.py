"""Where the pictures come from: a video file, numbered and timed as a run has it, or the demo scene."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.bench.overlay.truth import ReferenceFace, ReferenceFrame
from livecam.clock import SystemClock
from livecam.pipeline.latest_slot import LatestSlot
from livecam.sources.demo_scene.scene import DemoScene
from livecam.sources.demo_scene.script import PERIOD
from livecam.sources.demo_scene.source import FPS, HEIGHT, WIDTH
from livecam.sources.video_file import VideoFileSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.frames import Image

ASSUMED_FPS = 30.0
"""Where a file does not say."""


@dataclass(frozen=True, slots=True)
class Footage:
    """Pictures in order, each with its time."""

    name: str
    path: Path | None
    """None for the demo scene."""
    fps: float
    width: int
    """Pixels."""
    height: int
    expected: int
    """Number of pictures, as far as the file says; 0 when it does not."""
    pictures: Iterator[tuple[float, Image]]
    """Media time in seconds and BGR image; one is held at a time."""
    scene: DemoScene | None = None
    """Knows the truth about its own pictures."""


@contextlib.contextmanager
def opened(clip: Path | None, *, seconds: float | None = None) -> Iterator[Footage]:
    """Open a video file, or the demo scene, which plays for `seconds` or one round.

    Raises:
        SourceUnavailable: there is no such file, or no video in it.
        SourceFailed: it could not be read to its end.
        MissingDependency: the demo scene's portrait is not installed.
    """
    if clip is None:
        scene = DemoScene(WIDTH, HEIGHT)
        pictures = math.ceil((seconds or PERIOD) * FPS)
        yield Footage("demo", None, FPS, WIDTH, HEIGHT, pictures, _played(scene, pictures), scene)
        return
    # The source itself, so that frames are numbered as in a run and its trace.
    source = VideoFileSource(clip, source=clip.stem, clock=SystemClock(), is_fast=True)
    slot = LatestSlot(on_drop=lambda _: None)
    try:
        info = source.open()
        fps = info.fps or ASSUMED_FPS
        source.start(slot)
        expected = round((info.duration or 0.0) * fps)
        yield Footage(clip.stem, clip, fps, info.width, info.height, expected, _taken(slot))
    finally:
        slot.close()
        source.close()


def truth_of_scene(scene: DemoScene, t: float) -> ReferenceFrame:
    """Return what the demo scene says is to be seen at `t` seconds."""
    faces = scene.truth(t).faces
    return ReferenceFrame(tuple(ReferenceFace(face.box, emotion=face.expression) for face in faces))


def _played(scene: DemoScene, pictures: int) -> Iterator[tuple[float, Image]]:
    for index in range(pictures):
        yield index / FPS, scene.render(index / FPS)


def _taken(slot: LatestSlot) -> Iterator[tuple[float, Image]]:
    while (frame := slot.take()) is not None:
        yield frame.media_time, frame.image
    if slot.error is not None:
        raise slot.error
