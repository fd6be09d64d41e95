"""The ledger's file: its tables, how an older one is brought up to date, what is said of a damaged one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, TypeVar

from livecam.clock import SystemClock
from livecam.errors import OutputError
from livecam.state import ledger_cells as cell
from livecam.state.sqlite_file import NotOurs, SqliteFile, check_whole

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from livecam.clock import Clock

Result = TypeVar("Result")
Other = TypeVar("Other")

FOLDER_NAME = ".livecam"
FILE_NAME = "ledger.sqlite"
WAIT = 5.0
"""Seconds another livecam may keep the file; a transaction takes a hundredth of that on a slow disk."""
MOST_LAYOUTS = 255
"""No livecam will have so many: a higher number is a damaged one."""

_CLIPS = """
    CREATE TABLE clips (
        id TEXT PRIMARY KEY,
        file TEXT NOT NULL,
        source TEXT NOT NULL,
        reason TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at TEXT NOT NULL,
        width INTEGER,
        height INTEGER,
        duration REAL,
        frames INTEGER,
        size INTEGER,
        problem TEXT,
        updated_at TEXT NOT NULL
    )
"""
_VIDEOS = """
    CREATE TABLE videos (
        name TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        file TEXT,
        bucket TEXT,
        key TEXT,
        version TEXT,
        etag TEXT,
        upload_id TEXT,
        part_size INTEGER,
        size INTEGER,
        checksum TEXT,
        wants_analysis INTEGER NOT NULL,
        problem TEXT,
        updated_at TEXT NOT NULL
    )
"""
_JOBS = """
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        video TEXT NOT NULL,
        bucket TEXT NOT NULL,
        key TEXT NOT NULL,
        version TEXT,
        etag TEXT,
        attributes TEXT NOT NULL,
        tag TEXT,
        topic TEXT,
        role TEXT,
        attempt INTEGER NOT NULL,
        token TEXT NOT NULL,
        state TEXT NOT NULL,
        began_at TEXT NOT NULL,
        job_id TEXT,
        message TEXT,
        ended_at TEXT,
        faces INTEGER,
        minutes REAL,
        results TEXT,
        updated_at TEXT NOT NULL
    )
"""
_MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = ((_CLIPS,), (_VIDEOS, _JOBS))
"""Statements: those at n - 1 make a file of layout n out of one of layout n - 1. Only add to its end."""
_CANNOT_BE_KEPT = (
    "the ledger of clips cannot be kept in {path}: {why}; see that the file and its folder can be written,"
    " that the disk has room and that no other program keeps the file, or choose another --clip-dir"
)
_IS_SET_ASIDE = (
    "the ledger of clips cannot be read ({error}): it is set aside as {aside}, and it is rebuilt from the"
    " clips' files"
)


def ledger_file(folder: Path) -> Path:
    """Return where the ledger of a clip folder is."""
    return folder / FOLDER_NAME / FILE_NAME


class LedgerFile:
    """What the parts of the ledger have in common. May be used from any thread, and by several livecams.

    Args:
        folder: the clip folder; it is made with the first row.
        clock: tells when a row was changed and names a damaged file; None is the system's.
        on_set_aside: told that a damaged file was moved aside; see `Ledger`.
    """

    def __init__(
        self, folder: Path, *, clock: Clock | None = None, on_set_aside: Callable[[], None] | None = None
    ) -> None:
        self.folder = folder
        self.path = ledger_file(folder)
        self.clock = clock or SystemClock()
        self._on_set_aside = on_set_aside
        self._is_telling = threading.Lock()
        self._is_checked = False
        self._file = SqliteFile(
            self.path,
            prepare=self._prepare,
            cannot_be_kept=_CANNOT_BE_KEPT,
            is_set_aside=_IS_SET_ASIDE,
            clock=self.clock,
            on_set_aside=self._tell,
        )

    def is_there(self) -> bool:
        """Say whether there is a ledger."""
        return self._file.is_there()

    def write(self, work: Callable[[sqlite3.Connection], Result], *, wait: float = WAIT) -> Result:
        """Do something in a transaction, in a new file if there is none; another may keep it for a while."""
        return self._file.run(work, wait=wait)

    def change(self, work: Callable[[sqlite3.Connection], Result], *, otherwise: Other) -> Result | Other:
        """Do something to what is there, in a transaction; return `otherwise` where there is no ledger."""
        return self.write(work) if self.is_there() else otherwise

    def read(self, work: Callable[[sqlite3.Connection], Result], *, otherwise: Other) -> Result | Other:
        """Look something up; return `otherwise`, and make no file, where there is no ledger."""
        return self._file.run(work, wait=WAIT, is_reading=True) if self.is_there() else otherwise

    def stamp(self) -> str:
        """Return the wall time, to be written beside a row that is changed."""
        return cell.written(self.clock.wall())

    def _prepare(self, file: sqlite3.Connection) -> None:
        """Bring the tables up to date; at first, see that the file is whole.

        Damage is better found now than in the middle of a clip.
        """
        (layout,) = file.execute("PRAGMA user_version").fetchone()
        if not 0 <= layout <= MOST_LAYOUTS:
            raise NotOurs(f"it has layout {layout}")
        is_newer = layout > len(_MIGRATIONS)
        if is_newer or not self._is_checked:
            check_whole(file)  # first: a damaged file's layout says nothing
        if is_newer:
            raise OutputError(
                f"the ledger of clips {self.path} was written by a newer livecam (layout {layout}, this one"
                f" knows {len(_MIGRATIONS)}): update livecam, or move it away and run `livecam clips sync`"
            )
        self._is_checked = True
        for statements in _MIGRATIONS[layout:]:
            for statement in statements:
                file.execute(statement)
        if layout < len(_MIGRATIONS):
            file.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")

    def _tell(self) -> None:
        # Rebuilding may come across damage again, on a failing disk: it is told of that no second time.
        if self._on_set_aside and self._is_telling.acquire(blocking=False):
            try:
                self._on_set_aside()
            finally:
                self._is_telling.release()
