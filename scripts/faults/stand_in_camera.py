"""livecam, with a stand-in below its camera 0: `stand_in_camera.py FOLDER run 0 ...`.

No camera can be unplugged by a script. So OpenCV's capture and the kernel below it are played here; all above
is what `livecam run 0` runs. What the camera does stands in FOLDER/mood: well, unplugged, hangs, same, black
or slow; it is looked at before each picture.
"""

from __future__ import annotations

import functools
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livecam.cli.app import main
from livecam.compose import source
from livecam.native import cv2
from livecam.sources.camera import open_camera
from tests.sources.fakes import FakeCapture, FakeDevice, a_host

if TYPE_CHECKING:
    from livecam.frames import Image

WIDTH, HEIGHT, FPS = 320.0, 180.0, 30.0
SLOW_FPS = 5
BLACK_UP_TO = 6
HANGS_FOR = 2.0
"""Seconds that a read takes whose driver hangs: OpenCV gives it up then."""


class MoodyCamera(FakeCapture):
    """What OpenCV would open; it does what its mood says.

    Args:
        folder: where the mood is written.
    """

    def __init__(self, folder: Path) -> None:
        self._mood = folder / "mood"
        granted = {cv2.CAP_PROP_FRAME_WIDTH: WIDTH, cv2.CAP_PROP_FRAME_HEIGHT: HEIGHT, cv2.CAP_PROP_FPS: FPS}
        super().__init__(is_open=self._now() != "unplugged", granted=granted)
        self._pause = threading.Event()
        lot = np.random.default_rng(1)
        self._picture = np.repeat(np.repeat(lot.integers(0, 200, (9, 16, 3), np.uint8), 20, 0), 20, 1)
        self._dark = lot.integers(0, BLACK_UP_TO, (int(HEIGHT), int(WIDTH), 3), np.uint8)

    def grab(self) -> bool:
        """Wait for the next picture; say whether there is one."""
        mood = self._now()
        if mood == "hangs":
            self._pause.wait(HANGS_FOR)
            return False
        self._pause.wait(1 / (SLOW_FPS if mood == "slow" else FPS))
        self.reads += mood != "same"
        return mood != "unplugged"

    def retrieve(self) -> tuple[bool, Image]:
        """Return a picture that moves, unless it is the same or black."""
        picture = self._dark if self._now() == "black" else self._picture
        return True, np.roll(picture, 2 * self.reads, axis=1)

    def _now(self) -> str:
        return self._mood.read_text("utf-8").strip() or "well"


if __name__ == "__main__":
    here = Path(sys.argv.pop(1))
    source.open_camera = functools.partial(  # type: ignore[attr-defined]  # the same, with a stand-in below
        open_camera, open_device=lambda _: MoodyCamera(here), host=a_host(here, video0=FakeDevice())
    )
    main()
