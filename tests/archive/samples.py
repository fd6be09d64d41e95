"""An archive in a folder of the test's own, and pictures to be recorded into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.archive.archive import Archive
from livecam.archive.clip_writer import ClipWriter
from livecam.archive.folder import ClipFolder
from livecam.encoding.h264 import H264Encoder
from livecam.frames import Frame
from livecam.pictures import FaceLabel, Picture
from livecam.state.ledger import Ledger
from livecam.testing.clock import FakeClock
from tests.builders import a_label, a_status

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.events import Event

SIZE = (64, 48)
OPEN: list[ClipWriter] = []
"""Clips that a test has begun; closed after it."""


class Events:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.told: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.told.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.told if isinstance(event, kind)]


def an_archive(path: Path, *, clock: Clock | None = None, publish: Events | None = None) -> Archive:
    clock = clock or FakeClock()
    archive = Archive(
        folder=ClipFolder(path),
        ledger=Ledger(path, clock=clock),
        clock=clock,
        publish=publish or Events(),
    )
    archive.folder.make()
    return archive


def a_picture_at(
    time: float, *labels: FaceLabel, sequence: int | None = None, size: tuple[int, int] = SIZE
) -> Picture:
    """Return a picture that can be told from every other by its brightness, captured at that media time."""
    number = round(time * 30) if sequence is None else sequence
    image = np.full((size[1], size[0], 3), 40 + number * 7 % 180, np.uint8)
    frame = Frame("test", number, 1_000_000.0 + time, time, image)
    return Picture(frame, labels, a_status(), 1_000_000.0 + time + 0.01)


def pictures(
    count: int, *, since: float = 0.0, fps: float = 30.0, size: tuple[int, int] = SIZE
) -> list[Picture]:
    return [
        a_picture_at(since + index / fps, a_label(), sequence=round(since * fps) + index, size=size)
        for index in range(count)
    ]


def record(archive: Archive, count: int = 10, *, reason: str = "all") -> ClipWriter:
    """Return a clip with some frames that is still being recorded."""
    encoder = H264Encoder(*SIZE)
    shown = pictures(max(count, 1))
    writer = ClipWriter(archive, encoder, shown[0], reason=reason, started_at=archive.clock.wall())
    OPEN.append(writer)
    for picture in shown[:count]:
        writer.write(encoder.encode(picture.frame.image, picture.frame.media_time), picture)
    return writer


def left_by_a_crash(archive: Archive, count: int = 10) -> str:
    """Return the id of a clip whose livecam was killed: its lock is free, and it was not closed."""
    writer = record(archive, count)
    writer._lock.release()
    writer._part.close()
    writer._sidecar.close()
    return writer.id
