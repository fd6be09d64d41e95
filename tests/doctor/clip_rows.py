"""Clips as a ledger has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from livecam.clips import Clip

if TYPE_CHECKING:
    from pathlib import Path


def a_clip(folder: Path, number: int = 0, *, size: int = 1_000_000, duration: float = 10.0) -> Clip:
    """Return a finished clip of a folder."""
    id_ = f"20260101-120000-{number:06d}"
    return Clip(
        id=id_,
        file=folder / f"{id_}.mp4",
        source="camera",
        reason="all",
        state="recorded",
        started_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
        width=1280,
        height=720,
        duration=duration,
        frames=300,
        size=size,
        problem=None,
    )
