"""Files and ledger are made to agree: what a crash left is finished, what a ledger lost is written again.

The files are what counts. Done at every start and by `livecam clips sync`; two at once do not disturb each
other, nor a livecam that is recording: each works only on clips whose lock it holds.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.archive.clip_lock import take_lock
from livecam.archive.finishing import finish_clip, note_facts
from livecam.archive.origin import clip_of
from livecam.archive.purging import remove_files
from livecam.encoding.probe import Unreadable, probe
from livecam.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from livecam.archive.archive import Archive
    from livecam.clips import Clip

log = logging.getLogger(__name__)

SETTLED = ("recorded", "damaged")
"""States in which a clip waits for nothing."""


@dataclass(slots=True)
class SyncReport:
    """What was found and done, by clip."""

    salvaged: list[Clip] = field(default_factory=list)
    """Finished, after a crash had left them."""
    added: list[Clip] = field(default_factory=list)
    """Whole, but the ledger did not know them."""
    empty: list[str] = field(default_factory=list)
    """Begun, but not a single frame was whole: nothing is left of them."""
    forgotten: list[str] = field(default_factory=list)
    """Their files are gone."""
    removed: list[str] = field(default_factory=list)
    """Their deletion had been begun."""
    busy: list[str] = field(default_factory=list)
    """Somebody else is at work on them."""
    failed: dict[str, str] = field(default_factory=dict)
    """Could not be finished, and why."""


def sync(archive: Archive, *, on_clip: Callable[[int, int], None] = lambda _done, _all: None) -> SyncReport:
    """Take up what is unfinished, and bring the ledger up to date.

    Args:
        archive: the clip folder and its ledger.
        on_clip: told how many clips are done, of how many.

    Raises:
        OutputError: the ledger or the folder cannot be used.
    """
    report = SyncReport()
    known = {clip.id: clip for clip in archive.ledger.all()}
    ids = sorted({*archive.folder.ids(), *known})
    for done, clip in enumerate(ids):
        on_clip(done, len(ids))
        if _is_settled(archive, clip, known.get(clip)):
            continue
        try:
            _take_up(archive, clip, report)
        except OutputError as error:
            log.warning("%s", error)
            report.failed[clip] = str(error)
    tidy_locks(archive)
    on_clip(len(ids), len(ids))
    return report


def count_waiting(archive: Archive, clips: Iterable[Clip]) -> int:
    """Return how many clips `sync` would do something about; those that somebody is at work on are not."""
    known = {clip.id: clip for clip in clips}
    ids = {*archive.folder.ids(), *known}
    waiting = [clip for clip in ids if not _is_settled(archive, clip, known.get(clip))]
    return sum(not _is_busy(archive, clip) for clip in waiting)


def tidy_locks(archive: Archive) -> None:
    """Delete what those left whom a kill met when the clip was whole, or before there was anything of it."""
    with contextlib.suppress(OSError, OutputError):  # rubbish, and no more
        for probe in archive.folder.probes():
            probe.unlink(missing_ok=True)
        for clip in archive.folder.locked():
            if (lock := take_lock(archive.folder, clip)) is not None:
                lock.release()


def _is_busy(archive: Archive, clip: str) -> bool:
    try:
        lock = take_lock(archive.folder, clip)
    except OutputError:  # a folder that cannot be written
        return False
    if lock is not None:
        lock.release()
    return lock is None


def _is_settled(archive: Archive, clip: str, row: Clip | None) -> bool:
    folder = archive.folder
    if row is not None and row.state == "damaged":
        return folder.part(clip).is_file() or folder.clip(clip).is_file()
    if folder.part(clip).is_file() or folder.scratch(clip).is_file() or folder.half_copies(clip):
        return False
    has_clip = folder.clip(clip).is_file()
    if row is not None and not has_clip and row.state == "recorded":
        video = archive.ledger.videos.get(clip)
        return video is not None and video.state in ("stored", "removing")  # kept on S3 alone
    if row is None:
        return not has_clip  # a sidecar or a copy without its clip is the user's own business
    return has_clip and row.state in SETTLED


def _take_up(archive: Archive, clip: str, report: SyncReport) -> None:
    try:
        lock = take_lock(archive.folder, clip)
    except OutputError as error:  # a folder that cannot be written
        archive.leftovers.note(str(error))
        raise
    if lock is None:
        report.busy.append(clip)
        return
    with lock:
        for half in archive.folder.half_copies(clip):
            half.unlink(missing_ok=True)
        # Only now: whoever had the lock before may have done it.
        row = archive.ledger.get(clip)
        if _is_settled(archive, clip, row):
            return
        if row is not None and row.state == "purging":
            remove_files(archive, clip)
            report.removed.append(clip)
        elif archive.folder.part(clip).is_file():
            _salvage(archive, clip, row, report)
        elif archive.folder.clip(clip).is_file():
            _add(archive, clip, report)
        else:
            _forget(archive, clip, report)


def _salvage(archive: Archive, clip: str, row: Clip | None, report: SyncReport) -> None:
    if row is None:
        archive.ledger.add(clip_of(archive.folder, clip, "recording", None))
    finished = finish_clip(archive, clip, end=None, is_salvaged=True)
    if finished is None:
        report.empty.append(clip)
    else:
        report.salvaged.append(finished)


def _add(archive: Archive, clip: str, report: SyncReport) -> None:
    """Take a whole clip into the ledger; killed after the rename, or the ledger was lost."""
    with contextlib.suppress(OSError):
        archive.folder.scratch(clip).unlink(missing_ok=True)
    try:
        facts = probe(archive.folder.clip(clip))
    except Unreadable as error:
        if archive.ledger.get(clip) is None:
            archive.ledger.add(clip_of(archive.folder, clip, "damaged", None))
        archive.note(clip, "damaged", problem=str(error))
        report.failed[clip] = str(error)
        return
    if archive.ledger.get(clip) is None:
        archive.ledger.add(clip_of(archive.folder, clip, "recorded", facts))
    report.added.append(note_facts(archive, clip, facts))


def _forget(archive: Archive, clip: str, report: SyncReport) -> None:
    """Take a clip out of the ledger whose video is gone: killed before its first frame, or deleted."""
    row = archive.ledger.get(clip)
    with contextlib.suppress(OSError):
        archive.folder.scratch(clip).unlink(missing_ok=True)
        if row is not None and row.state == "recording":
            archive.folder.sidecar(clip).unlink(missing_ok=True)
    _forget_video(archive, clip)  # first: without the clip's row nobody would come back to it
    if archive.ledger.forget(clip):
        report.forgotten.append(clip)


def _forget_video(archive: Archive, clip: str) -> None:
    """Forget that a clip was to go to S3; what may be there of it stays known, so that it can be deleted."""
    video = archive.ledger.videos.get(clip)
    if video is None or video.state in ("stored", "removing"):
        return
    archive.ledger.jobs.forget_of(clip)
    if video.upload is not None or video.state == "uploading":
        archive.ledger.videos.note(clip, state="removing")
    else:
        archive.ledger.videos.forget(clip)
