"""Carrying out `livecam clips purge`: what is meant, the question, what became of it."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from livecam.archive.folder import is_id
from livecam.cli.clips import found
from livecam.errors import LivecamError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from livecam.archive.archive import Archive
    from livecam.clips import Clip
    from livecam.protocols import ClipStore
    from livecam.stored_video import StoredVideo


def doomed_of(
    archive: Archive, named: Sequence[str], *, purge_all: bool, older_than: float | None
) -> tuple[list[Clip], list[StoredVideo]]:
    """Return the clips, and the videos that are no clips, of which something is to be deleted.

    Args:
        archive: that knows them.
        named: whole ids, files of clips, files and s3:// addresses that were sent or analysed, or "last".
        purge_all: whether everything is meant.
        older_than: days before now; clips that began earlier are meant.

    Raises:
        UsageError: a text names nothing that can be deleted.
    """
    from livecam.analysis.removal import left_on_s3
    from livecam.archive.origin import clip_of

    known = {clip.id: clip for clip in archive.ledger.all()}
    left = {
        each: clip_of(archive.folder, each, "purging", None) for each in left_on_s3(archive) if is_id(each)
    }
    others = {video.name: video for video in archive.ledger.videos.all() if not is_id(video.name)}
    if purge_all:
        unknown = [each for each in archive.folder.ids() if each not in known | left]
        rest = (clip_of(archive.folder, each, "recorded", None) for each in unknown)
        return [*known.values(), *left.values(), *rest], list(others.values())
    clips: dict[str, Clip] = {}
    videos: dict[str, StoredVideo] = {}
    for text in named:
        if (video := others.get(_name_of(text))) is not None:
            videos[video.name] = video
        else:
            clip = left.get(text) or found(archive, text, is_exact=True)
            clips[clip.id] = clip
    if older_than is not None:
        since = archive.clock.wall() - timedelta(days=older_than)
        clips |= {clip.id: clip for clip in (known | left).values() if clip.started_at < since}
    return list(clips.values()), list(videos.values())


def ask(
    clips: Sequence[Clip],
    videos: Sequence[StoredVideo],
    *,
    keeps_found: bool,
    ledgers: Sequence[Path] = (),
) -> None:
    """Have a person confirm the deletion.

    Args:
        clips: will be deleted.
        videos: their objects, results and reports will be.
        keeps_found: whether objects stay that livecam did not send.
        ledgers: damaged ones that had been moved aside; they will be deleted too.

    Raises:
        UsageError: there is nobody to ask.
        typer.Abort: no.
    """
    from livecam.cli.clip_text import clip_table

    if not sys.stdin.isatty():
        what = f"{len(clips)} clips" + (f" and what was made of {len(videos)} other videos" if videos else "")
        raise UsageError(f"{what} would be deleted for good; give --yes to do so")
    print(*clip_table(clips), sep="\n", file=sys.stderr)
    if clips:
        print("with what was said of them, copies, results and reports, here and on S3", file=sys.stderr)
    for video in videos:
        is_kept = keeps_found and video.name.startswith("s3://")
        place = "" if video.place is None or is_kept else f"{video.place.uri}, "
        print(f"of {video.name}: {place}results, report", file=sys.stderr)
    for ledger in ledgers:
        print(f"a damaged ledger that was moved aside: {ledger}", file=sys.stderr)
    typer.confirm("Delete these for good?", abort=True, err=True)


def carried_out(
    archive: Archive,
    names: Iterable[str],
    store_in: Callable[[str], ClipStore],
    *,
    keeps_found: bool,
) -> tuple[list[str], dict[str, str]]:
    """Delete videos here and on S3; return which are gone, and of the others why not."""
    from livecam.analysis.removal import remove_everywhere

    removed, kept = [], {}
    for name in names:
        try:
            left = remove_everywhere(
                archive,
                name,
                store_in=store_in,
                reason="by hand",
                keeps_object=keeps_found and name.startswith("s3://"),
            )
        except LivecamError as error:
            left = [str(error)]
        if left:
            kept[name] = "; ".join(left)
        else:
            removed.append(name)
    return removed, kept


def rest_removed(archive: Archive) -> tuple[list[str], dict[str, str]]:
    """Delete what livecam has left besides clips: damaged ledgers, stale locks; return as `carried_out`."""
    from livecam.archive.purging import remove_set_aside
    from livecam.archive.syncing import tidy_locks

    tidy_locks(archive)
    return remove_set_aside(archive)


def outcome_text(archive: Archive, removed: Sequence[str], kept: dict[str, str]) -> tuple[str, list[str]]:
    """Return what is said of a deletion: what is gone, and a line for each that is not."""
    from livecam.analysis.removal import left_on_s3

    clips = sum(map(is_id, removed))
    count = "1 clip" if clips == 1 else f"{clips} clips"
    if others := len(removed) - clips:
        count += f" and what was made of {'1 other video' if others == 1 else f'{others} other videos'}"
    left = set(left_on_s3(archive))
    problems = []
    for name, why in kept.items():
        begin = "not deleted"
        if name in left:
            begin = "its files here are gone, on S3 is left" if is_id(name) else "left on S3"
        problems.append(f"{begin}: {name}: {why}")
    return f"{count} deleted", problems


def _name_of(text: str) -> str:
    """Return the name that the ledger has for what is no clip."""
    return text if text.startswith("s3://") else os.path.abspath(text)  # noqa: PTH100  keeps links
