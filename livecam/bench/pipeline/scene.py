"""The demo scene at any size, and a scripted detector that knows where its face is."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.bench.overlay.truth import read_truth, truth_beside
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import SourceUnavailable
from livecam.faces import BoundingBox, Emotion, EmotionScore, Face
from livecam.frames import SourceInfo
from livecam.sources.demo_scene.portrait import DEMO_NOTICE
from livecam.sources.demo_scene.scene import DemoScene
from livecam.sources.demo_scene.source import CLOSE_TIMEOUT, FPS
from livecam.sources.playback import Playback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.clock import Clock
    from livecam.frames import Frame, Image
    from livecam.protocols import FrameSlot

CONFIDENCE = 99.0
_SOMEWHERE = BoundingBox(0.4, 0.3, 0.2, 0.35)
"""Where a face is said to be when nobody knows."""


class SceneSource:
    """Plays the demo scene at its own pace, as a camera would; fits `FrameSource`.

    Args:
        size: width and height in pixels.
        clock: stamps the frames.

    Raises:
        MissingDependency: the package that brings the portrait is not installed.
        SourceUnavailable: the portrait is not the one that was expected.
    """

    def __init__(self, size: tuple[int, int], clock: Clock) -> None:
        self.scene = DemoScene(*size)
        """Knows the truth about its own pictures."""
        self._size = size
        self._playback = Playback(source="demo", clock=clock, is_fast=False)
        self._is_open = False

    def open(self) -> SourceInfo:
        """Say what is played."""
        self._is_open = True
        width, height = self._size
        return SourceInfo(
            source="demo", description="demo scene", width=width, height=height, fps=FPS, notice=DEMO_NOTICE
        )

    def start(self, slot: FrameSlot) -> None:
        """Play the scene into `slot`."""
        if not self._is_open:
            raise SourceUnavailable("the demo scene was not opened")
        self._playback.start(_pictures(self.scene), slot)

    def close(self) -> None:
        """Stop playing."""
        self._playback.stop(CLOSE_TIMEOUT)


def scene_detector(scene: DemoScene, *, delay: float) -> ScriptedDetector:
    """Return what knows the scene's face, and answers so many seconds late; nothing is sent or paid."""

    def answer(frame: Frame) -> tuple[Face, ...]:
        faces = scene.truth(frame.media_time).faces
        return tuple(_face(face.box, face.expression) for face in faces)

    return ScriptedDetector(answer, delay=delay)


def clip_detector(source: str, *, delay: float) -> ScriptedDetector:
    """Return what answers about another source: from the reference beside a clip, else always the same.

    Raises:
        UsageError: there is a reference and it cannot be read.
    """
    beside = truth_beside(Path(source))
    truth = read_truth(beside) if beside else ()

    def answer(frame: Frame) -> tuple[Face, ...]:
        if not truth:
            return (_face(_SOMEWHERE),)
        known = truth[min(frame.sequence, len(truth) - 1)]
        return tuple(_face(face.box, face.emotion or Emotion.CALM) for face in known.faces)

    return ScriptedDetector(answer, delay=delay)


def _face(box: BoundingBox, emotion: Emotion = Emotion.CALM) -> Face:
    return Face(box, CONFIDENCE, (EmotionScore(emotion, CONFIDENCE),))


def _pictures(scene: DemoScene) -> Iterator[tuple[float, Image]]:
    for index in itertools.count():
        yield index / FPS, scene.render(index / FPS)
