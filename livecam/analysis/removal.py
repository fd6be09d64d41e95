"""A video is deleted wherever it is: on S3 with all its versions, then what is here of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.analysis.cloud import results_file
from livecam.analysis.results import SUFFIX, read_results
from livecam.analysis.video_lock import lock_of
from livecam.archive.archive import ClipInUse
from livecam.archive.folder import is_id
from livecam.archive.purging import purge
from livecam.errors import LivecamError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from livecam.archive.archive import Archive
    from livecam.protocols import ClipStore
    from livecam.stored_video import StoredVideo

LEFT_TO_EXPIRE = "what Rekognition keeps of a job (at most 7 days) cannot be deleted"
_MADE = tuple(
    f"{ending}{rest}" for ending in (SUFFIX, ".report.html", ".report.png") for rest in ("", ".part")
)
"""Endings of what is made of a video."""


def remove_everywhere(
    archive: Archive,
    name: str,
    *,
    store_in: Callable[[str], ClipStore],
    reason: str,
    keeps_object: bool = False,
) -> list[str]:
    """Delete a video on S3 and what is here of it; return what could not be deleted, each in one sentence.

    Of a clip all its files go; of what is no clip the results and the report, and never the user's own file.
    What is left on S3 stays in the ledger, so that it can be tried again; the files here go all the same.

    Args:
        archive: that knows it.
        name: a clip's id, or what the ledger calls another video.
        store_in: returns the store of a bucket.
        reason: for the events.
        keeps_object: whether what is on S3 stays, unless its deletion was begun.

    Raises:
        ClipInUse: it is being recorded, uploaded or fetched; nothing was deleted.
        OutputError: its files, or what is known of it, cannot be deleted.
    """
    lock = lock_of(archive, name)
    if lock is None:
        raise ClipInUse(f"{name} is being recorded or worked on; try again when that is over")
    with lock:
        video = archive.ledger.videos.get(name)
        left = []
        if video is not None and (not keeps_object or video.state == "removing"):
            left = _remove_object(archive, video, store_in)
        made = [] if is_id(name) or video is None else _made_of(archive, video)
        archive.ledger.jobs.forget_of(name)  # first: nobody is to fetch results from now on
        left += _delete(made)
    if is_id(name):
        try:
            purge(archive, name, reason=reason)
        except LivecamError as error:
            if video is None:
                raise
            left.append(str(error))
    if not left:
        archive.ledger.videos.forget(name)
    return left


def left_on_s3(archive: Archive) -> list[str]:
    """Return the names of videos of which something may be left on S3 though they were deleted here.

    They are ids of clips that are gone here, also those that were older than what is kept, or what the ledger
    calls other videos.
    """
    known = {clip.id for clip in archive.ledger.all()}
    videos = [video for video in archive.ledger.videos.all() if video.name not in known]
    return [
        video.name
        for video in videos
        if video.state == "removing" or (is_id(video.name) and video.state == "stored")
    ]


def _made_of(archive: Archive, video: StoredVideo) -> list[Path]:
    """Return the results of what is no clip, and the report beside them, that are there."""
    noted = [job.results for job in archive.ledger.jobs.of(video.name) if job.results is not None]
    made = []
    for results in dict.fromkeys([*noted, results_file(archive, video)]):
        if _video_of(results) == video.name or (results in noted and _video_of(results) is None):
            made += [results.with_name(results.name.removesuffix(SUFFIX) + each) for each in _MADE]
    return [path for path in made if path.is_file()]


def _video_of(results: Path) -> str | None:
    """Return whose results a file holds; None where it is not there, or damaged."""
    try:
        return read_results(results).text("video")
    except OutputError:
        return None


def _delete(paths: Iterable[Path]) -> list[str]:
    left = []
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            left.append(f"{path} cannot be deleted: {error.strerror}")
    return left


def _remove_object(archive: Archive, video: StoredVideo, store_in: Callable[[str], ClipStore]) -> list[str]:
    place = video.place
    if place is None or (video.state == "refused" and video.upload is None):
        return []
    archive.ledger.videos.note(video.name, state="removing")
    try:
        store_in(place.bucket).remove(place, upload=video.upload)
    except LivecamError as error:
        return [f"{place.uri}: {error}"]
    return []
