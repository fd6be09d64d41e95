"""A recorded clip as the ledger knows it. Values only: no files, no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

ClipState: TypeAlias = Literal["recording", "finalising", "recorded", "damaged", "purging"]
"""What was begun last, written down before it was: after a crash, what is to be done again.

"recording": frames go into the part file. "finalising": the part file is made into the clip. "recorded":
the clip is whole, on disk. "damaged": no picture of it can be read; its file is kept as it is. "purging": its
files are being deleted.
"""

CopyKind: TypeAlias = Literal["annotated", "blurred"]
COPIES: tuple[CopyKind, ...] = get_args(CopyKind)
"""Kinds of copies that a clip may have beside it: with labels, or with faces made unrecognisable."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip. What is None is not known yet."""

    id: str
    """Names the clip and its files: UTC time of its first frame, random end; `20261123-073012-k3f9qa`."""
    file: Path
    """Where the finished clip is, or will be."""
    source: str
    """Id of the source that it was recorded from."""
    reason: str
    """Why it was recorded: "all", "by hand", or the rule that began it."""
    state: ClipState
    started_at: datetime
    """Wall time of its first frame, aware, in UTC."""
    width: int | None = None
    """Pixels of the recorded picture, even."""
    height: int | None = None
    duration: float | None = None
    """Seconds from its first frame to the end of its last."""
    frames: int | None = None
    size: int | None = None
    """Bytes of the finished file."""
    problem: str | None = None
    """What went wrong, in one sentence."""
