"""The parts that a bench of policies drives: the real ones, or those of a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.clock import SystemClock, thread_cpu

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.detections import Appearance
    from livecam.faces import Face
    from livecam.frames import Image
    from livecam.protocols import FaceDetector, FaceLocator
    from livecam.selection.choice import Policy


def _real_policy(name: str) -> Policy:
    from livecam.selection.changed import Changed
    from livecam.selection.every import Every
    from livecam.selection.smart import Smart

    if name == "smart":
        return Smart(has_finder=True)
    return Changed(has_finder=True) if name == "changed" else Every()


def _real_locator() -> FaceLocator:
    from livecam.vision.face_locator import OnDeviceLocator

    return OnDeviceLocator()


def _real_reader() -> FaceDetector:
    from livecam.detectors.on_device import OnDeviceDetector

    return OnDeviceDetector(clock=SystemClock())


def _real_appearance(image: Image, face: Face) -> Appearance | None:
    from livecam.evidence.appearance import appearance_of

    return appearance_of(image, face)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the simulation drives; tests bring their own."""

    make_policy: Callable[[str], Policy] = _real_policy
    """Makes the policy of a name; how often it may ask is not its business."""
    make_locator: Callable[[], FaceLocator] = _real_locator
    """Makes the on-device finder."""
    make_reader: Callable[[], FaceDetector] = _real_reader
    """Makes the on-device model that says what faces of a clip express, in place of the truth."""
    appearance_of: Callable[[Image, Face], Appearance | None] = _real_appearance
    """Says how a face looks."""
    cpu: Callable[[], float] = thread_cpu
    """CPU seconds that the calling thread has used."""


REAL = Parts()
"""Those of a run."""
