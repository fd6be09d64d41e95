"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from livecam.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

OWNER_ONLY = 0o600


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, for its owner alone; replaced if it exists.

    Raises:
        OutputError: it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        descriptor = os.open(
            part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), OWNER_ONLY
        )
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}; name another file"
        ) from error
