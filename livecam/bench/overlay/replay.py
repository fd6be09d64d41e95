"""Goes through a clip once more, for the few pictures of it that are drawn: a whole clip is never held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.bench.overlay.footage import opened
from livecam.bench.overlay.simulation import unheard
from livecam.bench.overlay.truth import ReferenceFrame
from livecam.bench.overlay.walk import Walk
from livecam.native import cv2

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from livecam.bench.overlay.request import Request
    from livecam.frames import Image

MOST_WIDTH = 1280
"""Pixels: what is kept of a larger picture is enough for a tile."""


def read_frames(request: Request, clip: Path | None, indices: Collection[int]) -> dict[int, Image]:
    """Return some frames as the methods saw them: shaken, and without those that were left out.

    Args:
        request: what was simulated.
        clip: a video file; None for the demo scene.
        indices: of frames shown; what the clip does not have is left out.

    Returns:
        BGR images by index, at most `MOST_WIDTH` pixels wide.

    Raises:
        SourceError: the clip cannot be read any more.
    """
    wanted, found = set(indices), dict[int, "Image"]()
    with opened(clip, seconds=request.max_seconds) as footage:
        for frame, _ in Walk(request, footage, _Nobody(), unheard).frames():
            if frame.sequence in wanted:
                found[frame.sequence] = _small(frame.image)
            if len(found) == len(wanted):
                break
    return found


def _small(image: Image) -> Image:
    """Return a copy, since the frame's own picture may be used again; a large one is made smaller."""
    height, width = image.shape[:2]
    if width <= MOST_WIDTH:
        return image.copy()
    size = MOST_WIDTH, max(1, round(height * MOST_WIDTH / width))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(image.dtype, copy=False)


@dataclass(slots=True)
class _Nobody:
    """Tells of no faces; fits `Teller`."""

    description: str = "nobody"
    knows_emotions: bool = False
    length: int | None = None

    def of(self, index: int, t: float, image: Image) -> ReferenceFrame:  # noqa: ARG002  fits `Teller`
        """Return a frame without faces."""
        return ReferenceFrame()
