"""Files for their owner alone, and files that are there whole or not at all.

What livecam writes shows people or tells of them: whatever the umask, a file that it makes is readable by its
owner alone. One that is there already and is written in place keeps the rights that somebody gave it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from livecam.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

OWNER_ONLY = 0o600
"""Mode of a file."""
OWNER_ONLY_FOLDER = 0o700


def owner_only(path: str, flags: int) -> int:
    """Open for `open(..., opener=owner_only)`, which makes a file for its owner alone."""
    return os.open(path, flags, OWNER_ONLY)


def make_anew(path: Path) -> None:
    """Make an empty file for its owner alone, in place of what is there and never through a link.

    Raises:
        OSError: it cannot be made.
    """
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def make_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone; one that is there stays.

    Raises:
        OSError: one of them cannot be made.
    """
    for folder in reversed(path.parents):
        if not folder.exists():
            folder.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    path.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, for its owner alone; replaced if it exists.

    A device or a pipe is written to.

    Raises:
        OutputError: it cannot be written.
    """
    is_replaced = path.is_file() or not path.exists()
    part = path.with_name(path.name + ".part") if is_replaced else path
    try:
        if is_replaced:
            make_anew(part)
        part.write_bytes(content)
        if is_replaced:
            part.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}; name another file"
        ) from error
