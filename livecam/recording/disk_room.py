"""Whether there is room on the disk to go on recording, and the sentences that say that there is not.

Told what is free; nothing here asks the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

Room: TypeAlias = Literal["ok", "low", "full"]

KEEP_FREE = 500_000_000
"""Bytes that are left to the system and to others, on any disk that has room for that."""
LARGEST_SHARE = 0.05
"""Of a disk, that is kept free at most: on a disk of 5 MB, clips of 2 MB can still be recorded."""
LOW_BELOW = 2.0
"""Times what is kept free: below, recording will stop soon. A disk that was full must have that again..."""
OK_FROM = 2.5
"""...and one that was low this, so that a file that comes and goes does not make it go to and fro."""

_UNITS = ("kB", "MB", "GB", "TB", "PB")
_STEP = 1000
_SHOWN_WHOLE = 100
"""From this on no decimal is shown: 412 MB, but 64.0 GB."""


class DiskRoom:
    """Judges the disk that clips are recorded on.

    Args:
        keep_free: bytes to be left free; of a small disk `LARGEST_SHARE`, if that is less.
    """

    def __init__(self, keep_free: int = KEEP_FREE) -> None:
        self._keep_free = keep_free
        self._room: Room = "ok"

    def kept_free(self, total: int) -> float:
        """Return the bytes that are left free on a disk of that many."""
        return min(self._keep_free, LARGEST_SHARE * total)

    def judge(self, free: int, total: int, needed: int) -> Room:
        """Return whether there is room to go on; a room that is worse than before is told at once.

        Args:
            free: bytes that livecam may still write.
            total: bytes of the disk; 0 where the file system does not tell, and nothing is judged.
            needed: bytes that it takes to finish what is recorded: the sizes of all part files, as each is
                copied.
        """
        if total <= 0:
            self._room = "ok"
            return self._room
        kept = self.kept_free(total)
        left = free - needed
        full_below = kept * (LOW_BELOW if self._room == "full" else 1.0)
        low_below = kept * (LOW_BELOW if self._room == "ok" else OK_FROM)
        # At nothing kept free, a disk without a byte left is full all the same.
        if left < full_below or left <= 0:
            self._room = "full"
        elif left < low_below:
            self._room = "low"
        else:
            self._room = "ok"
        return self._room


def room_text(room: Room, *, free: int, total: int, folder: Path | str) -> str:
    """Return the sentence for people about a disk: what is free, what that means and what to do."""
    told = f"free {size_text(free)} of {size_text(total)} on {folder}"
    if room == "ok":
        return f"there is room for clips again: {told}"
    advice = "delete clips with `livecam clips purge`, or record elsewhere with --clip-dir"
    if room == "low":
        return f"the disk for clips is nearly full: {told}; recording will stop soon: {advice}"
    return f"the disk for clips is full: {told}; recording has stopped, the picture goes on: {advice}"


def size_text(size: float) -> str:
    """Return bytes for people, in decimal units: "812 bytes", "412 MB", "64.0 GB"."""
    text, unit = f"{max(size, 0):.0f}", "bytes"
    for larger in _UNITS:
        if float(text) < _STEP:  # as rounded: 999,999 bytes are 1.0 MB, not 1000 kB
            break
        size, unit = size / _STEP, larger
        text = f"{size:.0f}" if round(size, 1) >= _SHOWN_WHOLE else f"{size:.1f}"
    return f"{text} {unit}"
