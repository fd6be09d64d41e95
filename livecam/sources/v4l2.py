"""What the Linux kernel tells about a video device: what it is, and its modes. Opens, asks, closes.

Numbers and layouts are those of linux/videodev2.h, which are part of the kernel's stable interface:
the same on every architecture (the structures hold 32-bit fields and texts only).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Ioctl: TypeAlias = Callable[[int, int, bytearray], int]
"""(file descriptor, request, structure that the kernel fills) -> result; raises OSError."""

_CAPABILITY = struct.Struct("=16s32s32s3I12x")
"""v4l2_capability: driver, card, bus_info, version, capabilities, device_caps."""
_FORMAT = struct.Struct("=3I32sI16x")
"""v4l2_fmtdesc: index, type, flags, description, pixelformat."""
_SIZE = struct.Struct("=3I6I8x")
"""v4l2_frmsizeenum: index, pixel_format, type, then width and height, or min, max, step of each."""
_INTERVAL = struct.Struct("=5I6I8x")
"""v4l2_frmivalenum: index, pixel_format, width, height, type, then one fraction, or min, max, step."""

_READ, _READ_WRITE = 2, 3  # _IOC_READ, _IOC_READ | _IOC_WRITE of asm-generic/ioctl.h


def _request(direction: int, number: int, layout: struct.Struct) -> int:
    """Return an ioctl's number as asm-generic/ioctl.h composes it; "V" is videodev2.h's letter."""
    return direction << 30 | layout.size << 16 | ord("V") << 8 | number


QUERYCAP = _request(_READ, 0, _CAPABILITY)
ENUM_FMT = _request(_READ_WRITE, 2, _FORMAT)
ENUM_FRAMESIZES = _request(_READ_WRITE, 74, _SIZE)
ENUM_FRAMEINTERVALS = _request(_READ_WRITE, 75, _INTERVAL)

CAP_VIDEO_CAPTURE = 0x00000001
CAP_VIDEO_OUTPUT = 0x00000002
CAP_VIDEO_CAPTURE_MPLANE = 0x00001000
CAP_META_CAPTURE = 0x00800000
CAP_DEVICE_CAPS = 0x80000000
"""Set in `capabilities` when `device_caps` is filled: since Linux 3.4 by every driver."""
_BUFFER_CAPTURE, _BUFFER_CAPTURE_MPLANE = 1, 9  # v4l2_buf_type
_DISCRETE = 1  # V4L2_FRMSIZE_TYPE_DISCRETE and V4L2_FRMIVAL_TYPE_DISCRETE

_MOST_ANSWERS = 64
"""Entries asked for in one list; a driver that never ends its list must not keep us."""
_USUAL_SIZES = ((640, 480), (1280, 720), (1920, 1080), (3840, 2160))
"""(width, height) told of a device that grants any size in a range, besides the least and the most."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What a video device says that it is."""

    card: str
    """Its name for people, such as "HD Pro Webcam C920"."""
    driver: str
    """The kernel driver's name, such as "uvcvideo"."""
    bus: str
    """Where it is plugged in, such as "usb-0000:00:14.0-1"; shared by all nodes of one camera."""
    caps: int
    """`CAP_...` bits of this node."""

    @property
    def is_capture(self) -> bool:
        """Whether pictures can be read from it."""
        return bool(self.caps & (CAP_VIDEO_CAPTURE | CAP_VIDEO_CAPTURE_MPLANE))

    @property
    def is_metadata(self) -> bool:
        """Whether it gives what a camera says about its pictures, and no pictures."""
        return bool(self.caps & CAP_META_CAPTURE) and not self.is_capture

    @property
    def is_output(self) -> bool:
        """Whether it takes pictures and gives none: a virtual camera that nobody feeds yet."""
        return bool(self.caps & CAP_VIDEO_OUTPUT) and not self.is_capture


@dataclass(frozen=True, slots=True)
class Mode:
    """One size in one pixel format, and the rates at which it is offered."""

    pixel_format: str
    """Four letters, such as "MJPG" or "YUYV"."""
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    fps: tuple[float, ...]
    """Frames per second, ascending; the slowest and the fastest where all between are offered."""


def kernel_ioctl(descriptor: int, request: int, structure: bytearray) -> int:
    """Ask the kernel, which fills `structure`.

    Raises:
        OSError: it does not answer this.
    """
    import fcntl  # there is none on Windows

    return int(fcntl.ioctl(descriptor, request, structure))


def query_capability(path: Path, *, ioctl: Ioctl = kernel_ioctl) -> Capability | None:
    """Return what the device at `path` is; None when it cannot be asked."""
    try:
        descriptor = open_node(path)
    except OSError:
        return None
    try:
        return _capability(descriptor, ioctl)
    finally:
        os.close(descriptor)


def query_modes(path: Path, *, ioctl: Ioctl = kernel_ioctl) -> list[Mode]:
    """Return the modes that the device at `path` offers, in its own order; none if it cannot be asked."""
    try:
        descriptor = open_node(path)
    except OSError:
        return []
    try:
        capability = _capability(descriptor, ioctl)
        if capability is None or not capability.is_capture:
            return []
        is_single = capability.caps & CAP_VIDEO_CAPTURE
        buffer_type = _BUFFER_CAPTURE if is_single else _BUFFER_CAPTURE_MPLANE
        return [
            Mode(fourcc_text(code), width, height, _rates(descriptor, ioctl, code, width, height))
            for code in _formats(descriptor, ioctl, buffer_type)
            for width, height in _sizes(descriptor, ioctl, code)
        ]
    finally:
        os.close(descriptor)


def open_node(path: Path) -> int:
    """Return a file descriptor of a device, opened without waiting and without starting it.

    Raises:
        OSError: it cannot be opened.
    """
    return os.open(path, os.O_RDWR | os.O_NONBLOCK)


def fourcc_text(code: int) -> str:
    """Return a pixel format's four letters, such as "MJPG"; empty when they are none."""
    letters = bytes((code >> shift) & 0xFF for shift in (0, 8, 16, 24)) if code > 0 else b""
    text = letters.decode("ascii", errors="replace").strip("\0 ")
    return text if text.isascii() and text.isprintable() else ""


def printable(text: str) -> str:
    """Return a device's own text in one line that is safe to print: it may hold anything."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _ask(descriptor: int, ioctl: Ioctl, request: int, layout: struct.Struct, *given: int) -> bytearray | None:
    """Return the structure as the kernel filled it, `given` being its first fields; None for no answer."""
    structure = bytearray(layout.size)
    struct.pack_into(f"={len(given)}I", structure, 0, *given)
    try:
        ioctl(descriptor, request, structure)
    except OSError:  # EINVAL after the last entry of a list, ENOTTY where it is not offered
        return None
    return structure


def _entries(
    descriptor: int, ioctl: Ioctl, request: int, layout: struct.Struct, *given: int
) -> Iterator[tuple[int, ...]]:
    """Yield the entries of a list that the kernel tells one by one, by ascending index."""
    for index in range(_MOST_ANSWERS):
        structure = _ask(descriptor, ioctl, request, layout, index, *given)
        if structure is None:
            return
        yield layout.unpack(structure)


def _capability(descriptor: int, ioctl: Ioctl) -> Capability | None:
    structure = _ask(descriptor, ioctl, QUERYCAP, _CAPABILITY)
    if structure is None:
        return None
    driver, card, bus, _version, capabilities, device_caps = _CAPABILITY.unpack(structure)
    caps = device_caps if capabilities & CAP_DEVICE_CAPS else capabilities
    return Capability(card=_text(card), driver=_text(driver), bus=_text(bus), caps=caps)


def _text(field: bytes) -> str:
    return printable(field.partition(b"\0")[0].decode("utf-8", errors="replace"))


def _formats(descriptor: int, ioctl: Ioctl, buffer_type: int) -> list[int]:
    entries = _entries(descriptor, ioctl, ENUM_FMT, _FORMAT, buffer_type)
    return [code for _index, _type, _flags, _description, code in entries]


def _sizes(descriptor: int, ioctl: Ioctl, code: int) -> list[tuple[int, int]]:
    """Return (width, height) of what is offered in a pixel format."""
    sizes: list[tuple[int, int]] = []
    for _index, _code, kind, *numbers in _entries(descriptor, ioctl, ENUM_FRAMESIZES, _SIZE, code):
        if kind != _DISCRETE:  # a range is the only entry of its list
            sizes = _sizes_in_range(*numbers)
            break
        sizes.append((numbers[0], numbers[1]))
    return [(width, height) for width, height in sizes if width and height]


def _sizes_in_range(
    least_width: int, most_width: int, step_width: int, least_height: int, most_height: int, step_height: int
) -> list[tuple[int, int]]:
    widths = range(least_width, most_width + 1, max(step_width, 1))
    heights = range(least_height, most_height + 1, max(step_height, 1))
    if not widths or not heights:
        return []
    usual = [(width, height) for width, height in _USUAL_SIZES if width in widths and height in heights]
    return sorted({(widths[0], heights[0]), *usual, (widths[-1], heights[-1])})


def _rates(descriptor: int, ioctl: Ioctl, code: int, width: int, height: int) -> tuple[float, ...]:
    """Return the frames per second of a size, ascending."""
    intervals: set[tuple[int, int]] = set()
    entries = _entries(descriptor, ioctl, ENUM_FRAMEINTERVALS, _INTERVAL, code, width, height)
    for _index, _code, _width, _height, kind, *numbers in entries:
        intervals.add((numbers[0], numbers[1]))
        if kind != _DISCRETE:  # a range is the only entry of its list
            intervals.add((numbers[2], numbers[3]))
            break
    rates = {round(denominator / numerator, 3) for numerator, denominator in intervals if numerator}
    return tuple(sorted(rate for rate in rates if rate > 0))
