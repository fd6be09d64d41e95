"""A file of JSON objects, one a line, each on disk soon after it was said."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from livecam.errors import OutputError
from livecam.sinks.background_writer import BackgroundWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
        self._path = path
        with self._translated():
            # Line buffered: a crash loses at most the line that was being written. Half a surrogate
            # pair (a file name that is not UTF-8) becomes the JSON escape that stands for it.
            self._file = path.open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
        self._writer: BackgroundWriter[dict[str, Any]] = BackgroundWriter(
            f"livecam-{path.name}",
            write=self._write,
            finish=self._close,
            capacity=CAPACITY,
            on_failure=on_failure,
        )

    def put(self, record: dict[str, Any], *, waits: bool = False) -> bool:
        """Queue an object; return False when it had to be dropped."""
        return self._writer.put(record, waits=waits)

    def close(self) -> None:
        """Write what is queued and close the file. May be called twice."""
        self._writer.close()

    def _write(self, record: dict[str, Any]) -> None:
        with self._translated():
            self._file.write(json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n")

    def _close(self) -> None:
        with self._translated():
            self._file.close()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror}") from error
