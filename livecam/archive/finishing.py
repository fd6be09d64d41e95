"""A part file is made into a clip: the same for one that was just recorded and for one that a crash left.

Each step is written down before it is taken and can be taken again: remux into a scratch file, probe, rename,
note, delete the part file. Whenever this is killed, either the part file or the clip is whole.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from livecam.archive.origin import clip_of
from livecam.encoding.finishing import NothingRecorded, finish
from livecam.encoding.part_file import WriteFailed
from livecam.encoding.probe import probe
from livecam.errors import OutputError
from livecam.events import ClipDamaged, ClipRecorded

if TYPE_CHECKING:
    from livecam.archive.archive import Archive
    from livecam.clips import Clip
    from livecam.encoding.probe import VideoFacts

SMALLEST_LOSS = 65_536
"""Bytes from which on a part file without a readable picture is kept: a kill before the first frame was whole
leaves less."""


def finish_clip(archive: Archive, clip: str, *, end: float | None, is_salvaged: bool) -> Clip | None:
    """Make a clip of its part file; the caller holds its lock.

    Args:
        archive: where it is.
        clip: its id.
        end: seconds from its first frame to the end of its last; None when that is not known.
        is_salvaged: whether a crash, or a full disk, had left it.

    Returns:
        The clip; None when there was no whole picture in it, and nothing is left of it.

    Raises:
        OutputError: it cannot be finished now, or not at all; what there is of it is kept.
    """
    archive.note(clip, "finalising")
    folder = archive.folder
    try:
        if folder.clip(clip).is_file():  # killed after the rename
            facts = probe(folder.clip(clip))
        else:
            facts = finish(folder.part(clip), folder.clip(clip), scratch=folder.scratch(clip), end=end)
    except NothingRecorded as error:
        _give_up(archive, clip, error)
        return None
    except OutputError as error:
        _tell_damage(archive, clip, str(error))
        if isinstance(error, WriteFailed):  # what cannot be read stays so
            archive.leftovers.note(str(error))
        raise
    finished = note_facts(archive, clip, facts)
    for path in (folder.part(clip), folder.scratch(clip)):
        with contextlib.suppress(OSError):  # a leftover that the next `sync` deletes
            path.unlink(missing_ok=True)
    archive.publish(_recorded(archive, finished, is_salvaged=is_salvaged))
    return finished


def note_facts(archive: Archive, clip: str, facts: VideoFacts) -> Clip:
    """Write down that a clip is whole, and what it is like; return it."""
    known = {
        "width": facts.width,
        "height": facts.height,
        "duration": facts.duration,
        "frames": facts.frames,
        "size": facts.size,
    }
    if (noted := archive.note(clip, "recorded", problem=None, **known)) is not None:
        return noted
    whole = clip_of(archive.folder, clip, "recorded", facts)
    archive.on_ledger(lambda: archive.ledger.add(whole))  # its row was never written, or was lost
    return whole


def _give_up(archive: Archive, clip: str, error: NothingRecorded) -> None:
    """Delete what holds no picture; keep, and tell, what may hold one that cannot be read."""
    folder = archive.folder
    part = folder.part(clip)
    if part.is_file() and part.stat().st_size >= SMALLEST_LOSS:
        archive.note(clip, "damaged", problem=str(error))
        _tell_damage(archive, clip, str(error))
        raise error
    for path in folder.files(clip):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OutputError):
        archive.ledger.forget(clip)


def _tell_damage(archive: Archive, clip: str, message: str) -> None:
    known = archive.on_ledger(lambda: archive.ledger.get(clip))
    archive.publish(
        ClipDamaged(
            at=archive.clock.now(),
            source=known.source if known else "",
            clip=clip,
            file=str(archive.folder.part(clip)),
            message=message,
        )
    )


def _recorded(archive: Archive, clip: Clip, *, is_salvaged: bool) -> ClipRecorded:
    return ClipRecorded(
        at=archive.clock.now(),
        source=clip.source,
        clip=clip.id,
        file=str(clip.file),
        started_at=clip.started_at.isoformat(timespec="milliseconds"),
        reason=clip.reason,
        duration=clip.duration or 0.0,
        frames=clip.frames or 0,
        size=clip.size or 0,
        is_salvaged=is_salvaged,
    )
