"""A sink that keeps what it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture


class RecordingSink:
    """Fits `FrameSink`; remembers every call."""

    def __init__(self) -> None:
        self.infos: list[SourceInfo] = []
        """What it was opened with."""
        self.pictures: list[Picture] = []
        self.closes = 0
        """How often it was closed."""

    @property
    def sequences(self) -> list[int]:
        """Indices of the frames it was given, in the order in which they came."""
        return [picture.frame.sequence for picture in self.pictures]

    def open(self, info: SourceInfo) -> None:
        """Remember what the source is."""
        self.infos.append(info)

    def write(self, picture: Picture) -> None:
        """Remember a picture."""
        self.pictures.append(picture)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closes += 1
