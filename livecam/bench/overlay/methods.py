"""The ways to show boxes that are compared, and the real parts that they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from livecam.clock import thread_cpu

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.bench.overlay.finder import Schedule
    from livecam.detections import Answer, Sighting
    from livecam.frames import Frame
    from livecam.pictures import Picture, Status
    from livecam.protocols import FaceLocator
    from livecam.tracking.convention import Convention

KEEP = 4.0
"""Seconds of frames that are remembered: longer than a run waits for an answer."""


class Method(Protocol):
    """What a picture path is to the simulation: told frames, answers and sightings, it finishes pictures."""

    @property
    def wants_finder(self) -> bool:
        """Whether a look of the finder at the newest frame would tell more than usual."""

    def follow(self, frame: Frame) -> None:
        """Take the next frame."""

    def apply(self, answer: Answer) -> None:
        """Take in a detector's answer about an earlier frame."""

    def apply_sighting(self, sighting: Sighting) -> None:
        """Take in what the on-device finder saw in an earlier frame."""

    def finish(self, frame: Frame, now: float, status: Status) -> Picture:
        """Return the finished picture."""


def _real_path(convention: Convention | None) -> Method:
    from livecam.motion.follower import GridFollower
    from livecam.pipeline.picture import PicturePath
    from livecam.tracking.tracks import Tracks

    # A clock that stands still: how much is done for a frame must not depend on the machine.
    follower = GridFollower(keep=KEEP, cpu=lambda: 0.0)
    return PicturePath(tracks=Tracks(keep=KEEP, convention=convention), follower=follower)


def _real_locator(input_width: int | None) -> FaceLocator:
    from livecam.vision.face_locator import OnDeviceLocator

    return OnDeviceLocator() if input_width is None else OnDeviceLocator(input_width=input_width)


def _real_schedule(rate: float) -> Schedule:
    from livecam.pipeline.finder_schedule import FinderSchedule

    return FinderSchedule(rate)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the simulation drives; tests bring their own."""

    make_path: Callable[[Convention | None], Method] = _real_path
    """Makes the real picture path, which begins with what was learnt of the detector's boxes before."""
    make_locator: Callable[[int | None], FaceLocator] = _real_locator
    """Makes the on-device finder, for an input of that many pixels or its usual one."""
    make_schedule: Callable[[float], Schedule] = _real_schedule
    """Makes the schedule of the finder, for that many looks per second."""
    cpu: Callable[[], float] = thread_cpu
    """CPU seconds that the calling thread has used."""


REAL = Parts()
"""Those of a run."""
