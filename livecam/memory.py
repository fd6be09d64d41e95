"""How much memory is in use, and giving back to the system what is not.

The C library keeps what was freed for the next time, scattered among what is still in use: a process stays as
large as it once was, 120 MB larger after its encoder was behind once, and grows by some megabytes a
minute where cameras, clips and viewers come and go. To give back every picture at once would cost a
quarter of a core.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any


class _MallInfo(ctypes.Structure):
    """glibc's `struct mallinfo2` (mallinfo(3)); bytes, over all arenas."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def in_use() -> int | None:
    """Return the bytes that are allocated, without what the C library keeps for the next time.

    Python's small objects are not among them, unless it runs with PYTHONMALLOC=malloc. None where the C
    library does not say (it is not glibc 2.33 or newer).
    """
    info = _of_c_library("mallinfo2")
    if info is None:
        return None
    info.restype = _MallInfo
    told = info()
    return int(told.uordblks + told.hblkhd)


def give_back() -> None:
    """Return what was freed to the system, where the C library can; takes some milliseconds."""
    trim = _of_c_library("malloc_trim")
    if trim is not None:
        trim(0)


def _of_c_library(name: str) -> Any:  # noqa: ANN401  ctypes makes it when it is asked for
    """Return a function that glibc has and musl has not; None where there is none."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
