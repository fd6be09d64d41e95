"""A file of JSON objects, one a line, each on disk soon after it was said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from livecam.sinks.lines_file import LinesFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CAPACITY = 10_000
"""Lines that may wait for the disk: minutes of a run, a few megabytes."""


class JsonLinesFile:
    """Appends objects to a new file from a thread of its own.

    Args:
        path: replaced if it exists.
        on_failure: told once when the disk fails; later lines are discarded.

    Raises:
        OutputError: the file cannot be created.
    """

    def __init__(self, path: Path, *, on_failure: Callable[[Exception], None]) -> None:
        self._file: LinesFile[dict[str, Any]] = LinesFile(
            path, as_line=_as_line, capacity=CAPACITY, on_failure=on_failure
        )

    def put(self, record: dict[str, Any], *, waits: bool = False) -> bool:
        """Queue an object; return False when it had to be dropped."""
        return self._file.put(record, waits=waits)

    def close(self) -> None:
        """Write what is queued and close the file. May be called twice."""
        self._file.close()


def _as_line(record: dict[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n"
