"""Who is at work on a video: a clip's own lock, or one that is named after the file or address."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from livecam.archive.clip_lock import take_lock, take_lock_at
from livecam.archive.folder import is_id

if TYPE_CHECKING:
    from livecam.archive.archive import Archive
    from livecam.archive.clip_lock import ClipLock


def lock_of(archive: Archive, video: str) -> ClipLock | None:
    """Return the right to work on a video; None while somebody else has it.

    Raises:
        OutputError: the clip folder cannot be written.
    """
    if is_id(video):
        return take_lock(archive.folder, video)
    mark = hashlib.sha256(video.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return take_lock_at(archive.folder, f"video-{mark}")
