"""A clip, a file, and a cloud of fakes to send them to."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from livecam.analysis.cloud import Cloud
from livecam.analysis.desk import Desk
from livecam.analysis.targets import Target
from livecam.archive.finishing import finish_clip
from livecam.errors import CloudError
from livecam.stored_video import JobParameters, S3Place, StoredVideo
from livecam.testing.clock import FakeClock
from livecam.testing.fake_clip_store import FakeClipStore
from livecam.testing.fake_face_jobs import FakeFaceJobs
from tests.archive.samples import Events, an_archive, record
from tests.local_aws.video_files import a_detail, a_video

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.archive.archive import Archive
    from livecam.clips import Clip

BUCKET = "clips"


def cloud_error(code: str = "ServiceUnavailable", *, is_lasting: bool = False) -> CloudError:
    return CloudError(f"it said {code}", code=code, blame="service", is_lasting=is_lasting)


def place_of(target: Target) -> S3Place:
    return S3Place(BUCKET, f"films/{target.stem}.mp4")


def faces(count: int = 4) -> list[dict[str, Any]]:
    return [{"Timestamp": 500 * number, "Face": a_detail()} for number in range(count)]


@functools.cache
def film(codec: str = "libx264", container: str = "mp4", pictures: int = 10) -> bytes:
    return a_video(container, codec, pictures=pictures)


def a_clip(archive: Archive, pictures: int = 5) -> Clip:
    """Return a clip that was recorded."""
    closed = record(archive, pictures).close(None)
    with closed.lock:
        clip = finish_clip(archive, closed.id, end=closed.end, is_salvaged=False)
    assert clip is not None
    return clip


@dataclass
class Scene:
    """An archive in a folder, fakes at both seams, and what was told."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    events: Events = field(default_factory=Events)
    store: FakeClipStore = field(default_factory=FakeClipStore)
    jobs: FakeFaceJobs = field(default_factory=FakeFaceJobs)

    @functools.cached_property
    def archive(self) -> Archive:
        return an_archive(self.folder / "clips", clock=self.clock, publish=self.events)

    def cloud(self, **how: Any) -> Cloud:  # noqa: ANN401
        return Cloud(archive=self.archive, store=self.store, jobs=self.jobs, **how)

    def desk(self, **how: Any) -> Desk:  # noqa: ANN401
        made: dict[str, Any] = {"cloud": self.cloud(), "place_for": place_of}
        return Desk(**(made | how))

    def file(self, name: str = "film.mp4", content: bytes | None = None) -> Path:
        """Make a file of the user's own; H.264 unless it is said what is in it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(film() if content is None else content)
        return path

    def waiting(self, path: Path) -> StoredVideo:
        return StoredVideo(str(path), "waiting", file=path, size=path.stat().st_size)

    def target(self, path: Path) -> Target:
        return Target(self.waiting(path), path.stem, "", self.clock.wall())

    def known(self, name: object) -> StoredVideo:
        video = self.archive.ledger.videos.get(str(name))
        assert video is not None
        return video

    def stored(self, name: str = "film.mp4") -> StoredVideo:
        """Return a file that is on S3."""
        path = self.file(name)
        place = S3Place(BUCKET, f"films/{name}", None, "e1")
        video = StoredVideo(str(path), "stored", file=path, place=place, size=path.stat().st_size)
        self.archive.ledger.videos.add(video)
        return video


PARAMETERS = JobParameters()
