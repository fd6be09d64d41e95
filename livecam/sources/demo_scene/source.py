"""The demo scene as a source: it plays for ever at 30 frames a second."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from livecam.errors import SourceUnavailable
from livecam.frames import SourceInfo
from livecam.sources.demo_scene.portrait import DEMO_NOTICE
from livecam.sources.demo_scene.scene import DemoScene
from livecam.sources.playback import Playback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.clock import Clock
    from livecam.frames import Image
    from livecam.protocols import FrameSlot

WIDTH, HEIGHT, FPS = 1280, 720, 30.0
CLOSE_TIMEOUT = 1.0
"""Seconds to wait for the frame that is being drawn."""


class DemoSceneSource:
    """Frames of a `DemoScene`.

    Args:
        is_fast: unpaced; no frame is dropped.
    """

    def __init__(self, *, clock: Clock, is_fast: bool = False) -> None:
        self._is_fast = is_fast
        self._scene: DemoScene | None = None
        self._playback = Playback(source="demo", clock=clock, is_fast=is_fast)

    def open(self) -> SourceInfo:
        """Load the portrait and prepare the scene.

        Raises:
            MissingDependency: the package that brings the portrait is not installed.
            SourceUnavailable: the portrait is not the one that was expected.
        """
        self._scene = DemoScene(WIDTH, HEIGHT)
        return SourceInfo(
            source="demo",
            description="demo scene",
            width=WIDTH,
            height=HEIGHT,
            fps=FPS,
            notice=DEMO_NOTICE,
            is_live=not self._is_fast,
        )

    def start(self, slot: FrameSlot) -> None:
        """Play the scene into `slot`."""
        scene = self._scene
        if scene is None:
            raise SourceUnavailable("the demo scene was not opened")
        self._playback.start(_pictures(scene), slot)

    def close(self) -> None:
        """Stop playing."""
        self._playback.stop(CLOSE_TIMEOUT)


def _pictures(scene: DemoScene) -> Iterator[tuple[float, Image]]:
    for index in itertools.count():
        yield index / FPS, scene.render(index / FPS)
