"""What paid calls have cost each day, shared by every livecam of this user, in a SQLite file of its own.

A call's price is put down before the call is sent, in one transaction with the look at what is left: two runs
together never spend more than either allows, and a run that is killed has paid for what it sent.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from livecam.clock import SystemClock
from livecam.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock

log = logging.getLogger(__name__)

Result = TypeVar("Result")

FILE_NAME = "spend.sqlite3"
WAIT = 2.0
"""Seconds another livecam may keep the file; a transaction takes a thousandth of that."""
_COMPANIONS = ("", "-wal", "-shm")
"""What SQLite keeps beside a file in WAL mode."""
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""The last one is a table that is not ours: some other program's file."""
_TABLE = """
CREATE TABLE IF NOT EXISTS spend (
    day TEXT PRIMARY KEY,
    nanodollars INTEGER NOT NULL CHECK (typeof(nanodollars) = 'integer' AND nanodollars >= 0)
)
"""


class _NotOurs(Exception):
    """A row holds what livecam never writes."""


def spend_file() -> Path:
    """Return where the days' costs are remembered unless told otherwise: in the user's data folder."""
    import platformdirs

    return platformdirs.user_data_path("livecam", appauthor=False) / FILE_NAME


class SpendStore:
    """Remembers what each day has cost, in billionths of a dollar. May be used from any thread.

    Every method raises `OutputError` where the file cannot be used: nobody knows then what is left. A file
    that is damaged is moved aside, which a warning says; the day goes on with what this run knew of it.

    Args:
        path: the file; its folder is made when it is missing. Both are for their owner only.
        clock: names a damaged file.
    """

    def __init__(self, path: Path | None = None, *, clock: Clock | None = None) -> None:
        self.path = path or spend_file()
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}

    def spent(self, day: str) -> int:
        """Return what a day has cost so far, such as "2026-11-22"."""
        self._known[day] = spent = self._on_file(lambda file: _spent(file, day), day)
        return spent

    def reserve(self, day: str, price: int, limit: int) -> tuple[bool, int]:
        """Put down a price unless the day would cost more than `limit` then.

        Returns:
            Whether it was put down, and what the day has cost with or without it.
        """

        def work(file: sqlite3.Connection) -> tuple[bool, int]:
            before = _spent(file, day)
            if before + price > limit:
                return False, before
            _write(file, day, before + price)
            return True, before + price

        is_reserved, spent = self._on_file(work, day)
        self._known[day] = spent
        return is_reserved, spent

    def release(self, day: str, price: int) -> int:
        """Take a price back whose call was not charged; return what the day has cost."""

        def work(file: sqlite3.Connection) -> int:
            spent = max(_spent(file, day) - price, 0)
            _write(file, day, spent)
            return spent

        self._known[day] = spent = self._on_file(work, day)
        return spent

    def _on_file(self, work: Callable[[sqlite3.Connection], Result], day: str) -> Result:
        """Do something in a transaction; once more on a new file where the old one is damaged."""
        with self._lock:
            try:
                try:
                    return self._attempt(work)
                except (sqlite3.DatabaseError, _NotOurs) as error:
                    if not _is_damage(error):
                        raise
                    self._set_aside(error)
                known = self._known.get(day, 0)
                return self._attempt(lambda file: _begun_with(file, day, known, work))
            except (OSError, sqlite3.Error, _NotOurs) as error:
                why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                raise OutputError(
                    f"what the day has cost cannot be kept in {self.path}: {why}; no paid call is made until"
                    " the file and its folder are writable, or --daily-budget is left away"
                ) from error

    def _attempt(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        self._make_file()
        # No transaction of its own making: the look and the note must be one, and begin with the lock.
        with contextlib.closing(sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)) as file:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("BEGIN IMMEDIATE")
            with file:
                file.execute(_TABLE)
                return work(file)

    def _make_file(self) -> None:
        """Make folder and file for their owner only; SQLite gives what it keeps beside it the same mode."""
        if not self.path.parent.is_dir():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))

    def _set_aside(self, error: Exception) -> None:
        stamp = self._clock.wall().strftime("%Y%m%d-%H%M%S")
        aside = Path(f"{self.path}.damaged-{stamp}")
        for companion in _COMPANIONS:
            with contextlib.suppress(FileNotFoundError):
                Path(f"{self.path}{companion}").rename(f"{aside}{companion}")
        log.warning(
            "what the day has cost cannot be read (%s): it is set aside as %s, and the daily budget knows of"
            " nothing that was spent before but by this run",
            error,
            aside,
        )


def _begun_with(
    file: sqlite3.Connection, day: str, known: int, work: Callable[[sqlite3.Connection], Result]
) -> Result:
    """Do something on a new file in which a day has cost at least what is known."""
    if _spent(file, day) < known:
        _write(file, day, known)
    return work(file)


def _spent(file: sqlite3.Connection, day: str) -> int:
    row = file.execute("SELECT nanodollars FROM spend WHERE day = ?", (day,)).fetchone()
    if row is None:
        return 0
    if not isinstance(row[0], int) or row[0] < 0:
        raise _NotOurs(f"{row[0]!r} is no sum")
    return row[0]


def _write(file: sqlite3.Connection, day: str, nanodollars: int) -> None:
    file.execute("INSERT OR REPLACE INTO spend (day, nanodollars) VALUES (?, ?)", (day, nanodollars))


def _is_damage(error: Exception) -> bool:
    """Say whether a file is at fault itself, and not what is around it: rights, room, another program."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, _NotOurs) or (isinstance(code, int) and code & 0xFF in _DAMAGE)
