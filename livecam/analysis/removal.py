"""A clip is deleted wherever it is: on S3 with all its versions, then on this machine with its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.analysis.video_lock import lock_of
from livecam.archive.archive import ClipInUse
from livecam.archive.folder import is_id
from livecam.archive.purging import purge
from livecam.errors import CloudError, LivecamError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.archive.archive import Archive
    from livecam.protocols import ClipStore
    from livecam.stored_video import StoredVideo

LEFT_TO_EXPIRE = "what Rekognition keeps of a job (at most 7 days) cannot be deleted"


def remove_everywhere(
    archive: Archive, clip: str, *, store_in: Callable[[str], ClipStore], reason: str
) -> list[str]:
    """Delete a clip on S3 and here; return what could not be deleted, each in one sentence.

    What is left on S3 stays in the ledger, so that it can be tried again; the files here go all the same.

    Args:
        archive: whose clip.
        clip: its id.
        store_in: returns the store of a bucket.
        reason: for the events.

    Raises:
        ClipInUse: it is being recorded, uploaded or fetched; nothing was deleted.
        OutputError: its files, or what is known of it, cannot be deleted.
    """
    lock = lock_of(archive, clip)
    if lock is None:
        raise ClipInUse(f"{clip} is being recorded or worked on; try again when that is over")
    with lock:
        video = archive.ledger.videos.get(clip)
        left = _remove_object(archive, video, store_in) if video is not None else []
        archive.ledger.jobs.forget_of(clip)  # first: nobody is to fetch results from now on
    try:
        purge(archive, clip, reason=reason)
    except LivecamError as error:
        if video is None:
            raise
        left.append(str(error))
    if not left:
        archive.ledger.videos.forget(clip)
    return left


def left_on_s3(archive: Archive) -> list[str]:
    """Return the ids of clips that are gone here, and of which something may be left on S3."""
    known = {clip.id for clip in archive.ledger.all()}
    videos = [video for video in archive.ledger.videos.all() if video.state == "removing"]
    return [video.name for video in videos if is_id(video.name) and video.name not in known]


def _remove_object(archive: Archive, video: StoredVideo, store_in: Callable[[str], ClipStore]) -> list[str]:
    place = video.place
    if place is None or (video.state == "refused" and video.upload is None):
        return []
    archive.ledger.videos.note(video.name, state="removing")
    try:
        store_in(place.bucket).remove(place, upload=video.upload)
    except CloudError as error:
        return [f"{place.uri}: {error}"]
    return []
