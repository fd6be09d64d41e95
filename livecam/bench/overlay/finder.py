"""The on-device finder in virtual time: it really looks at the pictures; how long that takes is simulated."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from livecam.detections import Sighting

if TYPE_CHECKING:
    from livecam.faces import Face
    from livecam.frames import Frame
    from livecam.protocols import FaceLocator

DELAY = 0.035
"""Seconds from a frame to what was seen in it."""
COST = 0.020
"""CPU seconds that the schedule is told for each look: always the same, so that every run is alike."""


class Schedule(Protocol):
    """When the finder is to look; see `pipeline/finder_schedule.py`."""

    def is_due(self, now: float, *, hurry: bool) -> bool:
        """Tell whether to look now; `hurry`: there is something that should be looked at soon."""

    def began(self, now: float) -> None:
        """Take note that a look began."""

    def took(self, cpu_seconds: float, *, has_found: bool) -> None:
        """Take note of what a look cost, and whether it found a face."""


class Looks:
    """What the finder sees in each picture of one clip, looked at once however often it is asked."""

    def __init__(self, locator: FaceLocator) -> None:
        self._locator = locator
        self._seen: dict[int, tuple[Face, ...]] = {}

    def at(self, frame: Frame) -> tuple[Face, ...]:
        """Return the faces of a frame."""
        if frame.sequence not in self._seen:
            self._seen[frame.sequence] = self._locator.locate(frame)
        return self._seen[frame.sequence]


class VirtualFinder:
    """Is offered every frame at the end of its work, looks at some, and has seen them a little later.

    Args:
        looks: shared by those who look at the same pictures.
        schedule: says when.
    """

    def __init__(self, looks: Looks, schedule: Schedule) -> None:
        self._looks = looks
        self._schedule = schedule
        self._pending: Sighting | None = None

    def offer(self, frame: Frame, *, hurry: bool) -> None:
        """Look at a frame if it is due and nothing is being looked at."""
        now = frame.captured_at
        if self._pending is not None or not self._schedule.is_due(now, hurry=hurry):
            return
        self._schedule.began(now)
        faces = self._looks.at(frame)
        self._schedule.took(COST, has_found=bool(faces))
        self._pending = Sighting(frame.source, frame.sequence, now, now + DELAY, faces)

    def take(self, now: float) -> list[Sighting]:
        """Return what has been seen until instant `now`."""
        seen_at = math.inf if self._pending is None else self._pending.found_at
        if self._pending is None or seen_at > now + 1e-9:
            return []
        seen, self._pending = self._pending, None
        return [seen]
