"""A clip folder is opened: its files, and the ledger that goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.archive.archive import Archive
from livecam.archive.folder import ClipFolder, default_folder
from livecam.archive.leftovers import Leftovers
from livecam.clock import SystemClock
from livecam.state.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.protocols import EventListener


def open_archive(
    path: Path | None,
    *,
    clock: Clock | None = None,
    publish: EventListener = lambda _event: None,
    on_ledger_lost: Callable[[], None] = lambda: None,
) -> Archive:
    """Return the archive in a folder; makes nothing yet.

    Args:
        path: the folder; None for the one in the user's data folder.
        clock: names clips and damaged ledgers.
        publish: told what becomes of clips.
        on_ledger_lost: called when a damaged ledger was set aside: `sync` fills the new one.
    """
    clock, leftovers = clock or SystemClock(), Leftovers()
    folder = ClipFolder(path or default_folder())

    def lost() -> None:
        leftovers.note(f"the ledger of the clips in {folder.path} was damaged, and is made anew from them")
        on_ledger_lost()

    ledger = Ledger(folder.path, clock=clock, on_set_aside=lost)
    return Archive(folder=folder, ledger=ledger, clock=clock, publish=publish, leftovers=leftovers)
