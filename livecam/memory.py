"""Giving memory back to the system after a moment in which many pictures waited.

The C library keeps what was freed for the next time, so that a process stays as large as it once was: 120 MB
larger after its encoder was behind once. To give back every picture at once would cost a quarter of a core.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MUCH = 40_000_000
"""Bytes of pictures that waited: less is not worth the milliseconds that it takes."""


def give_back() -> None:
    """Return what was freed to the system, where the C library can; takes some milliseconds."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; musl needs none
        if trim is not None:
            trim(0)


class PeakWatch:
    """Gives memory back once a queue of pictures is empty that was long; used from one thread.

    Args:
        give_back: called then.
    """

    def __init__(self, give_back: Callable[[], None] = give_back) -> None:
        self._give_back = give_back
        self._most = 0

    def note(self, waiting: int) -> None:
        """Take note of how many bytes wait."""
        self._most = max(self._most, waiting)
        if waiting == 0 and self._most >= MUCH:
            self._most = 0
            self._give_back()
