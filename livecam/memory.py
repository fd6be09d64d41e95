"""Giving memory back to the system.

The C library keeps what was freed for the next time, scattered among what is still in use: a process stays as
large as it once was, 120 MB larger after its encoder was behind once, and grows by some megabytes a
minute where cameras, clips and viewers come and go. To give back every picture at once would cost a
quarter of a core.
"""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return what was freed to the system, where the C library can; takes some milliseconds."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; musl needs none
        if trim is not None:
            trim(0)
