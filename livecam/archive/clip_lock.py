"""Who is at work on a clip: one process at a time, and nobody once that process is gone, however it ended."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Self

import filelock

from livecam.errors import OutputError

if TYPE_CHECKING:
    from livecam.archive.folder import ClipFolder


class ClipLock:
    """The right to work on a clip; may be released by another thread than took it."""

    def __init__(self, lock: filelock.BaseFileLock) -> None:
        self._lock = lock

    def release(self) -> None:
        """Let others work on the clip. May be called twice."""
        if self._lock.is_locked:
            # Before it is released: whoever opens the file from now on gets one of their own, and finds the
            # clip in the state that it was left in.
            with contextlib.suppress(OSError):
                _path(self._lock).unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def take_lock(folder: ClipFolder, clip: str) -> ClipLock | None:
    """Return the right to work on a clip; None while somebody else has it, in this process or another.

    The operating system gives the lock back when a process ends, kill -9 included.

    Raises:
        OutputError: the folder cannot be written.
    """
    return _taken(folder, folder.lock(clip))


def take_lock_at(folder: ClipFolder, name: str) -> ClipLock | None:
    """Return the right to work on what is no clip of the folder, by a plain name; as `take_lock`."""
    return _taken(folder, folder.locks / f"{name}.lock")


def _taken(folder: ClipFolder, path: Path) -> ClipLock | None:
    lock = filelock.FileLock(path, timeout=0, mode=0o600, thread_local=False)
    try:
        path.parent.parent.mkdir(mode=0o700, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        lock.acquire()
    except filelock.Timeout:
        return None
    except OSError as error:
        raise OutputError(f"clips cannot be kept in {folder.path}: {error.strerror}") from error
    return ClipLock(lock)


def _path(lock: filelock.BaseFileLock) -> Path:
    return Path(lock.lock_file)
