"""One clip while it is recorded: its lock, its ledger row, its part file and its sidecar, in this order."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.archive.clip_lock import take_lock
from livecam.archive.folder import new_id
from livecam.archive.sidecar import SidecarWriter
from livecam.clips import Clip
from livecam.encoding.h264 import TIME_BASE
from livecam.encoding.part_file import PartFile
from livecam.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from livecam.archive.archive import Archive
    from livecam.archive.clip_lock import ClipLock
    from livecam.archive.folder import ClipFolder
    from livecam.encoding.h264 import EncodedPacket, H264Encoder
    from livecam.pictures import Picture

log = logging.getLogger(__name__)

LEDGER_WAIT = 0.5
"""Seconds in which others must be done with the ledger: few pictures can wait meanwhile if they are large."""
TRIES = 3
"""Ids that are drawn until one is free."""


@dataclass(frozen=True, slots=True)
class ClosedClip:
    """A clip that has all its frames, and waits to be finished."""

    id: str
    lock: ClipLock
    end: float | None
    """Seconds from its first frame to the end of its last; None when that is not known."""


class ClipWriter:
    """Writes packets and what was shown on them; used by one thread.

    Args:
        archive: where to.
        encoder: whose packets are written.
        first: the clip's first picture, which is not written yet.
        reason: why it is recorded.
        started_at: wall time of the first frame.

    Raises:
        OutputError: the clip cannot be begun; nothing of it is left then.
    """

    def __init__(
        self, archive: Archive, encoder: H264Encoder, first: Picture, *, reason: str, started_at: datetime
    ) -> None:
        self._archive = archive
        self.id, lock = _own_id(archive.folder, started_at)
        self._first_pts: int | None = None
        self._began_at = 0.0
        folder = archive.folder
        self._lock = lock
        clip = Clip(
            self.id,
            folder.clip(self.id),
            first.frame.source,
            reason,
            "recording",
            started_at,
            encoder.width,
            encoder.height,
        )
        header = {
            "clip": clip.id,
            "source": clip.source,
            "reason": reason,
            "started_at": started_at.isoformat(timespec="milliseconds"),
            "width": encoder.width,
            "height": encoder.height,
            "notice": first.status.notice,
        }
        with contextlib.ExitStack() as undo:
            undo.callback(lock.release)
            self._begin_row(clip)
            undo.callback(archive.ledger.forget, self.id)
            self._sidecar = SidecarWriter(folder.sidecar(self.id), header)
            undo.callback(folder.sidecar(self.id).unlink, missing_ok=True)
            undo.callback(self._sidecar.close)
            self._part = PartFile(folder.part(self.id), encoder)
            undo.pop_all()

    @property
    def size(self) -> int:
        """Bytes written so far."""
        try:
            return self._archive.folder.part(self.id).stat().st_size
        except OSError:
            return 0

    def write(self, packet: EncodedPacket, picture: Picture, marks: Sequence[str] = ()) -> None:
        """Add a frame: first the packet, then what was shown on it, so that no line is about a lost frame.

        Args:
            packet: the frame's.
            picture: what was shown on it.
            marks: what the user marked this moment with.

        Raises:
            OutputError: it cannot be written; what was written before can be read.
        """
        if self._first_pts is None:
            self._first_pts = packet.pts
            self._began_at = picture.frame.media_time
        self._part.write(packet)
        self._sidecar.write(float((packet.pts - self._first_pts) * TIME_BASE), picture, marks)

    def close(self, end: float | None) -> ClosedClip:
        """Take no more frames; return what is to be finished.

        Args:
            end: media time at which the last frame ends; None when that is not known.
        """
        for close in (self._part.close, self._sidecar.close):
            try:
                close()
            except OutputError as error:  # the disk is full: what is on it can be read
                log.warning("%s", error)
        lasted = None if end is None or self._first_pts is None else end - self._began_at
        return ClosedClip(self.id, self._lock, lasted)

    def _begin_row(self, clip: Clip) -> None:
        archive = self._archive
        is_lost = not archive.ledger.is_there() and bool(archive.folder.ids())
        # The clip matters more than its row: `sync` finds it by its file.
        archive.on_ledger(lambda: archive.ledger.begin(clip, wait=LEDGER_WAIT))
        if is_lost:
            archive.leftovers.note(f"the ledger of clips {archive.ledger.path} is gone, and is made anew")


def _own_id(folder: ClipFolder, started_at: datetime) -> tuple[str, ClipLock]:
    """Return an id that no other clip has, with the right to work on it.

    A `sync` that looks for locks of the dead may hold the new one for a moment: then another id is drawn.
    """
    for _ in range(TRIES):
        clip = new_id(started_at)
        if (lock := take_lock(folder, clip)) is not None:
            return clip, lock
    raise OutputError(f"somebody else is at work on every clip that could be begun in {folder.path}")
