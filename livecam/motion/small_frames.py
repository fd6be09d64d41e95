"""The newest frames, small and grey, by their sequence: all that following faces needs of a frame."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.frames import Frame, Image

Grey: TypeAlias = NDArray[np.uint8]
"""Brightness 0..255, shape (height, width)."""

LONGER_SIDE = 320
"""Pixels of a small frame; of a portrait picture it is the height, so that the cost is the same whichever way
the camera is held. With 240 faces are followed worse and hardly cheaper; 640 helps with the smallest alone
(under a twentieth of the picture's width)."""
MOST_FRAMES = 360
"""Six seconds at 60 fps, up to 37 MB: the bound for a source whose clock stands still."""
FEWEST_FRAMES = 3
"""Kept however old, so that faces are followed on over a gap, also when every second frame is followed."""


def shrunk(image: Image, longer_side: int = LONGER_SIDE) -> Grey:
    """Return a picture (BGR) in grey, its longer side at most so many pixels; never enlarged.

    One bilinear step: 0.1 ms of CPU at 480p, 0.25 at 720p, 0.3 at 1080p, 0.4 at 4K. It aliases, but faces are
    followed as well as on an average of all pixels (up to 3.7 ms), also in a noisy picture.
    """
    height, width = image.shape[:2]
    shrink = min(1.0, longer_side / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    if shrink < 1:
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class SmallFrame:
    """What is remembered of a frame."""

    sequence: int
    """The frame's index in its source."""
    captured_at: float
    """When it was captured, monotonic seconds."""
    media_time: float
    """The file's own time in seconds, as in `Frame`."""
    size: tuple[int, int]
    """Width and height of the frame itself, in pixels."""
    grey: Grey
    scene: int
    """Frames of one number show one scene: no cut lies between them."""


class SmallFrames:
    """Small frames in the order in which they came, forgotten by age and by number.

    Args:
        keep: seconds, by `captured_at`, that a frame is remembered after it was the newest.
        most: frames remembered at most.
    """

    def __init__(self, *, keep: float, most: int = MOST_FRAMES) -> None:
        self._keep = keep
        self._most = most
        self._frames: OrderedDict[int, SmallFrame] = OrderedDict()

    def __len__(self) -> int:
        """Return how many frames are remembered."""
        return len(self._frames)

    @property
    def newest(self) -> SmallFrame | None:
        """The frame that was added last; None when there is none."""
        return next(reversed(self._frames.values()), None)

    def get(self, sequence: int) -> SmallFrame | None:
        """Return a frame by its index in the source; None when it is not remembered."""
        return self._frames.get(sequence)

    def add(self, frame: Frame, grey: Grey, scene: int) -> None:
        """Remember a frame, newer than all that are remembered, and forget what is too old."""
        self._frames[frame.sequence] = SmallFrame(
            sequence=frame.sequence,
            captured_at=frame.captured_at,
            media_time=frame.media_time,
            size=(frame.width, frame.height),
            grey=grey,
            scene=scene,
        )
        while len(self._frames) > FEWEST_FRAMES and self._oldest_is_past(frame.captured_at):
            self._frames.popitem(last=False)

    def clear(self) -> None:
        """Forget every frame."""
        self._frames.clear()

    def _oldest_is_past(self, now: float) -> bool:
        oldest = next(iter(self._frames.values()))
        return len(self._frames) > self._most or now - oldest.captured_at > self._keep
