"""Why a camera did not open, in one sentence, from what the system shows. Never raises.

The order matters: a device that is not there cannot be forbidden, one that is forbidden cannot be
asked what it is, and only one that is there, permitted and a camera can be in use.
"""

from __future__ import annotations

import errno
import getpass
import logging
import os
from typing import TYPE_CHECKING

from livecam.sources import v4l2
from livecam.sources.camera_names import THIS_HOST, camera_texts, named_cameras, sysfs_text

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.sources.camera_names import Host

log = logging.getLogger(__name__)

_MACOS = (
    "macOS may not let this program use it: allow your terminal in System Settings > Privacy & Security >"
    " Camera, then start the terminal again"
)
_WINDOWS = (
    "Windows may not let desktop apps use it (Settings > Privacy & security > Camera), or another program"
    " has it"
)
_UNKNOWN = "it is not there, in use by another program, or not permitted"
_WSL = (
    "WSL has no camera of its own; attach one from Windows with usbipd-win"
    " (usbipd bind --busid ID, then usbipd attach --wsl --busid ID)"
)
_CONTAINER_MARKS = (".dockerenv", "run/.containerenv")
"""Files that Docker and Podman leave in a container's root."""
_CONTAINER_GROUPS = ("docker", "containerd", "kubepods", "libpod", "lxc")
"""What the first process's control groups are called in one."""
_GROUP_MAY = 0o060
"""Read and write for the group: a camera is asked for pictures by writing."""
_MOST_HOLDERS = 3
"""Programs named in one sentence."""


def why_not_opened(device: int | str, host: Host = THIS_HOST) -> str:
    """Return why the camera at an index or a device path did not open, and what to do about it.

    The text has no full stop and follows "camera 0 cannot be opened: ".
    """
    try:
        return _reason(device, host)
    except Exception as error:  # a wrong guess is bad, a traceback in place of a guess is worse
        log.debug("no reason found for camera %s", device, exc_info=error)
        return _UNKNOWN


def why_no_camera(host: Host = THIS_HOST) -> str | None:
    """Return why this system shows no camera at all; None when nothing is known to hide one."""
    try:
        return _hidden_by(host) if host.platform == "linux" else None
    except Exception as error:
        log.debug("not known where this runs", exc_info=error)
        return None


def why_refused(node: Path, host: Host = THIS_HOST) -> str | None:
    """Return why this user cannot open a device; None when he can. Starts no camera."""
    if host.platform != "linux":
        return None
    if not os.path.lexists(node):
        return _absence(node, host)
    try:
        os.close(v4l2.open_node(node))
    except OSError as error:
        return _refusal(node, error, host)
    return None


def _reason(device: int | str, host: Host) -> str:
    if host.platform == "linux":
        node = host.node(device)
        return _reason_on_linux(node, host) if os.path.lexists(node) else _absence(node, host)
    known = named_cameras(host)
    if known is not None and str(device) not in [camera.device for camera in known]:
        return f"there is none; cameras here: {camera_texts(known)}" if known else "there is no camera here"
    return {"darwin": _MACOS, "win32": _WINDOWS}.get(host.platform, _UNKNOWN)


def _absence(node: Path, host: Host) -> str:
    """Return why there is no such device."""
    known = named_cameras(host) or []
    present = [camera for camera in known if os.path.lexists(camera.device)]
    if present:
        return f"there is no {node}; cameras here: {camera_texts(present)}"
    hidden = _hidden_by(host, node.name)
    return f"there is no {node}; " + (hidden or "no camera is plugged in, or its driver does not know it")


def _hidden_by(host: Host, name: str = "video0") -> str | None:
    """Return what keeps a machine's cameras from this system; None when nothing is known to."""
    if "microsoft" in (sysfs_text(host.root / "proc/sys/kernel/osrelease") or "").lower():
        return _WSL
    if _is_container(host):
        return f"a container has only the cameras it is given; start it with --device /dev/{name}"
    return None


def _is_container(host: Host) -> bool:
    if any((host.root / mark).exists() for mark in _CONTAINER_MARKS):
        return True
    groups = sysfs_text(host.root / "proc/1/cgroup") or ""
    return any(word in groups for word in _CONTAINER_GROUPS)


def _reason_on_linux(node: Path, host: Host) -> str:
    """Return why a device that is there did not open."""
    try:
        os.close(v4l2.open_node(node))
    except OSError as error:
        return _refusal(node, error, host)
    capability = host.capability(node)
    if capability is None:
        return f"{node} is no video device"
    if not capability.is_capture:
        return _no_pictures(node, capability, host)
    return _use(node, host)


def _refusal(node: Path, error: OSError, host: Host) -> str:
    """Return what the kernel's refusal to open a device means."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"you may not use {node}{_permission_advice(node, host)}"
    if error.errno == errno.EBUSY:
        return f"another program has {node}"
    return f"{node} does not answer ({error.strerror}); unplug the camera and plug it in again"


def _permission_advice(node: Path, host: Host) -> str:
    """Return how to be allowed to use a device; follows "you may not use /dev/video0"."""
    status = node.stat()
    group = _group_name(status.st_gid)
    is_open_to_group = status.st_mode & _GROUP_MAY == _GROUP_MAY and status.st_gid != 0
    if not is_open_to_group:
        return ": only its owner may; start livecam as that user, or have the device opened to a group"
    if status.st_gid in os.getgroups():
        return (
            f" although you are in its group {group or status.st_gid}: the system or a container forbids it"
        )
    if _is_container(host):
        return f": start the container with --group-add {status.st_gid}"
    if group is None:
        return f": its group is {status.st_gid}, which has no name here"
    return f": add yourself to the group {group} (sudo usermod -aG {group} {_user_name()}, then log in again)"


def _group_name(number: int) -> str | None:
    import grp  # there is none on Windows

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:  # in a container, often
        return None


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        return "USER"


def _no_pictures(node: Path, capability: v4l2.Capability, host: Host) -> str:
    """Return what a device is for that gives no pictures, and which one of its camera's gives them."""
    if capability.is_output:
        return f"{node} ({capability.card}) is a virtual camera that no program feeds yet"
    kind = "only carries metadata of" if capability.is_metadata else "is not for pictures of"
    known = named_cameras(host) or []
    sibling = next((camera for camera in known if camera.bus and camera.bus == capability.bus), None)
    advice = f"; use {sibling.device}" if sibling else "; `livecam cameras` lists those with pictures"
    return f"{node} {kind} {capability.card}{advice}"


def _use(node: Path, host: Host) -> str:
    """Return who uses a device."""
    holders = find_holders(node, host)
    if os.getpid() in holders:
        return f"livecam itself still has {node} from before"
    if holders:
        named = [f"{name} (process {pid})" for pid, name in list(holders.items())[:_MOST_HOLDERS]]
        return f"{node} is in use by {' and '.join(named)}; close it there"
    return (
        f"{node} is there and you may use it, but another program probably has it"
        f" (sudo fuser -v {node} names it)"
    )


def find_holders(node: Path, host: Host = THIS_HOST) -> dict[int, str]:
    """Return the processes that have a file open, as far as this user may see: id to name."""
    target = os.path.realpath(node)
    holders: dict[int, str] = {}
    for entry in sorted((host.root / "proc").glob("[0-9]*"), key=lambda entry: entry.name):
        if _has_open(entry / "fd", target):
            holders[int(entry.name)] = sysfs_text(entry / "comm") or "a program"
    return holders


def _has_open(descriptors: Path, target: str) -> bool:
    try:
        links = list(descriptors.iterdir())
    except OSError:  # another user's process, or it has just ended
        return False
    return any(_points_at(link, target) for link in links)


def _points_at(link: Path, target: str) -> bool:
    try:
        return str(link.readlink()) == target
    except OSError:  # closed in the meantime
        return False
