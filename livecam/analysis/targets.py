"""What a person names to be stored or analysed: a clip, a file, a folder of them, an object on S3."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.analysis.cloud import has_changed
from livecam.archive.folder import is_id
from livecam.errors import UsageError
from livecam.stored_video import S3Place, StoredVideo

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from livecam.archive.archive import Archive
    from livecam.clips import Clip

VIDEO_SUFFIXES = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm")
"""Of files that are taken for videos in a folder; what Rekognition would refuse is told, not left out."""

_UNSENT = ("waiting", "uploading")


@dataclass(frozen=True, slots=True)
class Target:
    """A video, and what its object is named after."""

    video: StoredVideo
    stem: str
    """Name without an ending."""
    source: str
    began_at: datetime
    """Wall time, UTC."""


def targets_of(archive: Archive, texts: Iterable[str], *, find: Callable[[str], Clip]) -> list[Target]:
    """Return the videos that texts name, each once.

    Args:
        archive: whose clips can be named.
        texts: s3://BUCKET/KEY, a file, a folder, or what `find` knows.
        find: returns the clip that a text names; raises `UsageError`.

    Raises:
        UsageError: a text names nothing.
    """
    found: dict[str, Target] = {}
    for text in texts:
        for target in _targets(archive, text, find):
            found.setdefault(target.video.name, target)
    return list(found.values())


def unstored(archive: Archive) -> list[Target]:
    """Return the finished clips that are not on S3, then whatever else waits for its upload."""
    clips = [clip for clip in archive.ledger.all() if clip.state == "recorded"]
    targets = [clip_target(archive, clip) for clip in clips]
    found = {target.video.name: target for target in targets if target.video.state != "stored"}
    for target in begun(archive, is_analysed=False):
        found.setdefault(target.video.name, target)
    return list(found.values())


def begun(archive: Archive, *, is_analysed: bool = True) -> list[Target]:
    """Return the videos that something was begun with and not brought to its end.

    Args:
        archive: that knows them.
        is_analysed: whether what counts is the analysis: those that one is wanted of, or under way; else
            those that wait for their upload.
    """
    unfinished = {job.video for job in archive.ledger.jobs.unfinished()}
    return [
        _again(archive, video)
        for video in archive.ledger.videos.all()
        if (_waits_for_analysis(video, unfinished) if is_analysed else video.state in _UNSENT)
    ]


def _waits_for_analysis(video: StoredVideo, unfinished: Collection[str]) -> bool:
    if video.state not in (*_UNSENT, "stored"):  # refused, or being deleted
        return False
    return video.wants_analysis or video.name in unfinished


def _again(archive: Archive, video: StoredVideo) -> Target:
    clip = archive.ledger.get(video.name) if is_id(video.name) else None
    if clip is not None:
        return clip_target(archive, clip)
    stem = video.name.rpartition("/")[2].rpartition(".")[0] or "video"
    return Target(video, stem, "", archive.clock.wall())


def clip_target(archive: Archive, clip: Clip) -> Target:
    """Return a clip as a target."""
    file = archive.folder.clip(clip.id)
    known = archive.ledger.videos.get(clip.id)
    video = known or StoredVideo(clip.id, "waiting", file=file, size=clip.size)
    return Target(video, clip.id, clip.source, clip.started_at)


def _targets(archive: Archive, text: str, find: Callable[[str], Clip]) -> list[Target]:
    if text.startswith("s3://"):
        return [_object(archive, text)]
    path = Path(text)
    if path.is_dir():
        return _folder(archive, path)
    if path.is_file() and not _is_clip(archive, path):
        return [_file(archive, path)]
    clip = find(text)
    if clip.state != "recorded":
        raise UsageError(f"{clip.id} is not finished ({clip.state}); `livecam clips sync` takes it up")
    return [clip_target(archive, clip)]


def _object(archive: Archive, uri: str) -> Target:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not bucket or not key or key.endswith("/"):
        raise UsageError(f"{uri} is no object on S3; give s3://BUCKET/KEY")
    video = archive.ledger.videos.get(uri) or StoredVideo(uri, "stored", place=S3Place(bucket, key))
    stem = key.rpartition("/")[2].rpartition(".")[0] or "video"
    return Target(video, stem, "", archive.clock.wall())


def _folder(archive: Archive, path: Path) -> list[Target]:
    if _plain(path) == archive.folder.path:
        clips = [clip for clip in archive.ledger.all() if clip.state == "recorded"]
        return [clip_target(archive, clip) for clip in clips]
    files = sorted(
        each for each in path.iterdir() if each.suffix.lower() in VIDEO_SUFFIXES and each.is_file()
    )
    if not files:
        raise UsageError(f"there is no video in {path}; looked for {', '.join(VIDEO_SUFFIXES)}")
    return [_file(archive, file) for file in files]


def _file(archive: Archive, path: Path) -> Target:
    path = _plain(path)
    known = archive.ledger.videos.get(str(path))
    if known is None or (known.state != "removing" and has_changed(known)):
        known = StoredVideo(str(path), "waiting", file=path, size=path.stat().st_size)
    return Target(known, path.stem, "", archive.clock.wall())


def _is_clip(archive: Archive, path: Path) -> bool:
    return _plain(path).parent == archive.folder.path and is_id(path.name.partition(".")[0])


def _plain(path: Path) -> Path:
    """Return an absolute path without dots in it; links are left as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100  resolve() would follow links
