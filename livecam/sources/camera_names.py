"""The cameras that the system tells of, by name; nothing here starts one.

Linux lists its video devices in sysfs, and each is asked what it is: half of them give metadata, no
pictures. macOS and Windows are asked through cv2-enumerate-cameras, which is installed there only.
"""

from __future__ import annotations

import importlib
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

from livecam.errors import SourceUnavailable
from livecam.native import cv2
from livecam.sources import v4l2

log = logging.getLogger(__name__)

_BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_DSHOW}


@dataclass(frozen=True, slots=True)
class Host:
    """Where a system tells about itself and its devices; tests give a folder and a kernel of their own."""

    root: Path = Path("/")
    """Holds Linux's `dev`, `proc` and `sys`."""
    ioctl: v4l2.Ioctl = v4l2.kernel_ioctl
    """Asks Linux's kernel about a device."""
    platform: str = sys.platform
    """"linux", "darwin" or "win32"; elsewhere nothing is told."""

    @property
    def video_class(self) -> Path:
        """Where the kernel lists its video devices."""
        return self.root / "sys/class/video4linux"

    def node(self, device: int | str) -> Path:
        """Return the path of a device that is given by its index or by its path."""
        if isinstance(device, int) or device.isdigit():
            return self.root / f"dev/video{int(device)}"
        return Path(device)

    def capability(self, node: Path) -> v4l2.Capability | None:
        """Return what a device says that it is; None when it cannot be asked."""
        return v4l2.query_capability(node, ioctl=self.ioctl)

    def modes(self, node: Path) -> list[v4l2.Mode]:
        """Return the modes that a device offers."""
        return v4l2.query_modes(node, ioctl=self.ioctl)


THIS_HOST = Host()


@dataclass(frozen=True, slots=True)
class NamedCamera:
    """One camera that the system tells of."""

    device: str
    """What opens it: a device path, or an index where there are no paths."""
    name: str | None
    """The driver's or the system's name for it; None when it tells none."""
    bus: str | None = None
    """Where it is plugged in; None when that is not told."""


def platform_backend() -> int:
    """Return OpenCV's backend for cameras on this platform."""
    return _BACKENDS.get(sys.platform, cv2.CAP_ANY)


def named_cameras(host: Host = THIS_HOST) -> list[NamedCamera] | None:
    """Return the cameras that the system tells of, in its order; None when it tells nothing."""
    if host.platform == "linux":
        return _from_sysfs(host)
    if host.platform in ("darwin", "win32"):
        return _from_package(_BACKENDS[host.platform])
    return None


def find_camera(name: str, host: Host = THIS_HOST) -> str | None:
    """Return the device of the camera that is called `name`, in whatever case.

    A part of its name is enough when no other camera's name holds it. None when there is none such.

    Raises:
        SourceUnavailable: several are called that.
    """
    wanted = name.casefold().strip()
    known = [camera for camera in named_cameras(host) or [] if camera.name]
    exact = [camera for camera in known if (camera.name or "").casefold() == wanted]
    found = exact or [camera for camera in known if wanted and wanted in (camera.name or "").casefold()]
    if len(found) > 1:
        raise SourceUnavailable(
            f'{len(found)} cameras are called "{name}": {camera_texts(found)}; give one of them by its device'
        )
    return found[0].device if found else None


def camera_texts(cameras: list[NamedCamera]) -> str:
    """Return cameras in one line for people, such as "/dev/video0 (Desk camera), /dev/video2"."""
    return ", ".join(
        f"{camera.device} ({camera.name})" if camera.name else camera.device for camera in cameras
    )


def _from_sysfs(host: Host) -> list[NamedCamera]:
    entries = [entry for entry in host.video_class.glob("video*") if entry.name[5:].isdecimal()]
    found: list[NamedCamera] = []
    for entry in sorted(entries, key=lambda entry: int(entry.name[5:])):
        node = host.root / "dev" / entry.name
        capability = host.capability(node)
        if not (capability.is_capture if capability else _is_first_of_its_device(entry)):
            continue
        name = sysfs_text(entry / "name") or (capability.card if capability else None)
        found.append(NamedCamera(str(node), name or None, (capability.bus or None) if capability else None))
    return found


def _is_first_of_its_device(entry: Path) -> bool:
    """Whether a node that cannot be asked is likely to be the one with the pictures."""
    return sysfs_text(entry / "index") in (None, "0")


def sysfs_text(path: Path) -> str | None:
    """Return the one line of a file of the kernel's; None when it is not there or empty."""
    try:
        return v4l2.printable(path.read_text(encoding="utf-8", errors="replace")) or None
    except OSError:
        return None


def _from_package(backend: int) -> list[NamedCamera] | None:
    try:
        enumerate_cameras = importlib.import_module("cv2_enumerate_cameras").enumerate_cameras
        found = enumerate_cameras(backend)
    except Exception as error:  # it speaks to the system's own libraries, which may fail in any way
        log.debug("the system does not tell its cameras", exc_info=error)
        return None
    return [
        NamedCamera(str(camera.index), v4l2.printable(camera.name or "") or None, bus=None)
        for camera in found
    ]
