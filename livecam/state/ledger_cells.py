"""What a cell of the ledger may hold; anything else is damage.

A function takes what SQLite has read and returns it as the value that livecam had written there, or raises
`NotOurs`. What is about to be written is read by the same functions first: better then than when it would be
taken for damage to all of the ledger.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from livecam.state.sqlite_file import NotOurs

if TYPE_CHECKING:
    from collections.abc import Iterable

Word = TypeVar("Word", bound=str)

MOST = (1 << 63) - 1
"""The highest whole number that SQLite keeps."""


def text(value: object) -> str:
    """Return any text."""
    if isinstance(value, str):
        return value
    raise NotOurs(f"{value!r:.40} is no text")


def text_or_none(value: object) -> str | None:
    """Return any text, or None where nothing is known."""
    return None if value is None else text(value)


def words(value: object) -> str:
    """Return a text that is not empty: the name of something that others keep."""
    if found := text(value):
        return found
    raise NotOurs("a name is empty")


def words_or_none(value: object) -> str | None:
    """Return a text that is not empty, or None where nothing is known."""
    return None if value is None else words(value)


def name(value: object) -> str:
    """Return the name of a file in the clip folder, or a clip's id: one that leads nowhere else."""
    found = text(value)
    if is_plain_name(found):
        return found
    raise NotOurs(f"{found!r:.40} is no name of a clip")


def one_of(known: Iterable[Word], value: object, what: str) -> Word:
    """Return one of the known words; `what` they are is said of others."""
    for word in known:
        if value == word:
            return word
    raise NotOurs(f"{value!r:.40} is no {what}")


def instant(value: object) -> datetime:
    """Return a wall time in UTC."""
    try:
        at = datetime.fromisoformat(text(value))
    except ValueError as error:
        raise NotOurs(str(error)) from error
    if at.utcoffset() != timedelta(0):
        raise NotOurs(f"{at} is no time in UTC")
    return at.replace(tzinfo=UTC)


def instant_or_none(value: object) -> datetime | None:
    """Return a wall time in UTC, or None where nothing is known."""
    return None if value is None else instant(value)


def count(value: object) -> int | None:
    """Return a number of things from 0 on, or None where nothing is known."""
    if value is None or (isinstance(value, int) and 0 <= value <= MOST):
        return value
    raise NotOurs(f"{value!r:.40} is no count")


def ordinal(value: object) -> int:
    """Return a whole number from 1 on."""
    if isinstance(value, int) and 1 <= value <= MOST:
        return value
    raise NotOurs(f"{value!r:.40} is no number from 1 on")


def duration(value: object) -> float | None:
    """Return a length of time from 0 on, in whatever unit, or None where nothing is known."""
    if value is None or (isinstance(value, int | float) and math.isfinite(value) and value >= 0):
        return value
    raise NotOurs(f"{value!r:.40} is no duration")


def flag(value: object) -> bool:
    """Return yes or no, which SQLite keeps as 1 or 0."""
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    raise NotOurs(f"{value!r:.40} is no yes or no")


def is_plain_name(text: str) -> bool:
    """Say whether a name names something in its folder, on every system, and is none that is hidden there."""
    return bool(text) and text.isprintable() and not text.startswith(".") and not set(text) & set("/\\:")


def encodable(text: str) -> str:
    """Return a text that UTF-8 can write: a file's name on Linux need not be one."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def encodable_or_none(text: str | None) -> str | None:
    """Return a text that UTF-8 can write, or None."""
    return None if text is None else encodable(text)


def written(at: datetime) -> str:
    """Return a wall time as text that sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def written_or_none(at: datetime | None) -> str | None:
    """Return a wall time as text that sorts by time, or None."""
    return None if at is None else written(at)
