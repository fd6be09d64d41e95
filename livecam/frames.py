"""A frame: one picture and when it was taken. No decoding, no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    Image: TypeAlias = NDArray[np.uint8]
    """Pixels in OpenCV's order: shape (height, width, 3), BGR, 0-255."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture from a source. The image is shared between threads: never write into it."""

    source: str
    """Id of the source; in every event, trace line and ledger row."""
    sequence: int
    """0-based index in the source, without gaps: a dropped frame keeps its number."""
    captured_at: float
    """Instant of arrival, monotonic seconds."""
    media_time: float
    """The file's own time in seconds, else `captured_at` minus the start."""
    image: Image
    """BGR pixels, shape (height, width, 3)."""
    name: str | None = None
    """File name of a still; None for a picture of a video."""

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.image.shape[0])

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.image.shape[1])


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source turned out to deliver once it was open."""

    source: str
    """Id of the source."""
    description: str
    """For people, such as "camera 0 (V4L2, MJPG)"; never holds a credential."""
    width: int
    """Width in pixels, as granted."""
    height: int
    """Height in pixels, as granted."""
    fps: float | None
    """Nominal frames per second, as granted; None when the source does not say."""
    duration: float | None = None
    """Length in seconds; None when it has no known end."""
    notice: str | None = None
    """A sentence that must be shown with every picture of this source."""
    is_live: bool = True
    """False when frames wait for their reader, so that none needs to be dropped."""
    are_stills: bool = False
    """True for pictures that have nothing to do with each other: each is held until it is answered."""
