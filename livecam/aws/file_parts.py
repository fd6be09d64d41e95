"""A file in the parts in which it is uploaded: their SHA-256, and that it stays as it was meanwhile.

It is read twice, once to know what it holds and once to send it: so the parts that S3 has can be told from
those that it lacks, and a part that is not what it was is never sent.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, Self

from livecam.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

MOST_PARTS = 10_000
"""S3's limit for one object."""
_BLOCK = 1024 * 1024
"""Bytes that are read at a time, and what part sizes are multiples of."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a file."""

    number: int
    """From 1."""
    start: int
    """Byte that it begins with."""
    size: int
    """Bytes."""
    digest: bytes
    """SHA-256."""

    @property
    def checksum(self) -> str:
        """The digest as S3 writes it."""
        return base64.b64encode(self.digest).decode()


def part_size_for(size: int, least: int) -> int:
    """Return the size of parts in bytes: `least`, or as much more as a file of `size` bytes needs."""
    needed = -(-size // MOST_PARTS)
    return least if needed <= least else -(-needed // _BLOCK) * _BLOCK


def composite_checksum(parts: Sequence[Part]) -> str:
    """Return S3's checksum of an object that came in parts: the SHA-256 of theirs, and how many."""
    digest = hashlib.sha256(b"".join(part.digest for part in parts)).digest()
    return f"{base64.b64encode(digest).decode()}-{len(parts)}"


class FileInParts:
    """A file that is open for its upload. Use with `with`; one thread.

    Args:
        path: the file.

    Raises:
        OutputError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("rb")
            self._state = _state(os.fstat(self._file.fileno()))
        except OSError as error:
            self._cannot_be_read(error)

    @property
    def size(self) -> int:
        """Its bytes when it was opened."""
        return self._state[2]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def parts(self, part_size: int) -> tuple[Part, ...]:
        """Read the file through and return its parts of `part_size` bytes; an empty file is one part.

        Raises:
            OutputError: it cannot be read, or changed meanwhile.
        """
        parts = []
        for number, start in enumerate(range(0, max(self.size, 1), part_size), start=1):
            size = min(part_size, self.size - start)
            digest = hashlib.sha256()
            for block in self._blocks(start, size):
                digest.update(block)
            parts.append(Part(number, start, size, digest.digest()))
        self.check()
        return tuple(parts)

    def read(self, part: Part) -> bytes:
        """Return a part's bytes.

        Raises:
            OutputError: it cannot be read, or is not what it was.
        """
        data = b"".join(self._blocks(part.start, part.size))
        if hashlib.sha256(data).digest() != part.digest:
            self._has_changed()
        return data

    def check(self) -> None:
        """See whether it is the file that was opened, as it was then.

        Raises:
            OutputError: it is not.
        """
        try:
            state = _state(self._path.stat())
        except OSError as error:
            self._cannot_be_read(error)
        if state != self._state:
            self._has_changed()

    def _blocks(self, start: int, size: int) -> Iterator[bytes]:
        try:
            self._file.seek(start)
            while size > 0:
                block = self._file.read(min(size, _BLOCK))
                if not block:
                    self._has_changed()
                size -= len(block)
                yield block
        except OSError as error:
            self._cannot_be_read(error)

    def _has_changed(self) -> NoReturn:
        raise OutputError(
            f"{self._path} changed while it was uploaded, so that it was not stored: upload it again when "
            "nothing writes to it"
        )

    def _cannot_be_read(self, error: OSError) -> NoReturn:
        raise OutputError(
            f"{self._path} cannot be read for its upload ({error.strerror or error}): see that it is there, "
            "with leave to read it"
        ) from error


def _state(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
