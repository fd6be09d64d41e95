"""Stand-ins for OpenCV's capture and for the kernel's video devices, and clips made on the spot."""

from __future__ import annotations

import ctypes
import errno
import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from livecam.encoding.h264 import H264Writer
from livecam.native import cv2
from livecam.sources.camera_names import Host

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from livecam.frames import Image

MJPG = cv2.VideoWriter.fourcc(*"MJPG")


class FakeCapture:
    """Fits `Capture`.

    Args:
        granted: what it says that it does, whatever it was asked for.
        frames: reads that give a picture before they fail; None for no end.
        error: what a read raises instead of failing.
        damaged: the reads, counted from 0, whose picture cannot be decoded.
    """

    def __init__(
        self,
        *,
        is_open: bool = True,
        granted: dict[int, float] | None = None,
        frames: int | None = None,
        error: Exception | None = None,
        damaged: Collection[int] = (),
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
        self._damaged = damaged
        self.reads = 0
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

    def grab(self) -> bool:
        self.reads_after_release += bool(self.released_by)
        if self._left == 0:
            if self._error is not None:
                raise self._error
            return False
        if self._left is not None:
            self._left -= 1
        self.reads += 1
        return True

    def retrieve(self) -> tuple[bool, Image]:
        if self.reads - 1 in self._damaged:
            return False, np.zeros((0, 0, 3), np.uint8)
        return True, np.full((48, 64, 3), 80 + self.reads % 100, np.uint8)

    def release(self) -> None:
        self.released_by.append(threading.current_thread())


class _Capability(ctypes.Structure):
    """v4l2_capability, as linux/videodev2.h lays it out; so are the next three."""

    _fields_ = (
        ("driver", ctypes.c_char * 16),
        ("card", ctypes.c_char * 32),
        ("bus_info", ctypes.c_char * 32),
        ("version", ctypes.c_uint32),
        ("capabilities", ctypes.c_uint32),
        ("device_caps", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32 * 3),
    )


class _Format(ctypes.Structure):
    _fields_ = (
        ("index", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("description", ctypes.c_char * 32),
        ("pixelformat", ctypes.c_uint32),
        ("mbus_code", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32 * 3),
    )


class _Size(ctypes.Structure):
    _fields_ = (
        ("index", ctypes.c_uint32),
        ("pixel_format", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("numbers", ctypes.c_uint32 * 6),
        ("reserved", ctypes.c_uint32 * 2),
    )


class _Interval(ctypes.Structure):
    _fields_ = (
        ("index", ctypes.c_uint32),
        ("pixel_format", ctypes.c_uint32),
        ("width", ctypes.c_uint32),
        ("height", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("numbers", ctypes.c_uint32 * 6),
        ("reserved", ctypes.c_uint32 * 2),
    )


DISCRETE, STEPWISE = 1, 3
CAPTURE, OUTPUT, CAPTURE_MPLANE, METADATA = 0x1, 0x2, 0x1000, 0x800000


@dataclass(frozen=True)
class FakeFormat:
    """A pixel format that a device offers.

    Sizes are (width, height), or one range (min, max, step of each); intervals are fractions of a
    second, or one range of three.
    """

    letters: str
    sizes: tuple[tuple[int, ...], ...] = ((640, 480),)
    intervals: tuple[tuple[int, ...], ...] = ((1, 30),)


@dataclass(frozen=True)
class FakeDevice:
    """A video device as the kernel knows it; one without caps is none that answers QUERYCAP."""

    card: str = "Desk camera"
    bus: str = "usb-0000:00:14.0-1"
    caps: int = CAPTURE
    formats: tuple[FakeFormat, ...] = ()
    name: str | None = None
    """What sysfs calls it, when that is not `card`."""


@dataclass
class FakeKernel:
    """Answers the ioctls of videodev2.h for the files in a folder, as a kernel does for its devices."""

    nodes: Path
    devices: dict[str, FakeDevice] = field(default_factory=dict)
    """By file name, such as "video0"."""
    has_device_caps: bool = True

    def __call__(self, descriptor: int, request: int, structure: bytearray) -> int:
        inode = os.fstat(descriptor).st_ino
        name = next((path.name for path in self.nodes.iterdir() if path.stat().st_ino == inode), "")
        device = self.devices.get(name, FakeDevice(caps=0))
        answers = {
            0x80685600: self._capability,
            0xC0405602: self._format,
            0xC02C564A: self._size,
            0xC034564B: self._interval,
        }
        if request not in answers or not device.caps:
            raise OSError(errno.ENOTTY, "Inappropriate ioctl for device")
        try:
            answers[request](device, structure)
        except IndexError as error:
            raise OSError(errno.EINVAL, "Invalid argument") from error
        return 0

    def _capability(self, device: FakeDevice, structure: bytearray) -> None:
        answer = _Capability.from_buffer(structure)
        answer.driver, answer.card, answer.bus_info = b"uvcvideo", device.card.encode(), device.bus.encode()
        # `capabilities` is of the whole camera, all its nodes together.
        answer.capabilities = 0x84A00001 if self.has_device_caps else device.caps
        answer.device_caps = device.caps if self.has_device_caps else 0

    def _format(self, device: FakeDevice, structure: bytearray) -> None:
        answer = _Format.from_buffer(structure)
        if answer.type != (9 if device.caps & CAPTURE_MPLANE else 1):
            raise IndexError
        answer.pixelformat = cv2.VideoWriter.fourcc(*device.formats[answer.index].letters)

    def _size(self, device: FakeDevice, structure: bytearray) -> None:
        answer = _Size.from_buffer(structure)
        _fill(answer, _format_of(device, answer.pixel_format).sizes)

    def _interval(self, device: FakeDevice, structure: bytearray) -> None:
        answer = _Interval.from_buffer(structure)
        _fill(answer, _format_of(device, answer.pixel_format).intervals)


def _format_of(device: FakeDevice, code: int) -> FakeFormat:
    offered = {cv2.VideoWriter.fourcc(*found.letters): found for found in device.formats}
    return offered.get(code, FakeFormat("none", sizes=(), intervals=()))


def _fill(answer: _Size | _Interval, entries: Sequence[tuple[int, ...]]) -> None:
    entry = entries[answer.index]
    answer.type = DISCRETE if len(entry) == 2 else STEPWISE
    answer.numbers[: len(entry)] = entry


def a_host(root: Path, platform: str = "linux", **devices: FakeDevice) -> Host:
    """Return a system below `root` with some video devices, by their names such as video0."""
    for folder in ("dev", "proc", "sys/class/video4linux"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name, device in devices.items():
        (root / "dev" / name).touch()
        entry = root / "sys/class/video4linux" / name
        entry.mkdir(exist_ok=True)
        (entry / "name").write_text(f"{device.name or device.card}\n", encoding="utf-8")
    return Host(root=root, ioctl=FakeKernel(root / "dev", devices), platform=platform)


def write_clip(path: Path, times: Sequence[float], *, size: tuple[int, int] = (64, 48)) -> Path:
    """Write a clip with a picture at each of some times (seconds); they get brighter."""
    writer = H264Writer(path)
    for index, time in enumerate(times):
        brightness = 20 + 200 * index // len(times)
        writer.write(np.full((size[1], size[0], 3), brightness, np.uint8), time)
    writer.close()
    return path
