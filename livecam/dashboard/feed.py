"""The newest events of a run, for pages that ask what happened since they asked last."""

from __future__ import annotations

import threading
from collections import deque
from itertools import count
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from livecam.dashboard.wording import without_folders
from livecam.event_records import as_record

if TYPE_CHECKING:
    from livecam.events import Event

SENTENCES = frozenset({"description", "message", "output", "reason", "source", "text"})
"""Fields of events that may name files."""
KEPT = 500
"""Events; a page that was away for longer misses the older ones."""


class EventFeed:
    """Fits `EventListener`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._kept: deque[tuple[int, Event]] = deque(maxlen=KEPT)

    def __call__(self, event: Event) -> None:
        """Keep an event; any thread."""
        with self._lock:
            self._kept.append((next(self._numbers), event))

    def after(self, number: int) -> list[tuple[int, dict[str, Any]]]:
        """Return the events that came after `number`, oldest first, with their own numbers from 1."""
        with self._lock:
            newer = [each for each in self._kept if each[0] > number]
        return [(each, _shown(as_record(event))) for each, event in newer]


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    """Return an event's object without secrets and the folders of this machine."""
    shown = {
        name: without_folders(value) if isinstance(value, str) and name in SENTENCES else value
        for name, value in record.items()
    }
    return shown | {"file": PurePath(shown["file"]).name} if isinstance(shown.get("file"), str) else shown
