"""What the machine and its packages are: Python, OpenCV, room on the disk."""

from __future__ import annotations

import os
import platform
import re
import shutil
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from livecam import __version__
from livecam.doctor.examination import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FLAVOURS = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
"""Packages that all install the same folder `cv2`: two of them overwrite each other's files."""
OPENCV_MAJOR = 5
LITTLE_ROOM = 2e9
"""Bytes: an hour of 720p takes about 1 GB."""
NO_ROOM = 100e6


def python() -> Finding:
    """Say what runs here."""
    system = f"{platform.system()} {platform.machine()}"
    return Finding("ok", f"livecam {__version__}, Python {platform.python_version()}, {system}")


def installed_packages() -> Iterable[str]:
    """Yield the names of the packages that are installed, as they are written in `pip install`."""
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            yield re.sub(r"[-_.]+", "-", name).lower()


def opencv(packages: Callable[[], Iterable[str]] = installed_packages) -> Finding:
    """Say which OpenCV there is, and whether two of them share one folder.

    Raises:
        MissingDependency: it cannot be loaded.
    """
    flavours = sorted(set(packages()) & set(FLAVOURS))
    if len(flavours) > 1:
        return Finding(
            "fail",
            f"{' and '.join(flavours)} are installed side by side and overwrite each other's files",
            f"run: pip uninstall -y {' '.join(flavours)}, then: pip install 'opencv-python>=5,<6'",
        )
    from livecam.native import cv2

    told = f"OpenCV {cv2.__version__}" + "".join(f" ({flavour})" for flavour in flavours)
    if int(cv2.__version__.split(".")[0]) != OPENCV_MAJOR:
        return Finding(
            "warn", f"{told} is not the one livecam is made for", "run: pip install 'opencv-python>=5,<6'"
        )
    return Finding("ok", told)


def disk(folder: Path | None = None) -> Finding:
    """Say how much room the folder has that outputs are written to."""
    place = (folder or Path()).absolute()
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Finding("fail", f"{place} cannot be read: {error.strerror}", "start livecam elsewhere")
    told = f"{free / 1e9:.1f} GB free in {place}"
    if not os.access(place, os.W_OK):
        return Finding("warn", f"{place} cannot be written", "name outputs in another folder")
    if free < NO_ROOM:
        return Finding("fail", told, "make room, or name outputs in another folder")
    if free < LITTLE_ROOM:
        return Finding("warn", f"{told}, about an hour of video per GB", "make room before recording")
    return Finding("ok", told)
