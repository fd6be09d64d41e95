"""A camera by index or device, through the platform's own backend of OpenCV.

The backend is named (OpenCV's own search prints errors of those that fail), MJPG is asked for
before the size (USB 2 carries 720p uncompressed at about 10 fps only), and what was granted is read
back: a camera is free to ignore every wish. Shown on Linux with a stand-in for OpenCV's capture only;
see docs/decisions for what a real camera has and has not been tried with.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
from typing import TYPE_CHECKING, Protocol

from livecam.errors import SourceFailed, SourceUnavailable
from livecam.frames import Frame, SourceInfo
from livecam.native import cv2
from livecam.sources.source_thread import SourceThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.frames import Image
    from livecam.protocols import FrameSlot

log = logging.getLogger(__name__)

CLOSE_TIMEOUT = 2.0
"""Seconds to wait for a read that is under way before the device is let go."""
_BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}
_BACKEND_NAMES = {"linux": "V4L2", "darwin": "AVFoundation", "win32": "DirectShow"}


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def isOpened(self) -> bool: ...  # noqa: N802, D102  OpenCV's name
    def set(self, prop: int, value: float) -> bool: ...  # noqa: D102
    def get(self, prop: int) -> float: ...  # noqa: D102
    def read(self) -> tuple[bool, Image]: ...  # noqa: D102
    def release(self) -> None: ...  # noqa: D102


def platform_backend() -> int:
    """Return OpenCV's backend for cameras on this platform."""
    return _BACKENDS.get(sys.platform, cv2.CAP_ANY)


def open_capture(device: int | str) -> Capture:
    """Open a device with the platform's backend; it may turn out not to be open."""
    return cv2.VideoCapture(device, platform_backend())  # type: ignore[return-value]


class CameraSource:
    """Frames of a camera.

    Args:
        device: index (0 is the first) or device path.
        source: id for the frames.
        size: (width, height) in pixels to ask for.
        fps: frames per second to ask for.
        open_device: opens the device; a seam for tests.
    """

    def __init__(
        self,
        device: int | str,
        *,
        source: str,
        clock: Clock,
        size: tuple[int, int] = (1280, 720),
        fps: float = 30.0,
        open_device: Callable[[int | str], Capture] = open_capture,
    ) -> None:
        self._device = device
        self._source = source
        self._clock = clock
        self._size = size
        self._fps = fps
        self._open_device = open_device
        self._capture: Capture | None = None
        self._thread = SourceThread(f"camera {device}")
        self._lock = threading.Lock()

    def open(self) -> SourceInfo:
        """Open the camera, ask for MJPG, size and rate, and say what was granted.

        Raises:
            SourceUnavailable: no such camera, or another program has it.
        """
        capture = self._open_device(self._device)
        if not capture.isOpened():
            capture.release()
            raise SourceUnavailable(
                f"camera {self._device} cannot be opened: it is not there, in use by another program, or"
                " not permitted"
            )
        width, height = self._size
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        capture.set(cv2.CAP_PROP_FPS, self._fps)
        self._capture = capture
        return self._granted(capture)

    def start(self, slot: FrameSlot) -> None:
        """Read frames into `slot` from a thread."""
        with self._lock:
            if self._capture is None:
                raise SourceUnavailable(f"camera {self._device} was not opened")
            capture = self._capture
            self._thread.start(lambda: self._read(capture, slot), slot)

    def close(self) -> None:
        """Stop reading and release the camera."""
        with self._lock:
            capture, self._capture = self._capture, None
        if self._thread.is_started:
            self._thread.stop(CLOSE_TIMEOUT)
        elif capture is not None:
            capture.release()

    def _granted(self, capture: Capture) -> SourceInfo:
        width, height = (
            int(capture.get(prop)) for prop in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        )
        pixel_format = fourcc_text(int(capture.get(cv2.CAP_PROP_FOURCC)))
        details = ", ".join(filter(None, [_BACKEND_NAMES.get(sys.platform, ""), pixel_format]))
        fps = capture.get(cv2.CAP_PROP_FPS)
        return SourceInfo(
            source=self._source,
            description=f"camera {self._device}" + (f" ({details})" if details else ""),
            width=width,
            height=height,
            fps=fps if fps > 0 else None,
        )

    def _read(self, capture: Capture, slot: FrameSlot) -> None:
        """Read until stopped; the thread that reads is the one that releases."""
        try:
            self._deliver(capture, slot)
        finally:
            capture.release()

    def _deliver(self, capture: Capture, slot: FrameSlot) -> None:
        start_at: float | None = None
        for sequence in itertools.count():
            is_read, image = capture.read()
            if self._thread.stopped.is_set():
                return
            if not is_read:
                raise SourceFailed(f"camera {self._device} stopped delivering after {sequence} frames")
            now = self._clock.now()
            start_at = now if start_at is None else start_at
            slot.put(Frame(self._source, sequence, now, now - start_at, image))


def fourcc_text(code: int) -> str:
    """Return a pixel format's four letters, such as "MJPG"; empty when the backend does not say."""
    letters = bytes((code >> shift) & 0xFF for shift in (0, 8, 16, 24)) if code > 0 else b""
    text = letters.decode("ascii", errors="replace").strip("\0 ")
    return text if text.isascii() and text.isprintable() else ""
