"""A video goes to S3: looked at first, proved afterwards, each step written down before it is taken."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.analysis.video_lock import lock_of
from livecam.archive.archive import ClipInUse
from livecam.archive.folder import is_id
from livecam.encoding.probe import probe, why_refused
from livecam.errors import LivecamError, OutputError, UsageError
from livecam.events import ClipStored, UploadFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.analysis.cloud import Cloud
    from livecam.stored_video import S3Place, StoredVideo, Upload, VideoState

log = logging.getLogger(__name__)


class VideoRefused(UsageError):
    """Rekognition would not take the video, so that it is not sent."""


class NoVideo(VideoRefused):
    """It cannot be read as a video at all, so that no copy of it could be made either."""


def upload(
    cloud: Cloud,
    video: StoredVideo,
    place: S3Place,
    *,
    copy: Path | None = None,
    is_forced: bool = False,
    on_bytes: Callable[[int, int], None] = lambda _done, _of: None,
) -> StoredVideo:
    """Upload a video, or go on with it; return it as it is stored. What is stored is not sent again.

    Args:
        cloud: where to.
        video: with a file.
        place: its bucket and key.
        copy: a file that is sent in its place.
        is_forced: whether it is sent even though Rekognition would refuse it.
        on_bytes: told how many bytes are there, of how many.

    Raises:
        VideoRefused: it is no video that Rekognition would take; says why.
        ClipInUse: somebody else is at work on it.
        UsageError: it has no file, or is being deleted.
        CloudError: S3 did not take it; it waits in the ledger.
        OutputError: the file cannot be read, or changed meanwhile.
    """
    lock = lock_of(cloud.archive, video.name)
    if lock is None:
        raise ClipInUse(f"{video.name} is being recorded or worked on; try again when that is over")
    with lock:
        known = cloud.archive.ledger.videos.want(replace(video, place=place))
        if known.state == "stored":
            return known
        if known.state == "removing":  # what is written down is what is left of it on S3
            raise UsageError(f"{video.name} is being deleted: something of it is left on S3")
        file = copy or known.file
        try:
            return _uploaded(cloud, known, file, is_forced=is_forced, on_bytes=on_bytes)
        except LivecamError as error:
            _tell(cloud, known, error)
            raise


def _uploaded(
    cloud: Cloud,
    video: StoredVideo,
    file: Path | None,
    *,
    is_forced: bool,
    on_bytes: Callable[[int, int], None],
) -> StoredVideo:
    place = video.place
    if file is None or place is None or cloud.store is None:
        raise UsageError(f"{video.name} has no file on this machine that could be uploaded")
    if not is_forced:
        _require_taken(file)
    videos = cloud.archive.ledger.videos

    def note_upload(begun: Upload | None) -> None:
        videos.note(video.name, upload=begun)

    videos.note(video.name, state="uploading", problem=None)
    size = _size(file)
    stored_at, checksum = cloud.store.store(
        file,
        place.key,
        upload=video.upload,
        on_upload=note_upload,
        on_bytes=on_bytes,
    )
    stored = videos.note(
        video.name, state="stored", place=stored_at, checksum=checksum, size=size, upload=None, problem=None
    )
    archive = cloud.archive
    archive.publish(
        ClipStored(at=archive.clock.now(), source="", clip=video.name, uri=stored_at.uri, size=size)
    )
    if not cloud.keeps_local and is_id(video.name):  # never a file that is the user's own
        with contextlib.suppress(OSError):
            archive.folder.clip(video.name).unlink()
    return stored or replace(video, state="stored", place=stored_at, checksum=checksum, size=size)


def why_not(file: Path) -> str | None:
    """Return why Rekognition would not take a file, in one sentence; None when it would."""
    try:
        return why_refused(probe(file))
    except OutputError as error:
        return str(error)


def _require_taken(file: Path) -> None:
    try:
        reason = why_refused(probe(file))
    except OutputError as error:
        raise NoVideo(f"{file} is not uploaded: {error}") from error
    if reason is not None:
        raise VideoRefused(f"{file} is not uploaded: {reason}")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise OutputError(f"{file} cannot be read: {error.strerror or error}") from error


def _tell(cloud: Cloud, video: StoredVideo, error: LivecamError) -> None:
    is_refused = isinstance(error, VideoRefused)
    archive = cloud.archive
    state: VideoState = "refused" if is_refused else "waiting"
    try:
        archive.ledger.videos.note(video.name, state=state, problem=str(error))
    except OutputError as unwritten:  # what stands there, "uploading", is taken up again as well
        log.warning("%s", unwritten)
    archive.publish(
        UploadFailed(
            at=archive.clock.now(),
            source="",
            clip=video.name,
            error=str(getattr(error, "code", type(error).__name__)),
            message=str(error),
            is_refused=is_refused,
        )
    )
