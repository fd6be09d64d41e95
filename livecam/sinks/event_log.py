"""`--events`: one JSON object per event of `events.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.event_records import as_record
from livecam.redaction import redact_values
from livecam.sinks.json_lines import JsonLinesFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.events import Event


class EventLog:
    """An `EventListener` that writes what it is told."""

    def __init__(self, path: Path, *, on_failure: Callable[[Exception], None]) -> None:
        self._file = JsonLinesFile(path, on_failure=on_failure)

    def __call__(self, event: Event) -> None:
        """Queue the event's line, without secrets."""
        self._file.put(redact_values(as_record(event)))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
