"""The log file: one line per happening, kept small enough for a run of months, and for its owner alone.

At `MOST_BYTES` it is set aside as FILE.1, and so on up to FILE.5, and begun anew. A disk that will not take a
line ends neither the run nor the log: what is missing is counted and told when lines can be written again.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
from pathlib import Path
from typing import TYPE_CHECKING, cast

import filelock

from livecam.errors import OutputError
from livecam.whole_file import owner_only

if TYPE_CHECKING:
    from io import TextIOWrapper

log = logging.getLogger(__name__)

MOST_BYTES = 10_000_000
OLD_FILES = 5


class LogFile(logging.handlers.RotatingFileHandler):
    """A handler; what is in the file stays, and lines are added.

    Args:
        path: a file, or what takes lines as a file does, such as /dev/stdout.

    Raises:
        OutputError: it cannot be written, or another livecam writes it: rotating, they would lose each
            other's lines.
    """

    def __init__(self, path: Path) -> None:
        self._missing = 0
        self._mine = _lock_of(path)
        try:
            super().__init__(path, maxBytes=MOST_BYTES, backupCount=OLD_FILES, encoding="utf-8")
        except OSError as error:
            self._release()
            raise OutputError(f"--log-file {path} cannot be written: {error.strerror}") from error

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; after lines that could not be written, say how many."""
        missing = self._missing
        super().emit(record)
        if missing and self._missing == missing:
            self._missing = 0
            log.warning("%d lines are missing here: the disk would not take them", missing)

    def doRollover(self) -> None:  # noqa: N802  logging's name
        """Set the file aside; one that cannot be set aside goes on, and this is tried again later."""
        try:
            super().doRollover()
        except OSError as error:
            self.maxBytes += MOST_BYTES
            self.stream = self._open()
            log.warning(
                "the log file %s cannot be rotated and grows on: %s", self.baseFilename, error.strerror
            )

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002  logging's name
        """Count a line that was lost, and tell the first one on standard error."""
        self._missing += 1
        stream, self.stream = self.stream, None  # opened again for the next line
        with contextlib.suppress(OSError):
            if stream is not None:
                stream.close()
        if self._missing == 1:
            log.error(
                "the log file %s cannot be written; going on without it until it can", self.baseFilename
            )

    def close(self) -> None:
        """Finish the file."""
        with contextlib.suppress(OSError):
            super().close()
        self._release()

    def _open(self) -> TextIOWrapper:
        """Return the file; logging's own would leave its rights to the umask."""
        name, mode = self.baseFilename, self.mode
        return cast("TextIOWrapper", open(name, mode, encoding=self.encoding, opener=owner_only))

    def _release(self) -> None:
        mine, self._mine = self._mine, None
        if mine is not None:
            with contextlib.suppress(OSError):
                Path(mine.lock_file).unlink(missing_ok=True)
            mine.release()


def _lock_of(path: Path) -> filelock.BaseFileLock | None:
    """Return the right to write a file; None where nothing is rotated, or no lock can be made."""
    if not path.parent.is_dir() or (path.exists() and not path.is_file()):
        return None
    lock = filelock.FileLock(f"{path}.lock", timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise OutputError(f"--log-file {path} is written by another livecam; give each its own") from error
    except (OSError, NotImplementedError):  # a folder that takes no other file, or a disk without locks
        return None
    return lock
