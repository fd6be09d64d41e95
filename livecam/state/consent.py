"""What the user has agreed to, remembered in a SQLite file of its own.

A file of its own, so that damage to another one cannot lose a consent, nor invent one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from livecam.clock import SystemClock
from livecam.consent import TEXT_VERSION, ConsentScope
from livecam.state.sqlite_file import NotOurs, SqliteFile, check_whole

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from livecam.clock import Clock

Answer = TypeVar("Answer")

FILE_NAME = "consent.sqlite3"
WAIT = 5.0
"""Seconds another livecam may keep the file."""
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
_CANNOT_BE_KEPT = (
    "what you agreed to cannot be kept in {path}: {why}; make the file and its folder writable,"
    " or use --yes for one run"
)
_IS_SET_ASIDE = (
    "what you agreed to cannot be read ({error}): it is set aside as {aside}, and you will be asked again"
)


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
        self._file = SqliteFile(
            self.path,
            prepare=_prepare,
            cannot_be_kept=_CANNOT_BE_KEPT,
            is_set_aside=_IS_SET_ASIDE,
            clock=self._clock,
        )

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
        if not self._file.is_there():
            return False
        where = (scope.endpoint, scope.region, scope.profile)
        sql = "DELETE FROM consent WHERE endpoint = ? AND region = ? AND profile = ?"
        return self._on_file(lambda file: file.execute(sql, where).rowcount) > 0

    def list(self) -> tuple[Consent, ...]:
        """Return every consent, also to older texts, oldest first."""
        if not self._file.is_there():
            return ()
        sql = "SELECT endpoint, region, profile, text_version, given_at FROM consent ORDER BY given_at, rowid"
        return self._on_file(
            lambda file: tuple(_consent(*row) for row in file.execute(sql)),
            is_reading=True,
        )

    def _on_file(self, work: Callable[[sqlite3.Connection], Answer], *, is_reading: bool = False) -> Answer:
        return self._file.run(work, wait=WAIT, is_reading=is_reading)


def _prepare(file: sqlite3.Connection) -> None:
    file.execute(_TABLE)
    check_whole(file)  # every time: what is revoked must be gone


def _consent(*row: object) -> Consent:
    match row:
        case (str(endpoint), str(region), str(profile), int(version), str(written)):
            try:
                return Consent(
                    ConsentScope(endpoint, region, profile), version, datetime.fromisoformat(written)
                )
            except ValueError as error:
                raise NotOurs(str(error)) from error
    raise NotOurs("a row of other types")
