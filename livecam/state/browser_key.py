"""What lets a page that was open go on after livecam was started again: a secret kept for a day."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
from typing import TYPE_CHECKING

import platformdirs

from livecam.whole_file import make_folder

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clock import Clock

FILE_NAME = "browser-key"
KEPT_FOR = 24 * 3600.0
"""Seconds; then whoever had a page open opens the printed address anew."""
LENGTH = 43
"""Characters of a key: 32 bytes of randomness, as `secrets.token_urlsafe` writes them."""
OTHERS = 0o077
"""Rights of a file that anybody but its owner has."""
log = logging.getLogger(__name__)


def key_file() -> Path:
    """Return where the secret is kept."""
    return platformdirs.user_data_path("livecam", appauthor=False) / FILE_NAME


def browser_key(clock: Clock, path: Path | None = None) -> str:
    """Return the secret from which the cookies of pages are made; a new one each day.

    Where it cannot be kept it is good for this run alone.

    Args:
        clock: says how old the one that is kept is.
        path: of the file; None for the user's own.
    """
    path = path or key_file()
    try:
        return _kept(path, clock) or _made(path)
    except OSError as error:
        log.info("open pages will not outlive this run: %s: %s", path, error.strerror)
        return secrets.token_urlsafe(32)


def _kept(path: Path, clock: Clock) -> str | None:
    """Return the key that is kept, unless it is old, damaged, or known to others."""
    with contextlib.suppress(FileNotFoundError), path.open(encoding="ascii", errors="replace") as file:
        status = os.fstat(file.fileno())
        age = clock.wall().timestamp() - status.st_mtime
        is_ours = os.name != "posix" or (status.st_uid == os.getuid() and not status.st_mode & OTHERS)
        key = file.read(LENGTH + 1)
        if is_ours and 0 <= age < KEPT_FOR and len(key) == LENGTH and key.isascii():
            return key
    return None


def _made(path: Path) -> str:
    """Return a new key and keep it, readable by its owner alone."""
    make_folder(path.parent)
    key = secrets.token_urlsafe(32)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        part.unlink()
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(key)
    part.replace(path)
    return key
