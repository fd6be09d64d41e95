"""What the user has agreed to, remembered in a SQLite file of its own.

A file of its own, so that damage to another one cannot lose a consent, nor invent one.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from livecam.clock import SystemClock
from livecam.consent import TEXT_VERSION, ConsentScope
from livecam.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

FILE_NAME = "consent.sqlite3"
WAIT = 5.0
"""Seconds another livecam may keep the file."""
_COMPANIONS = ("", "-wal", "-shm")
"""What SQLite keeps beside a file in WAL mode."""
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""The last one is a table that is not ours: some other program's file."""
_TABLE = """
CREATE TABLE IF NOT EXISTS consent (
    endpoint TEXT NOT NULL,
    region TEXT NOT NULL,
    profile TEXT NOT NULL,
    text_version INTEGER NOT NULL,
    given_at TEXT NOT NULL,
    PRIMARY KEY (endpoint, region, profile)
)
"""


class _NotOurs(Exception):
    """A row holds what livecam never writes."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent as it is remembered."""

    scope: ConsentScope
    text_version: int
    """Of the text that was agreed to."""
    given_at: datetime
    """Wall time, aware, in UTC."""

    @property
    def is_current(self) -> bool:
        """Whether the text is still the one that was agreed to."""
        return self.text_version == TEXT_VERSION


def consent_file() -> Path:
    """Return where consents are remembered unless told otherwise: in the user's data folder."""
    import platformdirs

    return platformdirs.user_data_path("livecam", appauthor=False) / FILE_NAME


class ConsentStore:
    """Remembers consents. May be used from any thread; makes no file before the first consent.

    Every method raises `OutputError` where the file cannot be used. A file that is damaged is moved
    aside, which a warning says, and everybody is asked again.

    Args:
        path: the file; its folder is made when it is missing. Both are for their owner only.
        clock: tells when a consent was given.
    """

    def __init__(self, path: Path | None = None, *, clock: Clock | None = None) -> None:
        self.path = path or consent_file()
        self._clock = clock or SystemClock()

    def has(self, scope: ConsentScope) -> bool:
        """Say whether there is a consent, to the text as it is now."""
        return any(each.scope == scope and each.is_current for each in self.list())

    def give(self, scope: ConsentScope) -> None:
        """Remember a consent to the text as it is now; it takes the place of an older one."""
        given_at = self._clock.wall().isoformat(timespec="seconds")
        row = (scope.endpoint, scope.region, scope.profile, TEXT_VERSION, given_at)
        self._on_file(lambda file: file.execute("INSERT OR REPLACE INTO consent VALUES (?, ?, ?, ?, ?)", row))

    def revoke(self, scope: ConsentScope) -> bool:
        """Forget a consent; say whether there was one."""
        if not self._is_there():
            return False
        where = (scope.endpoint, scope.region, scope.profile)
        sql = "DELETE FROM consent WHERE endpoint = ? AND region = ? AND profile = ?"
        return self._on_file(lambda file: file.execute(sql, where).rowcount) > 0

    def list(self) -> tuple[Consent, ...]:
        """Return every consent, also to older texts, oldest first."""
        if not self._is_there():
            return ()
        sql = "SELECT endpoint, region, profile, text_version, given_at FROM consent ORDER BY given_at, rowid"
        return self._on_file(
            lambda file: tuple(_consent(*row) for row in file.execute(sql)),
            is_reading=not self._is_writable(),
        )

    def _is_there(self) -> bool:
        return os.path.lexists(self.path)

    def _is_writable(self) -> bool:
        return os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)

    def _on_file(self, work: Callable[[sqlite3.Connection], Answer], *, is_reading: bool = False) -> Answer:
        """Do something in a transaction; once more on a new file where the old one is damaged.

        Args:
            work: what to do.
            is_reading: it is done on a file that cannot be written, such as one in a read-only volume.
        """
        try:
            try:
                return self._read(work) if is_reading else self._attempt(work)
            except (sqlite3.DatabaseError, _NotOurs) as error:
                if not _is_damage(error):
                    raise
                self._set_aside(error)
            return self._attempt(work)
        except (OSError, sqlite3.Error, _NotOurs) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise OutputError(
                f"what you agreed to cannot be kept in {self.path}: {why}; make the file and its folder"
                " writable, or use --yes for one run"
            ) from error

    def _attempt(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        self._make_file()
        with contextlib.closing(sqlite3.connect(self.path, timeout=WAIT)) as file, file:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute(_TABLE)
            return work(file)

    def _read(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        # Immutable: SQLite would otherwise want to write beside a file in WAL mode.
        address = f"{self.path.absolute().as_uri()}?immutable=1"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as file:
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
            "what you agreed to cannot be read (%s): it is set aside as %s, and you will be asked again",
            error,
            aside,
        )


def _consent(*row: object) -> Consent:
    match row:
        case (str(endpoint), str(region), str(profile), int(version), str(written)):
            try:
                return Consent(
                    ConsentScope(endpoint, region, profile), version, datetime.fromisoformat(written)
                )
            except ValueError as error:
                raise _NotOurs(str(error)) from error
    raise _NotOurs("a row of other types")


def _is_damage(error: Exception) -> bool:
    """Say whether a file is at fault itself, and not what is around it: rights, room, another program."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, _NotOurs) or (isinstance(code, int) and code & 0xFF in _DAMAGE)
