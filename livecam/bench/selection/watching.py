"""The on-device finder and the look at faces, at their pace, over the frames of a clip."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from livecam.bench.selection.linking import Links, owners
from livecam.bench.selection.results import LookedAt
from livecam.frames import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from livecam.bench.selection.policies import Parts
    from livecam.faces import BoundingBox, Face
    from livecam.frames import Image
    from livecam.protocols import FaceLocator

LOOKS = 5.0
"""Of the finder per second, as in a run."""
_MOMENT = 1e-6
"""Seconds by which a frame may come early for a look."""


class Watch:
    """Looks at some of the frames that it is shown.

    Args:
        parts: the real ones unless a test brings its own.

    Raises:
        ModelMissing: the finder is not installed.
        ModelDamaged: its model is not the pinned one.
    """

    def __init__(self, parts: Parts) -> None:
        self._appearance_of = parts.appearance_of
        self._cpu: Callable[[], float] = parts.cpu
        self._locator: FaceLocator = parts.make_locator()
        self._locator.warm()
        self._links = Links()
        self._due_at = float("-inf")
        self._costs: list[float] = []

    @property
    def evidence_ms(self) -> float | None:
        """CPU milliseconds per face that was looked at closely; None before the first."""
        return fmean(self._costs) * 1000 if self._costs else None

    def cut(self) -> None:
        """Take note that another scene begins: it is looked at at once."""
        self._links.cut()
        self._due_at = float("-inf")

    def look(
        self, sequence: int, at: float, image: Image, true: Sequence[tuple[int, BoundingBox]]
    ) -> tuple[LookedAt, ...] | None:
        """Return what is seen of a frame, or None if no look is due.

        Args:
            sequence: of the frame.
            at: seconds.
            image: BGR.
            true: who is where in truth.
        """
        if at < self._due_at - _MOMENT:
            return None
        is_in_time = at - self._due_at < 1 / LOOKS
        self._due_at = (self._due_at if is_in_time else at) + 1 / LOOKS
        faces = self._locator.locate(Frame("bench", sequence, at, at, image))
        boxes = [face.box for face in faces]
        keys = self._links.take(at, boxes)
        whose = owners(boxes, true)
        return tuple(
            self._closely(image, face, key, person)
            for face, key, person in zip(faces, keys, whose, strict=True)
        )

    def _closely(self, image: Image, face: Face, key: int, person: int | None) -> LookedAt:
        began = self._cpu()
        appearance = self._appearance_of(image, face)
        self._costs.append(self._cpu() - began)
        return LookedAt(key, person, face.box.height, appearance)
