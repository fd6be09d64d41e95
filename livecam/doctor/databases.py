"""Check of the SQLite files that livecam keeps; they are read alone: none is made, moved or mended."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from livecam.doctor.examination import Finding
from livecam.state.consent import consent_file
from livecam.state.ledger import ledger_file
from livecam.state.spend import spend_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WAIT = 2.0
"""Seconds another livecam may keep a file."""
OF_THE_LEDGER: Final = "`livecam clips sync` sets it aside and makes it anew from the clips' own files"
OF_CONSENT: Final = "nothing to do: the next run sets it aside, and you are asked again"
OF_SPEND: Final = "nothing to do: the next run sets it aside; what was spent today is counted anew"


@dataclass(frozen=True, slots=True)
class Database:
    """A file that livecam keeps."""

    what: str
    """For people."""
    path: Path
    remedy: str
    """What to do when it is damaged."""


def kept(clips: Path) -> list[Database]:
    """Return every database; a file need not be there.

    Args:
        clips: the clip folder.
    """
    return [
        Database("the ledger of clips", ledger_file(clips), OF_THE_LEDGER),
        Database("what you agreed to", consent_file(), OF_CONSENT),
        Database("what each day has cost", spend_file(), OF_SPEND),
    ]


def databases(files: Sequence[Database]) -> Finding:
    """Say whether each database that is there is whole."""
    there = [each for each in files if each.path.exists()]
    if not there:
        return Finding("ok", "none yet: they are made when there is something to remember")
    broken = [(each, why) for each in there if (why := why_not_whole(each.path)) is not None]
    if broken:
        told = "; ".join(f"{each.what} cannot be read ({why}): {each.path}" for each, why in broken)
        return Finding("fail", told, broken[0][0].remedy)
    return Finding("ok", f"{', '.join(each.what for each in there)}: whole")


def why_not_whole(path: Path) -> str | None:
    """Return what is wrong with a SQLite file; None when nothing is."""
    try:
        with reading(path) as file:
            (verdict,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # SQLite quotes bytes of the file in its message
        return str(error)
    return None if verdict == "ok" else " ".join(str(verdict).split())


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file for reading alone.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    # Beside a file that is not called immutable SQLite makes a log, which a read-only folder does not take.
    is_shared = Path(f"{path}-wal").exists() and os.access(path.parent, os.W_OK)
    how = "mode=ro" if is_shared else "immutable=1"
    address = f"{path.absolute().as_uri()}?{how}"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=WAIT)) as file:
        yield file
