"""A SQLite file of livecam's own: for its owner only, shared by several livecams, set aside when damaged.

What is in it, and what is said about it, is its owner's: `consent.py`, `spend.py`, `ledger.py`.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from livecam.clock import SystemClock
from livecam.errors import OutputError
from livecam.whole_file import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from filelock import FileLock

    from livecam.clock import Clock

log = logging.getLogger(__name__)

Result = TypeVar("Result")

Identity: TypeAlias = tuple[int, int]
"""Of a file, whatever its name: its device and its number there."""

LOCK_WAIT = 5.0
"""Seconds another livecam may take to move a damaged file aside: a few renames."""
TRIES = 3
"""Times that a piece of work is begun before a disk is given up that damages new files too."""
PAUSE = 0.01
"""Seconds between two tries to have a new file alone."""
_COMPANIONS = ("", "-wal", "-shm")
"""What SQLite keeps beside a file in WAL mode. The file goes first: beside a new one the rest is ignored."""
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""The last one is a table that is not ours: some other program's file."""

_MOVED = "it was moved aside meanwhile"

_making = threading.Lock()
"""Held while this process has a file open by another way than SQLite's.

Closing it drops the locks that SQLite holds on the same file in other threads (a POSIX rule): another process
could take the write-ahead log for left over then, and delete it with what was just written.
"""


class NotOurs(Exception):
    """A row holds what livecam never writes."""


class _Replaced(NotOurs):
    """A damaged file was moved aside, by this livecam or by another one, while it was in use."""


class SqliteFile:
    """Does pieces of work on a SQLite file, each in one transaction that begins with the lock for writing.

    May be used from any thread, and by several processes at once. What `run` has returned from is on disk,
    also when the process is killed or the power fails.

    Args:
        path: the file; its folder is made when it is missing. Both are for their owner only.
        prepare: makes the tables unless they are there; done in each transaction before the work.
        cannot_be_kept: the error's sentence, with `{path}` and `{why}` in it.
        is_set_aside: the warning about a damaged file, with `{error}` and `{aside}` in it.
        clock: names a damaged file; None is the system's.
        on_set_aside: called in the thread of `run` when a damaged file was moved aside, before the work is
            done again on a new one. No lock is held; it may use the file.
    """

    def __init__(
        self,
        path: Path,
        *,
        prepare: Callable[[sqlite3.Connection], object],
        cannot_be_kept: str,
        is_set_aside: str,
        clock: Clock | None = None,
        on_set_aside: Callable[[], None] | None = None,
    ) -> None:
        self.path = path
        self._prepare = prepare
        self._cannot_be_kept = cannot_be_kept
        self._is_set_aside = is_set_aside
        self._clock = clock or SystemClock()
        self._on_set_aside = on_set_aside

    def is_there(self) -> bool:
        """Say whether the file is there; a broken link counts."""
        return os.path.lexists(self.path)

    def run(
        self,
        work: Callable[[sqlite3.Connection], Result],
        *,
        wait: float,
        is_reading: bool = False,
        again: Callable[[sqlite3.Connection], Result] | None = None,
    ) -> Result:
        """Do something in a transaction; once more on a new file where the old one is damaged, and set aside.

        Args:
            work: what to do.
            wait: seconds another livecam may keep the file.
            is_reading: it writes nothing; it can then be done where nothing can be written: in a read-only
                volume, on a full disk.
            again: what to do on the new file in its stead.

        Raises:
            OutputError: the file cannot be used; nothing was done.
        """
        try:
            for _ in range(TRIES - 1):
                try:
                    return self._once(work, wait, is_reading=is_reading)
                except _Replaced:
                    work = again or work
            return self._once(work, wait, is_reading=is_reading)
        except (OSError, sqlite3.Error, NotOurs) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise OutputError(self._cannot_be_kept.format(path=self.path, why=why)) from error

    def _once(self, work: Callable[[sqlite3.Connection], Result], wait: float, *, is_reading: bool) -> Result:
        """Do something, or raise `_Replaced` when another file is there now than the one it was done on."""
        is_copied = is_reading and not self._is_writable()
        found = self._identity() if is_copied else self._make_file()
        try:
            result = self._read(work) if is_copied else self._attempt(work, wait, found)
        except (sqlite3.DatabaseError, UnicodeDecodeError, NotOurs) as error:
            if self._identity() == found:
                if is_reading and _is_want_of_room(error):
                    return self._read(work)
                if not _is_damage(error):
                    raise
                self._set_aside(error, found)
            raise _Replaced(str(error)) from error
        if self._identity() != found:
            raise _Replaced(_MOVED)
        return result

    def _attempt(
        self, work: Callable[[sqlite3.Connection], Result], wait: float, found: Identity | None
    ) -> Result:
        # Not made by SQLite, but where nobody moves one aside: see `_when_moved`.
        address = f"{self.path.absolute().as_uri()}?mode=rw"
        # No transactions of Python's making: a look and the note of it must be one, and begin with the lock.
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)) as file:
            _write_ahead(file, wait)
            file.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
            # A kill loses nothing without it, but a power failure would lose the newest transactions. What is
            # written here is written before something is done that cannot be undone: a call is paid for, a
            # part file is removed. That is rare enough for one fsync each.
            file.execute("PRAGMA synchronous = FULL")
            # What is deleted is gone from the file too: it may tell of people.
            file.execute("PRAGMA secure_delete = ON")
            file.execute("BEGIN IMMEDIATE")
            if self._identity() != found:
                raise _Replaced("what was written ahead belongs to another file")
            with file:
                self._prepare(file)
                return work(file)

    def _read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        # In a copy in memory, so that tables of an older livecam can be brought up to date there.
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            self._copy_into(copy)
            with copy:
                self._prepare(copy)
                return work(copy)

    def _copy_into(self, copy: sqlite3.Connection) -> None:
        address = self.path.absolute().as_uri()
        if Path(f"{self.path}-wal").exists():
            # What was written last may be there alone. Where SQLite cannot share it with another program it
            # says so, and what is in the file itself is all that can be had.
            with (
                contextlib.suppress(sqlite3.OperationalError),
                contextlib.closing(sqlite3.connect(f"{address}?mode=ro", uri=True)) as file,
            ):
                file.backup(copy)
                return
        # Immutable: SQLite would otherwise want to write beside a file in WAL mode.
        with contextlib.closing(sqlite3.connect(f"{address}?immutable=1", uri=True)) as file:
            file.backup(copy)

    def _is_writable(self) -> bool:
        is_file_writable = os.access(self.path, os.W_OK) or not self.path.exists()
        return is_file_writable and os.access(self.path.parent, os.W_OK)

    def _make_file(self) -> Identity:
        """Make folder and file for their owner only, unless they are there; return which file it is.

        SQLite gives what it keeps beside it the same mode.
        """
        if not self.path.exists():
            with self._when_moved(), _making:
                if not self.path.exists():
                    make_folder(self.path.parent)
                    os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        if self.path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(self.path))
        found = self._identity()
        is_usable = os.access(self.path, os.R_OK | os.W_OK)
        if found is None or self._identity() != found:
            raise _Replaced(_MOVED)
        if not is_usable:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self.path))
        return found

    def _when_moved(self) -> contextlib.AbstractContextManager[object]:
        """Wait while a damaged file is moved aside: what is written beside a new one would be moved along."""
        is_there_a_lock = Path(f"{self.path}.lock").exists()
        return self._lock() if is_there_a_lock else contextlib.nullcontext()

    def _lock(self) -> FileLock:
        import filelock

        return filelock.FileLock(f"{self.path}.lock", timeout=LOCK_WAIT, mode=0o600)

    def _identity(self) -> Identity | None:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    def _set_aside(self, error: Exception, found: Identity | None) -> None:
        """Move the file aside, unless another livecam was quicker: then the one that is there now is new."""
        with self._lock():
            if self._identity() != found:
                return
            aside = self._free_name()
            for companion in _COMPANIONS:
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{self.path}{companion}").rename(f"{aside}{companion}")
        log.warning("%s", self._is_set_aside.format(error=error, aside=aside))
        if self._on_set_aside:
            self._on_set_aside()

    def _free_name(self) -> Path:
        name = f"{self.path}.damaged-{self._clock.wall():%Y%m%d-%H%M%S}"
        aside, number = Path(name), 1
        while os.path.lexists(aside):
            number += 1
            aside = Path(f"{name}-{number}")
        return aside


def check_whole(file: sqlite3.Connection) -> None:
    """See that tables and indexes of a file agree: what an index lacks can neither be found nor removed.

    A small file takes less than a millisecond.

    Raises:
        NotOurs: they do not.
    """
    (verdict,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise NotOurs(verdict)


def _is_want_of_room(error: Exception) -> bool:
    """Say whether a full disk may be why: SQLite needs room beside a file in WAL mode even to read it."""
    code = getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_OK
    return code & 0xFF in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


def _write_ahead(file: sqlite3.Connection, wait: float) -> None:
    """See that a file is in WAL mode; a new one needs to be had alone for that, and SQLite does not wait."""
    pause, tries = threading.Event(), max(round(wait / PAUSE), 1)
    while True:
        try:
            file.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            tries -= 1
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not tries:
                raise
            pause.wait(PAUSE)
        else:
            return


def _is_damage(error: Exception) -> bool:
    """Say whether a file is at fault itself, and not what is around it: rights, room, another program."""
    if isinstance(error, NotOurs | UnicodeDecodeError):  # SQLite quoted bytes of the file in its own message
        return True
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return isinstance(error, sqlite3.OperationalError)  # Python's own: text that is not UTF-8
    # A file that may be written and yet is "read-only", without more being said, has a damaged header.
    return code & 0xFF in _DAMAGE or code == sqlite3.SQLITE_READONLY
