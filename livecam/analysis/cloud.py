"""What all work on stored video needs: the archive, where videos go, who analyses them, and for how much."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.analysis.results import results_file as beside
from livecam.archive.folder import is_id
from livecam.errors import OutputError
from livecam.pricing import US_EAST
from livecam.stored_video import JobParameters

if TYPE_CHECKING:
    from livecam.archive.archive import Archive
    from livecam.pricing import PriceTable
    from livecam.protocols import ClipStore, FaceJobs
    from livecam.stored_video import StoredVideo


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """May be used from any thread."""

    archive: Archive
    store: ClipStore | None
    """None where nothing is uploaded."""
    jobs: FaceJobs
    parameters: JobParameters = field(default_factory=JobParameters)
    prices: PriceTable = US_EAST
    keeps_local: bool = True
    """Whether a clip stays on this machine when it is proved to be stored."""

    def price(self, minutes: float) -> float:
        """Return US dollars for analysing so many minutes; see the price table for what is unconfirmed."""
        return minutes * self.prices.clip_minute()


def results_file(archive: Archive, video: StoredVideo) -> Path:
    """Return where the results of a video go: beside it, or into the clip folder."""
    if is_id(video.name):
        return beside(archive.folder.path / video.name)
    if not video.name.startswith("s3://"):
        return beside(Path(video.name))
    return beside(archive.folder.path / plain_name(video.name))


def object_stem(video: StoredVideo) -> str:
    """Return what a file's object is named after: another name once the file has changed.

    Raises:
        OutputError: the file is gone, or cannot be looked at.
    """
    if video.file is None:
        return plain_name(video.name)
    try:
        facts = video.file.stat()
    except OSError as error:
        raise OutputError(f"{video.file} cannot be read: {error.strerror or error}") from error
    return plain_name(video.name, facts.st_size, facts.st_mtime_ns)


def has_changed(video: StoredVideo) -> bool:
    """Say whether a file is another one than what has a place on S3; a clip never is.

    Raises:
        OutputError: the file is gone, or cannot be looked at.
    """
    if is_id(video.name) or video.file is None or video.place is None:
        return False
    return object_stem(video) not in video.place.key


def plain_name(video: str, *facts: int) -> str:
    """Return a file's name, without its ending, for a video's; no two videos have the same.

    Args:
        video: its name.
        facts: what else makes it another one.
    """
    last = re.sub(r"[^A-Za-z0-9._-]+", "-", video.rpartition("/")[2].rpartition(".")[0])[:80].lstrip(".-")
    told = "\0".join((video, *map(str, facts)))
    mark = hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{last or 'video'}-{mark}"
