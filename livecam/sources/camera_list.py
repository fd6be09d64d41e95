"""Which cameras there are, their modes, and what works: what `livecam cameras` prints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import OutputError, SourceError, SourceUnavailable
from livecam.native import cv2
from livecam.sources.camera import open_camera, open_capture
from livecam.sources.camera_names import THIS_HOST, NamedCamera, named_cameras
from livecam.whole_file import make_folder, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from livecam.frames import Image
    from livecam.sources.camera import CameraConnection, Capture
    from livecam.sources.camera_names import Host
    from livecam.sources.v4l2 import Mode

PROBED_INDICES = 4
"""Indices tried where the system offers no list; OpenCV has no way to ask for one."""
STILL_AFTER = 10
"""Pictures read for a still, of which the last is kept: the first ones are dark until the exposure is set."""


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
    """Why it gave no picture; None when it gave one."""
    bus: str | None = None
    """Where it is plugged in; None where the platform does not tell."""
    modes: tuple[Mode, ...] = ()
    """What it offers, in its own order; empty where the platform does not tell."""
    still: str | None = None
    """The file with its picture; None when none was asked for or none came."""


def list_cameras(
    *,
    stills: Path | None = None,
    host: Host = THIS_HOST,
    open_device: Callable[[int | str], Capture] = open_capture,
) -> list[CameraListing]:
    """Open every camera for a moment, read a picture, and say what it grants.

    Args:
        stills: folder for a JPEG of each camera that works; made if it is missing.
        host: where the system tells about its devices; a seam for tests, as the next.
        open_device: opens a device.

    Raises:
        OutputError: a still cannot be saved.
    """
    if stills is not None:
        _make_folder(stills)
    known = named_cameras(host)
    is_probing = known is None
    if known is None:
        known = [NamedCamera(str(index), None) for index in range(PROBED_INDICES)]
    found = [_listing(camera, stills, host, open_device) for camera in known]
    return [listing for listing in found if listing.granted is not None or not is_probing]


def mode_texts(modes: Iterable[Mode]) -> list[str]:
    """Return a line for each pixel format, such as "MJPG 1920x1080@30 1280x720@30,60"."""
    return [
        " ".join([pixel_format or "?", *map(_mode_text, group)])
        for pixel_format, group in groupby(modes, key=lambda mode: mode.pixel_format)
    ]


def _mode_text(mode: Mode) -> str:
    rates = ",".join(f"{round(rate, 1):g}" for rate in mode.fps)
    return f"{mode.width}x{mode.height}" + (f"@{rates}" if rates else "")


def _listing(
    camera: NamedCamera, stills: Path | None, host: Host, open_device: Callable[[int | str], Capture]
) -> CameraListing:
    modes = tuple(host.modes(host.node(camera.device))) if host.platform == "linux" else ()
    granted = problem = still = None
    try:
        connection = open_camera(camera.device, source=camera.device, open_device=open_device, host=host)
        granted = _granted_text(connection)
        image = _picture(connection, 1 if stills is None else STILL_AFTER)
        still = _save(image, stills / _still_name(camera.device)) if stills is not None else None
    except SourceUnavailable as error:
        problem = str(error)
    except SourceError as error:
        problem = f"it opens, but gives no picture: {error}"
    return CameraListing(camera.device, camera.name, granted, problem, camera.bus, modes, still)


def _granted_text(connection: CameraConnection) -> str:
    info = connection.info
    return f"{info.width}x{info.height}" + ("" if info.fps is None else f", {info.fps:g} fps")


def _picture(connection: CameraConnection, reads: int) -> Image:
    """Return the last of some pictures, and let the camera go.

    Raises:
        SourceFailed: there was not even one.
    """
    try:
        image = connection.read()
        for _ in range(reads - 1):
            try:
                image = connection.read()
            except SourceError:
                break
        return image
    finally:
        connection.close()


def _still_name(device: str) -> str:
    """Return a file name for a camera, such as "video0.jpg", or "camera1.jpg" for an index."""
    stem = re.sub(r"[^\w.-]+", "-", Path(device).name)
    return f"camera{stem}.jpg" if stem.isdigit() else f"{stem}.jpg"


def _make_folder(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as error:
        raise OutputError(f"--stills {folder} cannot be made: {error.strerror}") from error


def _save(image: Image, path: Path) -> str:
    """Write a JPEG and return its path.

    `imencode` rather than `imwrite`, which says nothing of why it did not write.

    Raises:
        OutputError: it cannot be written.
    """
    _, jpeg = cv2.imencode(".jpg", image)
    try:
        write_whole(path, jpeg.tobytes())
    except OutputError as error:
        raise OutputError(f"--stills: {error}") from error
    return str(path)
