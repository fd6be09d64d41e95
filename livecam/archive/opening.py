"""A clip folder is opened: its files, and the ledger that goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.archive.archive import Archive
from livecam.archive.folder import ClipFolder, default_folder
from livecam.archive.leftovers import Leftovers
from livecam.clock import SystemClock
from livecam.state.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.protocols import EventListener


def open_archive(
    path: Path | None,
    *,
    clock: Clock | None = None,
    publish: EventListener = lambda _event: None,
) -> Archive:
    """Return the archive in a folder; makes nothing yet.

    A damaged ledger is set aside and is one of the archive's leftovers: `sync` fills the new one.

    Args:
        path: the folder; None for the one in the user's data folder.
        clock: names clips and damaged ledgers.
        publish: told what becomes of clips.
    """
    clock, leftovers = clock or SystemClock(), Leftovers()
    folder = ClipFolder(path or default_folder())

    def lost() -> None:
        leftovers.note(f"the ledger of the clips in {folder.path} was damaged, and is made anew from them")

    ledger = Ledger(folder.path, clock=clock, on_set_aside=lost)
    return Archive(folder=folder, ledger=ledger, clock=clock, publish=publish, leftovers=leftovers)
