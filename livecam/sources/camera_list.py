"""Which cameras there are and what each grants: what `livecam cameras` prints."""

from __future__ import annotations

import functools
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import SourceUnavailable
from livecam.sources.camera import CameraSource, open_capture

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.sources.camera import Capture

PROBED_INDICES = 4
"""Indices tried where the platform offers no list; OpenCV has no way to ask for one."""
VIDEO_CLASS = Path("/sys/class/video4linux")


@dataclass(frozen=True, slots=True)
class CameraListing:
    """One camera as it answered."""

    device: str
    """What to give `livecam run`."""
    name: str | None
    """The driver's name for it; None where the platform does not tell."""
    granted: str | None
    """Size and rate it granted, such as "1280x720, 30 fps"; None when it could not be opened."""
    problem: str | None
    """Why it could not be opened; None when it could."""


def list_cameras(
    clock: Clock,
    *,
    video_class: Path = VIDEO_CLASS,
    open_device: Callable[[int | str], Capture] = open_capture,
) -> list[CameraListing]:
    """Open every camera for a moment and say what it grants.

    Args:
        clock: for the sources that are opened.
        video_class: where the kernel lists video devices; a seam for tests, as the next.
        open_device: opens a device.
    """
    listing = functools.partial(_listing, clock=clock, open_device=open_device)
    if platform.system() == "Linux":
        return [listing(f"/dev/{name}", label) for name, label in _video_devices(video_class)]
    found = [listing(str(index), None) for index in range(PROBED_INDICES)]
    return [listing for listing in found if listing.problem is None]


def _video_devices(video_class: Path) -> list[tuple[str, str | None]]:
    """Return (device name, label) of what the kernel calls a video device, in order."""
    devices = sorted(video_class.glob("video*"), key=lambda path: (len(path.name), path.name))
    return [(path.name, _first_line(path / "name")) for path in devices]


def _first_line(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or None
    except OSError:
        return None


def _listing(
    device: str, name: str | None, *, clock: Clock, open_device: Callable[[int | str], Capture]
) -> CameraListing:
    camera = CameraSource(
        int(device) if device.isdigit() else device, source=device, clock=clock, open_device=open_device
    )
    try:
        info = camera.open()
    except SourceUnavailable as error:
        return CameraListing(device, name, None, str(error))
    finally:
        camera.close()
    rate = "" if info.fps is None else f", {info.fps:g} fps"
    return CameraListing(device, name, f"{info.width}x{info.height}{rate}", None)
