"""The ledger: every clip of a folder, and what was begun with it, written down before it is done.

A SQLite file inside the clip folder, which may be moved together with it. The clips' files say nearly the
same, so that a ledger that was lost can be made anew from them; who owns the ledger does that.
"""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypedDict, TypeVar, get_args

from livecam.clips import Clip, ClipState
from livecam.clock import SystemClock
from livecam.errors import OutputError
from livecam.state.sqlite_file import NotOurs, SqliteFile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path
    from typing import Unpack

    from livecam.clock import Clock

Result = TypeVar("Result")

FOLDER_NAME = ".livecam"
FILE_NAME = "ledger.sqlite"
WAIT = 5.0
"""Seconds another livecam may keep the file; a transaction takes a hundredth of that on a slow disk."""

_MIGRATIONS: Final = (
    """
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
    """,
)
"""One statement each: number n makes a file of layout n out of one of layout n - 1. Only add to its end."""
_COLUMNS = "id, file, source, reason, state, started_at, width, height, duration, frames, size, problem"
_CANNOT_BE_KEPT = (
    "the ledger of clips cannot be kept in {path}: {why}; see that the file and its folder can be written,"
    " that the disk has room and that no other program keeps the file, or choose another --clip-dir"
)
_IS_SET_ASIDE = (
    "the ledger of clips cannot be read ({error}): it is set aside as {aside}, and it is rebuilt from the"
    " clips' files"
)
_STATES: Final[tuple[ClipState, ...]] = get_args(ClipState)


class Facts(TypedDict, total=False):
    """What becomes known of a clip; see `Clip`."""

    width: int | None
    height: int | None
    duration: float | None
    frames: int | None
    size: int | None
    problem: str | None


def ledger_file(folder: Path) -> Path:
    """Return where the ledger of a clip folder is."""
    return folder / FOLDER_NAME / FILE_NAME


class Ledger:
    """Remembers the clips of a folder. May be used from any thread, and by several livecams at once.

    What a method has returned from is on disk. Reading makes no file, and works in a read-only volume and on
    a full disk. A ledger that is damaged is moved aside, which a warning says, and what was asked is done
    on a new, empty one. One that a newer livecam wrote is left as it is.

    Every method raises `OutputError` where the ledger cannot be used; nothing was changed then.

    Args:
        folder: the clip folder; it is made with the first clip.
        clock: tells when a row was changed and names a damaged file; None is the system's.
        on_set_aside: told that a damaged ledger was moved aside, in the thread that came across it and before
            that goes on: what it adds then is seen by what was asked. It may use the ledger.
    """

    def __init__(
        self, folder: Path, *, clock: Clock | None = None, on_set_aside: Callable[[], None] | None = None
    ) -> None:
        self.folder = folder
        self.path = ledger_file(folder)
        self._clock = clock or SystemClock()
        self._on_set_aside = on_set_aside
        self._is_telling = threading.Lock()
        self._is_checked = False
        self._file = SqliteFile(
            self.path,
            prepare=self._prepare,
            cannot_be_kept=_CANNOT_BE_KEPT,
            is_set_aside=_IS_SET_ASIDE,
            clock=self._clock,
            on_set_aside=self._tell,
        )

    def is_there(self) -> bool:
        """Say whether there is a ledger."""
        return self._file.is_there()

    def begin(self, clip: Clip) -> None:
        """Write down a new clip, which is about to be recorded, whatever its state says.

        Raises:
            OutputError: also when there is a clip of that id.
            ValueError: its file is not in the folder, or it says what no clip can be.
        """
        row = self._as_row(replace(clip, state="recording"))
        self._run(lambda file: _write(file, "INSERT", row))

    def add(self, clip: Clip) -> None:
        """Write down a clip as it is; it takes the place of what was known of the same id.

        Raises:
            ValueError: its file is not in the folder, or it says what no clip can be.
        """
        row = self._as_row(clip)
        self._run(lambda file: _write(file, "INSERT OR REPLACE", row))

    def note(self, id: str, *, state: ClipState | None = None, **facts: Unpack[Facts]) -> Clip | None:  # noqa: A002
        """Write down what is about to be done with a clip, or what has become known of it.

        Args:
            id: of the clip.
            state: what is begun, or was reached; None leaves it as it was.
            facts: what is not given stays as it was.

        Returns:
            The clip as it is now; None when the ledger does not know it, and nothing is written.

        Raises:
            ValueError: it says what no clip can be, such as a negative duration.
        """

        def work(file: sqlite3.Connection) -> Clip | None:
            known = self._find(file, id)
            if known is None:
                return None
            clip = replace(known, state=state or known.state, **facts)
            _write(file, "INSERT OR REPLACE", self._as_row(clip))
            return clip

        return self._run(work) if self.is_there() else None

    def get(self, id: str) -> Clip | None:  # noqa: A002
        """Return the clip of that id; None when there is none."""
        return self._run(lambda file: self._find(file, id), is_reading=True) if self.is_there() else None

    def all(self, *, newest_first: bool = False) -> tuple[Clip, ...]:
        """Return every clip by when it was started, then by id."""
        if not self.is_there():
            return ()
        sql = f"SELECT {_COLUMNS} FROM clips ORDER BY started_at, id"  # noqa: S608  # our own columns
        clips = self._run(lambda file: tuple(self._clip(*row) for row in file.execute(sql)), is_reading=True)
        return clips[::-1] if newest_first else clips

    def forget(self, id: str) -> bool:  # noqa: A002
        """Take a clip out of the ledger; say whether it was there."""
        if not self.is_there():
            return False
        return self._run(lambda file: file.execute("DELETE FROM clips WHERE id = ?", (id,)).rowcount) > 0

    def _run(self, work: Callable[[sqlite3.Connection], Result], *, is_reading: bool = False) -> Result:
        return self._file.run(work, wait=WAIT, is_reading=is_reading)

    def _prepare(self, file: sqlite3.Connection) -> None:
        """Bring the tables up to date; at first, see that the file is whole.

        Damage is better found now than in the middle of a clip.
        """
        (layout,) = file.execute("PRAGMA user_version").fetchone()
        if layout > len(_MIGRATIONS):
            raise OutputError(
                f"the ledger of clips {self.path} was written by a newer livecam (layout {layout}, this one"
                f" knows {len(_MIGRATIONS)}): update livecam, or move it away and run `livecam clips sync`"
            )
        if layout < 0:
            raise NotOurs(f"it has layout {layout}")
        if not self._is_checked:
            (verdict,) = file.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise NotOurs(verdict)
            self._is_checked = True
        for statement in _MIGRATIONS[layout:]:
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

    def _find(self, file: sqlite3.Connection, id_: str) -> Clip | None:
        row = file.execute(f"SELECT {_COLUMNS} FROM clips WHERE id = ?", (id_,)).fetchone()  # noqa: S608  # ours
        return None if row is None else self._clip(*row)

    def _as_row(self, clip: Clip) -> tuple[object, ...]:
        if clip.file.parent.resolve() != self.folder.resolve():
            raise ValueError(f"{clip.file} is not in {self.folder}")
        row = (
            clip.id,
            clip.file.name,
            _encodable(clip.source),
            _encodable(clip.reason),
            clip.state,
            _written(clip.started_at),
            clip.width,
            clip.height,
            clip.duration,
            clip.frames,
            clip.size,
            None if clip.problem is None else _encodable(clip.problem),
        )
        try:
            self._clip(*row)
        except NotOurs as error:
            # Better here than when it is read, where it would be taken for damage to all of the ledger.
            raise ValueError(str(error)) from error
        return *row, _written(self._clock.wall())

    def _clip(self, *row: object) -> Clip:
        """Return the clip of a row.

        Raises:
            NotOurs: it holds what livecam never writes. A name that leads out of the folder would have files
                deleted elsewhere.
        """
        id_, file, source, reason, state, started_at, width, height, duration, frames, size, problem = row
        return Clip(
            id=_name(id_),
            file=self.folder / _name(file),
            source=_text(source),
            reason=_text(reason),
            state=_state(state),
            started_at=_instant(started_at),
            width=_count(width),
            height=_count(height),
            duration=_seconds(duration),
            frames=_count(frames),
            size=_count(size),
            problem=None if problem is None else _text(problem),
        )


def _write(file: sqlite3.Connection, verb: str, row: tuple[object, ...]) -> None:
    places = ", ".join("?" * len(row))
    file.execute(f"{verb} INTO clips ({_COLUMNS}, updated_at) VALUES ({places})", row)


def _is_plain_name(name: str) -> bool:
    """Say whether a name names something in its folder, on every system, and is none that is hidden there."""
    return bool(name) and name.isprintable() and not name.startswith(".") and not set(name) & set("/\\:")


def _encodable(text: str) -> str:
    """Return a text that UTF-8 can write: a file's name on Linux need not be one."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _written(at: datetime) -> str:
    """Return a wall time as text that sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise NotOurs(f"{value!r:.40} is no text")


def _name(value: object) -> str:
    name = _text(value)
    if _is_plain_name(name):
        return name
    raise NotOurs(f"{name!r:.40} is no name of a clip")


def _state(value: object) -> ClipState:
    for state in _STATES:
        if value == state:
            return state
    raise NotOurs(f"{value!r:.40} is no state of a clip")


def _instant(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(_text(value))
    except ValueError as error:
        raise NotOurs(str(error)) from error
    if at.utcoffset() != timedelta(0):
        raise NotOurs(f"{at} is no time in UTC")
    return at.replace(tzinfo=UTC)


def _count(value: object) -> int | None:
    if value is None or (isinstance(value, int) and value >= 0):
        return value
    raise NotOurs(f"{value!r:.40} is no count")


def _seconds(value: object) -> float | None:
    if value is None or (isinstance(value, int | float) and math.isfinite(value) and value >= 0):
        return value
    raise NotOurs(f"{value!r:.40} is no duration")
