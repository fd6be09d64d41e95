"""The ledger: what was begun with every clip, video and job of a clip folder, written down before it is done.

A SQLite file inside the clip folder, which may be moved together with it. The files there say nearly the
same, so that a ledger that was lost can be made anew from them; who owns the ledger does that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypedDict, get_args

from livecam.clips import Clip, ClipState
from livecam.state import ledger_cells as cell
from livecam.state.ledger_file import WAIT, LedgerFile, ledger_file
from livecam.state.ledger_jobs import LedgerJobs
from livecam.state.ledger_videos import LedgerVideos
from livecam.state.sqlite_file import NotOurs

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path
    from typing import Unpack

    from livecam.clock import Clock

__all__ = ["Facts", "Ledger", "ledger_file"]

_COLUMNS = "id, file, source, reason, state, started_at, width, height, duration, frames, size, problem"
_STATES: Final[tuple[ClipState, ...]] = get_args(ClipState)


class Facts(TypedDict, total=False):
    """What becomes known of a clip; see `Clip`."""

    width: int | None
    height: int | None
    duration: float | None
    frames: int | None
    size: int | None
    problem: str | None


class Ledger:
    """Remembers the clips of a folder, its videos on S3 and their jobs.

    May be used from any thread, and by several livecams at once.

    What a method has returned from is on disk. Reading makes no file, and works in a read-only volume and on
    a full disk. A ledger that is damaged is moved aside, which a warning says, and what was asked is done
    on a new, empty one. One that a newer livecam wrote is left as it is.

    Every method raises `OutputError` where the ledger cannot be used; nothing was changed then. One that is
    given what no clip, video or job can be raises `ValueError`.

    Args:
        folder: the clip folder; it is made with the first row.
        clock: tells when a row was changed and names a damaged file; None is the system's.
        on_set_aside: told that a damaged ledger was moved aside, in the thread that came across it and before
            that goes on: what it adds then is seen by what was asked. It may use the ledger.
    """

    def __init__(
        self, folder: Path, *, clock: Clock | None = None, on_set_aside: Callable[[], None] | None = None
    ) -> None:
        self._file = LedgerFile(folder, clock=clock, on_set_aside=on_set_aside)
        self.folder = folder
        self.path = self._file.path
        self.videos = LedgerVideos(self._file)
        """What goes to S3, or is there."""
        self.jobs = LedgerJobs(self._file)
        """What the service was asked for."""

    def is_there(self) -> bool:
        """Say whether there is a ledger."""
        return self._file.is_there()

    def begin(self, clip: Clip, *, wait: float = WAIT) -> None:
        """Write down a new clip, which is about to be recorded, whatever its state says.

        Args:
            clip: it.
            wait: seconds another livecam may keep the file.

        Raises:
            OutputError: also when there is a clip of that id.
            ValueError: its file is not in the folder, or it says what no clip can be.
        """
        row = self._as_row(replace(clip, state="recording"))
        self._file.write(lambda file: _write(file, "INSERT", row), wait=wait)

    def add(self, clip: Clip) -> None:
        """Write down a clip as it is; it takes the place of what was known of the same id.

        Raises:
            ValueError: its file is not in the folder, or it says what no clip can be.
        """
        row = self._as_row(clip)
        self._file.write(lambda file: _write(file, "INSERT OR REPLACE", row))

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

        return self._file.change(work, otherwise=None)

    def get(self, id: str) -> Clip | None:  # noqa: A002
        """Return the clip of that id; None when there is none."""
        return self._file.read(lambda file: self._find(file, id), otherwise=None)

    def all(self, *, newest_first: bool = False) -> tuple[Clip, ...]:
        """Return every clip by when it was started, then by id."""
        sql = f"SELECT {_COLUMNS} FROM clips ORDER BY started_at, id"  # noqa: S608  # our own columns
        clips = self._file.read(
            lambda file: tuple(self._clip(*row) for row in file.execute(sql)), otherwise=()
        )
        return clips[::-1] if newest_first else clips

    def forget(self, id: str) -> bool:  # noqa: A002
        """Take a clip out of the ledger; say whether it was there."""
        sql = "DELETE FROM clips WHERE id = ?"
        return self._file.change(lambda file: file.execute(sql, (id,)).rowcount > 0, otherwise=False)

    def _find(self, file: sqlite3.Connection, id_: str) -> Clip | None:
        row = file.execute(f"SELECT {_COLUMNS} FROM clips WHERE id = ?", (id_,)).fetchone()  # noqa: S608  # ours
        return None if row is None else self._clip(*row)

    def _as_row(self, clip: Clip) -> tuple[object, ...]:
        if clip.file.parent.resolve() != self.folder.resolve():
            raise ValueError(f"{clip.file} is not in {self.folder}")
        row = (
            clip.id,
            clip.file.name,
            cell.encodable(clip.source),
            cell.encodable(clip.reason),
            clip.state,
            cell.written(clip.started_at),
            clip.width,
            clip.height,
            clip.duration,
            clip.frames,
            clip.size,
            cell.encodable_or_none(clip.problem),
        )
        try:
            self._clip(*row)
        except NotOurs as error:
            # Better here than when it is read, where it would be taken for damage to all of the ledger.
            raise ValueError(str(error)) from error
        return *row, self._file.stamp()

    def _clip(self, *row: object) -> Clip:
        """Return the clip of a row.

        Raises:
            NotOurs: it holds what livecam never writes. A name that leads out of the folder would have files
                deleted elsewhere.
        """
        id_, file, source, reason, state, started_at, width, height, duration, frames, size, problem = row
        return Clip(
            id=cell.name(id_),
            file=self.folder / cell.name(file),
            source=cell.text(source),
            reason=cell.text(reason),
            state=cell.one_of(_STATES, state, "state of a clip"),
            started_at=cell.instant(started_at),
            width=cell.count(width),
            height=cell.count(height),
            duration=cell.duration(duration),
            frames=cell.count(frames),
            size=cell.count(size),
            problem=cell.text_or_none(problem),
        )


def _write(file: sqlite3.Connection, verb: str, row: tuple[object, ...]) -> None:
    places = ", ".join("?" * len(row))
    file.execute(f"{verb} INTO clips ({_COLUMNS}, updated_at) VALUES ({places})", row)
