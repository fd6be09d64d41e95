"""What is done every so often while a run goes on, whatever runs: memory is given back to the system."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from livecam import memory
from livecam.events import SourceEnded, SourceOpened

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.events import Event

EVERY = 60.0
"""Seconds."""


class Upkeep:
    """Fits `EventListener`: at work in a thread of its own from a source's opening to its end.

    Args:
        work: what is done.
        every: seconds from one time to the next.
    """

    def __init__(self, work: Callable[[], None] = memory.give_back, *, every: float = EVERY) -> None:
        self._work = work
        self._every = every
        self._over = threading.Event()

    def __call__(self, event: Event) -> None:
        """Begin or end with the source."""
        match event:
            case SourceOpened():
                threading.Thread(target=self._go_on, name="livecam-upkeep", daemon=True).start()
            case SourceEnded():
                self._over.set()

    def _go_on(self) -> None:
        while not self._over.wait(self._every):
            self._work()
