"""The outermost boxes of an MP4 or MOV file (ISO/IEC 14496-12): name and place, not what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEAD = 8
"""Bytes: size (4) and name (4). A size of 1 stands for the long one that follows in 8 more."""
_LONG_HEAD = 16


@dataclass(frozen=True, slots=True)
class Box:
    """One box."""

    name: bytes
    """Four characters, such as b"moov"."""
    start: int
    """Bytes from the file's beginning."""
    end: int
    """Byte after its last; beyond the file's end when it is torn."""


def boxes(path: Path) -> Iterator[Box]:
    """Yield the outermost boxes up to what is no box; a file that is no MP4 gives none, or nonsense.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        file_size, start = file.seek(0, 2), 0
        while start + _HEAD <= file_size:
            file.seek(start)
            head = file.read(_LONG_HEAD)
            name, size = head[4:_HEAD], int.from_bytes(head[:4], "big")
            if size == 1:
                size = int.from_bytes(head[_HEAD:], "big")
            elif size == 0 and name == b"mdat":  # allowed of the last one: it goes on until the file ends
                size = file_size - start
            if size < _HEAD or not name.isascii() or not name.isalnum():
                return  # such as the zeros of blocks that never reached the disk
            yield Box(name, start, start + size)
            start += size


def whole_length(path: Path) -> int:
    """Return how many bytes of a file are whole boxes: what comes after them was not written to its end.

    Raises:
        OSError: the file cannot be read.
    """
    file_size = path.stat().st_size
    return max((box.end for box in boxes(path) if box.end <= file_size), default=0)
