"""A stand-in for OpenCV's capture, and clips made on the spot."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from livecam.encoding.h264 import H264Writer
from livecam.native import cv2

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from livecam.frames import Image

MJPG = cv2.VideoWriter.fourcc(*"MJPG")


class FakeCapture:
    """Fits `Capture`.

    Args:
        granted: what it says that it does, whatever it was asked for.
        frames: reads that give a picture before they fail; None for no end.
        error: what a read raises instead of failing.
    """

    def __init__(
        self,
        *,
        is_open: bool = True,
        granted: dict[int, float] | None = None,
        frames: int | None = None,
        error: Exception | None = None,
    ) -> None:
        self._is_open = is_open
        self._granted = {
            cv2.CAP_PROP_FRAME_WIDTH: 64.0,
            cv2.CAP_PROP_FRAME_HEIGHT: 48.0,
            cv2.CAP_PROP_FPS: 15.0,
            cv2.CAP_PROP_FOURCC: float(MJPG),
        } | (granted or {})
        self._left = frames
        self._error = error
        self.asked: list[tuple[int, float]] = []
        """Wishes in their order."""
        self.reads_after_release = 0
        self.released_by: list[threading.Thread] = []

    def isOpened(self) -> bool:  # noqa: N802  OpenCV's name
        return self._is_open

    def set(self, prop: int, value: float) -> bool:
        self.asked.append((prop, value))
        return True

    def get(self, prop: int) -> float:
        return self._granted[prop]

    def read(self) -> tuple[bool, Image]:
        self.reads_after_release += bool(self.released_by)
        if self._left == 0:
            if self._error is not None:
                raise self._error
            return False, np.zeros((0, 0, 3), np.uint8)
        if self._left is not None:
            self._left -= 1
        return True, np.full((48, 64, 3), 90, np.uint8)

    def release(self) -> None:
        self.released_by.append(threading.current_thread())


def write_clip(path: Path, times: Sequence[float], *, size: tuple[int, int] = (64, 48)) -> Path:
    """Write a clip with a picture at each of some times (seconds); they get brighter."""
    writer = H264Writer(path)
    for index, time in enumerate(times):
        brightness = 20 + 200 * index // len(times)
        writer.write(np.full((size[1], size[0], 3), brightness, np.uint8), time)
    writer.close()
    return path
