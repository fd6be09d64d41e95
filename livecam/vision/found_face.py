"""A face as the finder sees it: a box and five points, in pixels of the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POINT_KINDS = ("eyeLeft", "eyeRight", "nose", "mouthLeft", "mouthRight")
"""What the five points are, in the finder's order; left means the image's left."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """One face of one image. The box may reach beyond the image's edges."""

    left: float
    """Pixels, as the other edges."""
    top: float
    right: float
    bottom: float
    score: float
    """0..1, the height of the finder's peak."""
    points: NDArray[np.float32]
    """Shape (5, 2): x and y in pixels, in the order of `POINT_KINDS`."""

    @property
    def width(self) -> float:
        """Width of the box in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height of the box in pixels."""
        return self.bottom - self.top
