"""Videos are stored and analysed, one after the other; what fails is told and holds nothing else up."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from livecam.analysis.cloud import has_changed, object_stem, plain_name
from livecam.analysis.jobs import UNFINISHED, submit
from livecam.analysis.uploading import NoVideo, VideoRefused, upload, why_not
from livecam.archive.film import transcode
from livecam.archive.folder import is_id
from livecam.errors import CloudError, LivecamError, OutputError
from livecam.whole_file import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from livecam.analysis.cloud import Cloud
    from livecam.analysis.targets import Target
    from livecam.stored_video import Job, S3Place, StoredVideo


UNUSABLE = ("BucketElsewhere", "NoSuchBucket")
"""What Rekognition could read nothing in. Who may not look at a bucket may be able to write to it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one video."""

    video: StoredVideo
    job: Job | None = None
    problem: str | None = None
    """What went wrong, in one sentence."""

    @property
    def is_open(self) -> bool:
        """Whether a job of it is on its way."""
        return self.job is not None and self.job.state in UNFINISHED


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Does for each video what is asked for.

    Args:
        cloud: where to.
        place_for: returns where on S3 a video goes.
        is_forced: whether videos are sent that Rekognition would refuse.
        transcodes: whether an H.264 copy is sent in their place.
        is_anew: whether what was analysed is analysed again.
        on_bytes: told a video's name and how many of its bytes are on S3, of how many.
    """

    cloud: Cloud
    place_for: Callable[[Target], S3Place]
    is_forced: bool = False
    transcodes: bool = False
    is_anew: bool = False
    on_bytes: Callable[[str, int, int], None] = lambda _name, _done, _of: None
    _has_bucket: list[bool] = field(default_factory=list, init=False)
    """True in it once the bucket was found where it can be analysed."""

    def want(self, target: Target, *, is_analysed: bool) -> StoredVideo:
        """Write down that a video is to be stored, so that the next start knows of it whatever happens now.

        Raises:
            OutputError: the ledger cannot be written.
        """
        wanted = replace(
            target.video,
            place=self._place(target),
            wants_analysis=is_analysed or target.video.wants_analysis,
        )
        videos = self.cloud.archive.ledger.videos
        known = videos.get(wanted.name)
        if target.video.state == "waiting" and known and known.state == "stored" and has_changed(known):
            # The file is another one by now; what is there stays, and what was found out of it.
            videos.note(
                wanted.name, state="waiting", place=None, upload=None, size=wanted.size, checksum=None
            )
        return videos.want(wanted)

    def store(self, target: Target) -> Outcome:
        """Put a video on S3, unless it is there."""
        return self._stored(target, is_analysed=False)

    def analyse(self, target: Target) -> Outcome:
        """Put a video on S3, unless it is there, and have it analysed, unless it was."""
        outcome = self._stored(target, is_analysed=True)
        if outcome.problem is not None:
            return outcome
        try:
            job = submit(self.cloud, outcome.video, is_anew=self.is_anew)
            self.cloud.archive.ledger.videos.note(outcome.video.name, wants_analysis=False)
            return Outcome(outcome.video, job)
        except LivecamError as error:
            return Outcome(outcome.video, self._newest_job(outcome.video), problem=str(error))

    def _stored(self, target: Target, *, is_analysed: bool) -> Outcome:
        video = target.video
        try:
            if video.state == "stored":
                return Outcome(self._known(video))
            video = self.want(target, is_analysed=is_analysed)
            if is_analysed:
                self._require_bucket()
            with self._copy(video) as copy:
                stored = upload(
                    self.cloud,
                    video,
                    video.place or self._place(target),
                    copy=copy,
                    is_forced=self.is_forced,
                    on_bytes=lambda done, of: self.on_bytes(video.name, done, of),
                )
            return Outcome(stored)
        except LivecamError as error:
            return Outcome(self._as_known(video), problem=_with_way_out(error))

    def _place(self, target: Target) -> S3Place:
        """Return where a video goes: never where another file goes, from whatever folder, or an earlier one.

        An upload that was begun goes on where it was begun: its parts would stay there, and be paid for.
        """
        video = target.video
        stem = target.stem if is_id(video.name) else object_stem(video)
        place, begun = self.place_for(replace(target, stem=stem)), video.place
        if video.upload is None or begun is None or begun.bucket != place.bucket or has_changed(video):
            return place
        return begun

    def _require_bucket(self) -> None:
        """Raise where nothing that is uploaded could be analysed; anything else is told by the upload."""
        store = self.cloud.store
        if store is None or self._has_bucket:
            return
        try:
            store.check()
        except CloudError as error:
            if error.code in UNUSABLE:
                raise
        self._has_bucket.append(True)

    def _as_known(self, video: StoredVideo) -> StoredVideo:
        with contextlib.suppress(OutputError):  # it has been told why
            return self.cloud.archive.ledger.videos.get(video.name) or video
        return video

    def _newest_job(self, video: StoredVideo) -> Job | None:
        with contextlib.suppress(OutputError):
            return next(reversed(self.cloud.archive.ledger.jobs.of(video.name)), None)
        return None

    def _known(self, video: StoredVideo) -> StoredVideo:
        """Return a stored video with all that a job's token is made of; what was named may be new to us."""
        videos = self.cloud.archive.ledger.videos
        if video.place is not None and video.place.etag is None and self.cloud.store is not None:
            store = self.cloud.store
            video = replace(video, place=store.describe(video.place), size=store.size_of(video.place))
        if videos.get(video.name) is None:
            videos.add(video)
        return video

    @contextlib.contextmanager
    def _copy(self, video: StoredVideo) -> Iterator[Path | None]:
        """Give what is sent in a video's place where Rekognition would refuse it; gone afterwards."""
        file = video.file if self.transcodes and video.state != "stored" else None
        if file is None or why_not(file) is None:
            yield None
            return
        folder = self.cloud.archive.folder.path / ".livecam" / "transcoded"
        make_folder(folder)
        copy = folder / f"{plain_name(video.name)}.mp4"
        try:
            transcode(file, copy)
            yield copy
        finally:
            with contextlib.suppress(OSError):
                copy.unlink(missing_ok=True)


def finish(
    outcomes: Sequence[Outcome], jobs: Sequence[Job], problems: Mapping[int, str] | None = None
) -> list[Outcome]:
    """Return outcomes with what became of their jobs meanwhile.

    Args:
        outcomes: as they were.
        jobs: those that have come further.
        problems: why a job is waited for no more, by its number.
    """
    newest = {job.number: job for job in jobs}
    finished = []
    for outcome in outcomes:
        job = newest.get(outcome.job.number, outcome.job) if outcome.job else None
        problem = (problems or {}).get(job.number, outcome.problem) if job else outcome.problem
        if job is not None and job.state == "fetched":  # what went wrong before did not matter
            problem = None
        if job is not None and job.state in ("failed", "expired"):
            problem = job.message or job.state
        finished.append(replace(outcome, job=job, problem=problem))
    return finished


def _with_way_out(error: LivecamError) -> str:
    if isinstance(error, VideoRefused) and not isinstance(error, NoVideo):
        return f"{str(error).removesuffix('.')}; --transcode sends an H.264 copy, --force sends it as it is"
    return str(error)
