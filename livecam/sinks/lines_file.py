"""A text file that grows line by line, each on disk soon after it was said, from a thread of its own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Generic, TypeVar

from livecam.errors import OutputError
from livecam.sinks.background_writer import BackgroundWriter
from livecam.whole_file import owner_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Item = TypeVar("Item")


class LinesFile(Generic[Item]):
    """Appends items to a new UTF-8 file.

    Args:
        path: replaced if it exists.
        as_line: returns an item's text, its line end included; called in the file's own thread.
        capacity: items that may wait for the disk.
        on_failure: told once when the disk fails; later items are discarded.

    Raises:
        OutputError: the file cannot be created.
    """

    def __init__(
        self,
        path: Path,
        *,
        as_line: Callable[[Item], str],
        capacity: int,
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._path = path
        self._as_line = as_line
        with self._translated():
            # Line buffered: a crash loses at most the line that was being written. Half a surrogate
            # pair (a file name that is not UTF-8) becomes the escape that stands for it in JSON and
            # in Python. Line ends are the item's own, whatever the system's are.
            self._file = open(  # noqa: SIM115  closed at the end
                path, "w", 1, "utf-8", errors="backslashreplace", newline="", opener=owner_only
            )
        self._writer: BackgroundWriter[Item] = BackgroundWriter(
            f"livecam-{path.name}",
            write=self._write,
            finish=self._close,
            capacity=capacity,
            on_failure=on_failure,
        )

    def put(self, item: Item, *, waits: bool = False) -> bool:
        """Queue an item; return False when it had to be dropped."""
        return self._writer.put(item, waits=waits)

    def close(self) -> None:
        """Write what is queued and close the file. May be called twice."""
        self._writer.close()

    def _write(self, item: Item) -> None:
        with self._translated():
            self._file.write(self._as_line(item))

    def _close(self) -> None:
        with self._translated():
            self._file.close()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror}") from error
