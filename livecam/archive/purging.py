"""Clips are deleted: every file of theirs, then their row."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livecam.archive.archive import ClipInUse
from livecam.archive.clip_lock import take_lock
from livecam.errors import OutputError
from livecam.events import ClipRemoved
from livecam.recording.retention import expired

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.archive.archive import Archive
    from livecam.clips import Clip

log = logging.getLogger(__name__)


def purge(archive: Archive, clip: str, *, reason: str) -> list[str]:
    """Delete a clip with its sidecar and copies; return the names of the files that were deleted.

    Raises:
        ClipInUse: it is being recorded or worked on.
        OutputError: a file cannot be deleted; the ledger remembers that it is to be.
    """
    lock = take_lock(archive.folder, clip)
    if lock is None:
        raise ClipInUse(f"{clip} is being recorded or worked on; try again when that is over")
    with lock:
        row = archive.ledger.get(clip)
        archive.note(clip, "purging")
        removed = remove_files(archive, clip)
    source = row.source if row else ""
    archive.publish(ClipRemoved(at=archive.clock.now(), source=source, clip=clip, reason=reason))
    return removed


def remove_files(archive: Archive, clip: str) -> list[str]:
    """Delete the files of a clip and then its row; the caller holds its lock.

    Raises:
        OutputError: a file cannot be deleted; the others are.
    """
    removed, kept = [], []
    for path in archive.folder.files(clip):
        try:
            path.unlink()
            removed.append(path.name)
        except OSError as error:
            kept.append(f"{path} ({error.strerror})")
    if kept:
        raise OutputError(f"cannot be deleted: {', '.join(kept)}; `livecam clips sync` tries again")
    archive.ledger.forget(clip)
    return removed


def set_aside(archive: Archive) -> list[Path]:
    """Return the damaged ledgers that were moved aside, oldest first: they still tell of clips that were."""
    ledger = archive.ledger.path
    return sorted(ledger.parent.glob(f"{ledger.name}.damaged-*"))


def remove_set_aside(archive: Archive) -> tuple[list[str], dict[str, str]]:
    """Delete the ledgers that were moved aside; return which are gone, and of the others why not."""
    removed, kept = [], {}
    for path in set_aside(archive):
        try:
            path.unlink(missing_ok=True)
            removed.append(str(path))
        except OSError as error:
            kept[str(path)] = error.strerror or type(error).__name__
    return removed, kept


def keep_within(archive: Archive, *, keep_days: float | None, keep_bytes: int | None) -> list[Clip]:
    """Delete what is older, or more, than the user wants to keep; return what was deleted.

    Args:
        archive: the clips.
        keep_days: days for which a clip is kept; None for no limit.
        keep_bytes: bytes that all clips together may take; None for no limit.

    Raises:
        OutputError: the ledger cannot be read.
    """
    if keep_days is None and keep_bytes is None:
        return []
    gone = []
    waiting = {video.name for video in archive.ledger.videos.all() if video.state in ("waiting", "uploading")}
    clips = [clip for clip in archive.ledger.all() if clip.id not in waiting]
    for clip, reason in expired(clips, now=archive.clock.wall(), keep_days=keep_days, keep_bytes=keep_bytes):
        try:
            purge(archive, clip.id, reason=reason)
        except (ClipInUse, OutputError) as error:
            log.warning("%s", error)
        else:
            gone.append(clip)
    return gone
