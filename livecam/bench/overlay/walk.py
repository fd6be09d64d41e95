"""One walk through a clip: the frames as they are shown, and what a detector would see in each.

Pictures are left out (`speed`) and cut out (`shake`) here; everything after sees a smaller, quicker clip.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.overlay.reference import WHOLE, Reference
from livecam.bench.overlay.shake import ShakingCamera
from livecam.frames import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from livecam.bench.overlay.footage import Footage
    from livecam.bench.overlay.reference import AnsweredFace
    from livecam.bench.overlay.request import Request
    from livecam.bench.overlay.results import TrueFace
    from livecam.bench.overlay.telling import Teller
    from livecam.faces import BoundingBox
    from livecam.frames import Image

START_AT = 1000.0
"""Virtual instant of a clip's first frame, seconds."""


class Walk:
    """Goes through a clip once.

    Args:
        progress: told how many pictures are done, and of how many.
    """

    def __init__(
        self, request: Request, footage: Footage, teller: Teller, progress: Callable[[int, int], None]
    ) -> None:
        self._request = request
        self._footage = footage
        self._teller = teller
        self._progress = progress
        self._reference = Reference(request.convention, request.seed)
        self._camera = (
            ShakingCamera(footage.width, footage.height, seed=request.seed) if request.shake else None
        )
        self.size = footage.width, footage.height
        """Pixels of the frames shown."""

    @property
    def truth(self) -> tuple[tuple[TrueFace, ...], ...]:
        """Who had to be where on each frame shown so far."""
        return self._reference.finished()

    def frames(self) -> Iterator[tuple[Frame, tuple[AnsweredFace, ...]]]:
        """Yield each frame that is shown, and the faces in it as the detector draws them."""
        expected, most = self._expected, self._request.max_seconds or math.inf
        times: list[float] = []
        for index, (t, image) in enumerate(self._footage.pictures):
            shown, is_passed_over = divmod(index, self._request.speed)
            times.append(t)
            # Every second picture at the times of the first half: twice as quick, not half as many a second.
            at = times[shown]
            if index == self._teller.length or at >= most:
                break
            told = self._teller.of(index, t, image)
            self._reference.add(told, is_cut=told.is_cut)
            self._progress(index + 1, max(expected, index + 1))
            if is_passed_over:
                continue
            seen, window = self._seen(at, image)
            self.size = seen.shape[1], seen.shape[0]
            frame = Frame(self._footage.name, shown, START_AT + at, at, seen)
            yield frame, self._reference.show(window)

    @property
    def _expected(self) -> int:
        """Pictures that there will be, as far as is known."""
        most = self._request.max_seconds or math.inf
        limits = [most * self._footage.fps * self._request.speed, self._teller.length or math.inf]
        return math.ceil(min(self._footage.expected or 0, *limits))

    def _seen(self, at: float, image: Image) -> tuple[Image, BoundingBox]:
        """Return what the virtual camera sees of a picture, and where that is in it."""
        if self._camera is None:
            return image, WHOLE
        height, width = image.shape[:2]
        window = self._camera.window(at)
        part = image[window.top : window.top + window.height, window.left : window.left + window.width]
        return np.ascontiguousarray(part), window.of(width, height)
