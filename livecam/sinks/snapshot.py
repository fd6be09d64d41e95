"""One picture as a file, because the user asked for it: from the window and from the browser alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.native import cv2
from livecam.whole_file import write_whole

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from livecam.frames import Image


def save_snapshot(image: Image, folder: Path, taken_at: datetime) -> Path:
    """Write a picture as a PNG that is named after the moment, and return where.

    Args:
        image: BGR pixels, as they are to be seen.
        folder: where to; it must exist.
        taken_at: an aware instant; the name has it in local time, to the microsecond.

    Raises:
        OutputError: the file cannot be written.
    """
    path = folder / f"livecam-{taken_at.astimezone():%Y%m%d-%H%M%S-%f}.png"
    write_whole(path, cv2.imencode(".png", image)[1].tobytes())
    return path
