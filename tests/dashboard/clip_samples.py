"""Recorded clips, and the shelf that a page has them from."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from livecam.archive.clip_writer import ClipWriter
from livecam.archive.finishing import finish_clip
from livecam.compose.web_clips import clip_shelf
from livecam.config import load_settings
from livecam.encoding.h264 import H264Encoder
from livecam.stored_video import Job, JobParameters, S3Place, StoredVideo
from livecam.testing.clock import FakeClock
from tests.archive.samples import OPEN, an_archive, pictures, record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from livecam.clips import Clip
    from livecam.dashboard.clips import ClipShelf

FILM = (320, 240)
MARKS: Mapping[int, str] = {30: "the door", 60: "<b>again</b>"}
"""What a film is marked with, by picture; 30 pictures a second."""


class Recorded:
    """A folder with clips, and what serves them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.archive = an_archive(folder, clock=self.clock)

    @functools.cached_property
    def shelf(self) -> ClipShelf:
        shelf = clip_shelf(load_settings({}), self.archive)
        assert shelf is not None
        return shelf

    def film(self, count: int = 90, *, reason: str = "by hand", marks: Mapping[int, str] = MARKS) -> Clip:
        """Record a clip that a browser plays, each picture of another brightness, marked here and there."""
        encoder = H264Encoder(*FILM)
        shown = pictures(count, size=FILM)
        self.clock.advance(60)
        writer = ClipWriter(
            self.archive, encoder, shown[0], reason=reason, started_at=self.archive.clock.wall()
        )
        OPEN.append(writer)
        for number, picture in enumerate(shown):
            packet = encoder.encode(picture.frame.image, picture.frame.media_time)
            writer.write(packet, picture, [marks[number]] if number in marks else [])
        return self.finish(writer)

    def begin(self) -> ClipWriter:
        """Begin a clip that is still being recorded."""
        self.clock.advance(60)
        return record(self.archive, 5)

    def finish(self, writer: ClipWriter) -> Clip:
        OPEN.remove(writer)
        closed = writer.close(None)
        with closed.lock:
            clip = finish_clip(self.archive, closed.id, end=closed.end, is_salvaged=False)
        assert clip is not None
        return clip

    def upload(self, clip: Clip, **facts: Any) -> None:  # noqa: ANN401  of any field
        video: dict[str, Any] = {"name": clip.id, "state": "stored", "place": place_of(clip)}
        self.archive.ledger.videos.add(StoredVideo(**(video | facts)))

    def analyse(self, clip: Clip, **facts: Any) -> Job:  # noqa: ANN401  of any field
        job: dict[str, Any] = {
            "number": 1,
            "video": clip.id,
            "place": place_of(clip),
            "parameters": JobParameters(),
            "attempt": 1,
            "token": "token",
            "state": "submitted",
            "began_at": self.archive.clock.wall(),
        }
        return self.archive.ledger.jobs.add(Job(**(job | facts)))


def place_of(clip: Clip) -> S3Place:
    return S3Place("bucket", f"films/{clip.id}.mp4")
