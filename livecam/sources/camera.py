"""One connection to a camera, through the platform's own backend of OpenCV.

The backend is named (OpenCV's own search prints errors of those that fail), MJPG is asked for
before the size (USB 2 carries 720p uncompressed at about 10 fps only), and what was granted is read
back: a camera is free to ignore every wish. Shown on Linux with a stand-in for OpenCV's capture only;
see docs/decisions for what a real camera has and has not been tried with.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from livecam.errors import SourceFailed, SourceUnavailable
from livecam.frames import SourceInfo
from livecam.native import cv2
from livecam.sources.camera_names import (
    THIS_HOST,
    camera_texts,
    find_camera,
    named_cameras,
    platform_backend,
)
from livecam.sources.camera_trouble import why_no_camera, why_not_opened
from livecam.sources.v4l2 import fourcc_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.frames import Image
    from livecam.sources.camera_names import Host

log = logging.getLogger(__name__)

NODE_LINGERS = 0.3
"""Seconds for which a device is waited for to vanish: reads fail shortly before it does."""
_NODE_LOOKS = 3
"""Looks at it in that time."""
MOST_DAMAGED = 10
"""Pictures in a row that cannot be decoded until a camera counts as lost; one is an everyday mishap."""
_BACKEND_NAMES = {"linux": "V4L2", "darwin": "AVFoundation", "win32": "DirectShow"}


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def isOpened(self) -> bool: ...  # noqa: N802, D102  OpenCV's name
    def set(self, prop: int, value: float) -> bool: ...  # noqa: D102
    def get(self, prop: int) -> float: ...  # noqa: D102
    def grab(self) -> bool: ...  # noqa: D102
    def retrieve(self) -> tuple[bool, Image]: ...  # noqa: D102
    def release(self) -> None: ...  # noqa: D102


def open_capture(device: int | str) -> Capture:
    """Open a device with the platform's backend; it may turn out not to be open."""
    return cv2.VideoCapture(device, platform_backend())  # type: ignore[return-value]


class CameraConnection:
    """Fits `Connection`: a camera that is open; made by `open_camera`.

    Args:
        capture: the open device.
        info: what it granted.
        label: names the camera in sentences, such as "camera 0 (/dev/video0)".
        node: its device file, which vanishes when it is unplugged; None where there are none.
    """

    def __init__(self, capture: Capture, *, info: SourceInfo, label: str, node: Path | None) -> None:
        self._capture = capture
        self._info = info
        self._label = label
        self._node = node

    @property
    def info(self) -> SourceInfo:
        """What was granted."""
        return self._info

    def read(self) -> Image:
        """Block until the next picture and return it, the caller's own: shape (height, width, 3), BGR.

        Raises:
            SourceFailed: it was unplugged or stopped delivering.
        """
        try:
            for _ in range(MOST_DAMAGED):
                if not self._capture.grab():
                    break
                # Without an argument OpenCV makes a new image each time: nothing writes into it later.
                is_whole, image = self._capture.retrieve()
                if is_whole:
                    return image
        except cv2.error as error:
            log.debug("reading %s failed", self._label, exc_info=error)
        end = "was unplugged" if self._is_unplugged() else "stopped delivering"
        raise SourceFailed(f"{self._label} {end}")

    def close(self) -> None:
        """Release the camera."""
        self._capture.release()

    def _is_unplugged(self) -> bool:
        if self._node is None:
            return False
        never = threading.Event()
        for _ in range(_NODE_LOOKS):
            if not os.path.lexists(self._node):
                return True
            never.wait(NODE_LINGERS / _NODE_LOOKS)
        return not os.path.lexists(self._node)


def open_camera(
    device: int | str,
    *,
    source: str,
    size: tuple[int, int] = (1280, 720),
    fps: float = 30.0,
    open_device: Callable[[int | str], Capture] = open_capture,
    host: Host = THIS_HOST,
) -> CameraConnection:
    """Open a camera, ask for MJPG, size and rate, and read back what was granted.

    Args:
        device: index (0 is the first), device path, or the camera's name or a part of it. A name is
            looked up each time, since a camera that is plugged in again may become another device.
        source: id for the frames.
        size: (width, height) in pixels to ask for.
        fps: frames per second to ask for.
        open_device: opens the device; a seam for tests, as the next.
        host: where the system tells about its devices.

    Raises:
        SourceUnavailable: it cannot be opened; the message says why, as far as the system tells.
    """
    place = _place(device, host)
    capture = open_device(place)
    if not capture.isOpened():
        capture.release()
        raise SourceUnavailable(f"{_called(device)} cannot be opened: {why_not_opened(place, host)}")
    width, height = size
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
    capture.set(cv2.CAP_PROP_FPS, fps)
    node = host.node(place) if host.platform == "linux" else None
    called = _called(device)
    label = called if node is None or str(node) == device else f"{called} ({node})"
    info = _granted(capture, called, source)
    if (info.width, info.height) != size:
        log.info("%s granted %dx%d, not %dx%d", label, info.width, info.height, width, height)
    return CameraConnection(capture, info=info, label=label, node=node)


def _called(device: int | str) -> str:
    """Return how a camera is called in sentences; many a name says already that it is one."""
    is_name = isinstance(device, str) and not Path(device).is_absolute()
    return str(device) if is_name and "camera" in str(device).lower() else f"camera {device}"


def _place(device: int | str, host: Host) -> int | str:
    """Return the index or path to open."""
    if isinstance(device, int) or device.isdigit():
        return int(device)
    if Path(device).is_absolute():
        return device
    found = find_camera(device, host)
    if found is None:
        known = named_cameras(host)
        others = f"cameras here: {camera_texts(known)}" if known else why_no_camera(host)
        raise SourceUnavailable(
            f'no camera and no file is called "{device}"; {others or "the system names no other"}'
        )
    return int(found) if found.isdigit() else found


def _granted(capture: Capture, called: str, source: str) -> SourceInfo:
    width, height = (int(capture.get(prop)) for prop in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    pixel_format = fourcc_text(int(capture.get(cv2.CAP_PROP_FOURCC)))
    details = ", ".join(filter(None, [_BACKEND_NAMES.get(sys.platform, ""), pixel_format]))
    fps = capture.get(cv2.CAP_PROP_FPS)
    return SourceInfo(
        source=source,
        description=called + (f" ({details})" if details else ""),
        width=width,
        height=height,
        fps=fps if fps > 0 else None,
    )
