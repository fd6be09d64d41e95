"""What paid calls have cost each day, shared by every livecam of this user, in a SQLite file of its own.

A call's price is put down before the call is sent, in one transaction with the look at what is left: two runs
together never spend more than either allows, and a run that is killed has paid for what it sent.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from livecam.state.sqlite_file import NotOurs, SqliteFile, check_whole

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from livecam.clock import Clock

Result = TypeVar("Result")

FILE_NAME = "spend.sqlite3"
WAIT = 2.0
"""Seconds another livecam may keep the file; a transaction takes a thousandth of that."""
_TABLE = """
CREATE TABLE IF NOT EXISTS spend (
    day TEXT PRIMARY KEY,
    nanodollars INTEGER NOT NULL CHECK (typeof(nanodollars) = 'integer' AND nanodollars >= 0)
)
"""
_CANNOT_BE_KEPT = (
    "what the day has cost cannot be kept in {path}: {why}; no paid call is made until the file and its"
    " folder are writable, or --daily-budget is left away"
)
_IS_SET_ASIDE = (
    "what the day has cost cannot be read ({error}): it is set aside as {aside}, and the daily budget knows"
    " of nothing that was spent before but by this run"
)


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
        self._file = SqliteFile(
            self.path,
            prepare=_prepare,
            cannot_be_kept=_CANNOT_BE_KEPT,
            is_set_aside=_IS_SET_ASIDE,
            clock=clock,
        )
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
        with self._lock:
            known = self._known.get(day, 0)
            return self._file.run(work, wait=WAIT, again=lambda file: _begun_with(file, day, known, work))


def _prepare(file: sqlite3.Connection) -> None:
    file.execute(_TABLE)
    check_whole(file)  # every time: a day that cannot be found would have cost nothing


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
        raise NotOurs(f"{row[0]!r} is no sum")
    return row[0]


def _write(file: sqlite3.Connection, day: str, nanodollars: int) -> None:
    file.execute("INSERT OR REPLACE INTO spend (day, nanodollars) VALUES (?, ?)", (day, nanodollars))
