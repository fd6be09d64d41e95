"""Checks of the cameras: which there are, and, where the user wants them opened, what they really give.

Opening a camera lights its lamp and takes it from others: without being asked none is opened for pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.doctor.examination import Finding
from livecam.errors import SourceError
from livecam.sources.camera import open_camera
from livecam.sources.camera_list import mode_texts
from livecam.sources.camera_names import THIS_HOST, NamedCamera, named_cameras
from livecam.sources.camera_trouble import why_no_camera, why_refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from livecam.clock import Clock
    from livecam.protocols import Connection
    from livecam.sources.camera_names import Host

    Opener: TypeAlias = Callable[[str], Connection]
    """Opens a camera by its device; raises a `SourceError`."""

FIRST = 3
"""Pictures that are not counted: a camera begins by setting its exposure."""
COUNTED_FOR = 1.0
"""Seconds over which the rate is counted."""
MOST_COUNTED = 300
SLOW = 0.8
"""Share of the rate that was granted below which it is told."""
NO_CAMERA = "plug one in, give a file or a stream; `livecam run demo` needs none"
OPEN_THEM = "`livecam doctor --camera` opens each and counts its pictures; its lamp goes on"


def listed(host: Host = THIS_HOST) -> Finding:
    """Say which cameras the system tells of, with their modes, and whether the user may use them."""
    found = named_cameras(host)
    if found is None:
        return Finding("skip", "not known: this system lists none by itself", OPEN_THEM)
    if not found:
        return _none(host)
    refusals = [why for each in found if (why := why_refused(host.node(each.device), host))]
    if refusals:
        return Finding("fail" if len(refusals) == len(found) else "warn", "; ".join(refusals))
    return Finding("ok", "; ".join(_with_modes(each, host) for each in found) + "; not opened", OPEN_THEM)


def opened(
    clock: Clock,
    *,
    size: tuple[int, int],
    fps: float,
    host: Host = THIS_HOST,
    open_device: Opener | None = None,
) -> Finding:
    """Open each camera as a run would, and say what it grants and how many pictures really come a second.

    Args:
        clock: times the pictures.
        size: (width, height) that a run asks for, pixels.
        fps: that a run asks for, per second.
        host: where the system tells about its devices; a seam for tests, as the next.
        open_device: opens one.
    """

    def as_a_run(device: str) -> Connection:
        return open_camera(device, source=device, size=size, fps=fps, host=host)

    found = named_cameras(host)
    if found is None:  # the system does not say: the first is tried
        found = [NamedCamera("0", None)]
    if not found:
        return _none(host)
    told = [_tried(each, open_device or as_a_run, clock) for each in found]
    states = {finding.state for finding in told}
    worst = states.pop() if len(states) == 1 else "warn"
    advice = next((finding.advice for finding in told if finding.advice), None)
    return Finding(worst, "; ".join(finding.text for finding in told), advice)


def counted(connection: Connection, clock: Clock) -> float:
    """Return how many pictures a second come.

    Raises:
        SourceFailed: none come.
    """
    for _ in range(FIRST):
        connection.read()
    began_at, pictures = clock.now(), 0
    while clock.now() - began_at < COUNTED_FOR and pictures < MOST_COUNTED:
        connection.read()
        pictures += 1
    return pictures / max(clock.now() - began_at, 1e-6)


def _tried(camera: NamedCamera, open_device: Opener, clock: Clock) -> Finding:
    named = f"{camera.device} {camera.name or ''}".strip()
    try:
        connection = open_device(camera.device)
    except SourceError as error:
        return Finding("fail", str(error), "`livecam cameras` says more")
    info = connection.info
    try:
        rate = counted(connection, clock)
    except SourceError as error:
        return Finding("fail", f"{named} opens, but gives no picture: {error}", "unplug it and plug it in")
    finally:
        connection.close()
    granted = f"{info.width}x{info.height}" + (f" at {info.fps:g} fps" if info.fps else "")
    told = f"{named} grants {granted}; {rate:.1f} pictures a second really come"
    if info.fps and rate < SLOW * info.fps:
        return Finding("warn", told, "more light, a smaller --size, or a USB port of its own may help")
    return Finding("ok", told)


def _none(host: Host) -> Finding:
    reason = why_no_camera(host)
    return Finding("warn", "there is none" + (f": {reason}" if reason else ""), NO_CAMERA)


def _with_modes(camera: NamedCamera, host: Host) -> str:
    modes = mode_texts(host.modes(host.node(camera.device))) if host.platform == "linux" else []
    named = f"{camera.device} {camera.name or ''}".strip()
    return f"{named} ({modes[0]})" if modes else named
