"""What a detector says, and what is known about the call in which it said it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from livecam.faces import Face


@dataclass(frozen=True, slots=True)
class DetectorInfo:
    """What the rest of livecam must know about a detector to show its answers honestly."""

    name: str
    """As in the trace: "on-device", "rekognition", "replay" or "scripted"."""
    is_approximate: bool
    """Whether its labels are indications only; said wherever they are shown."""
    unclear_below: float
    """Smoothed confidence (0..100) under which a label reads "unclear"."""
    is_paid: bool = False
    """Whether its calls cost money, so that those that were cut off at the end count too."""
    draws_as_finder: bool = False
    """Whether its boxes are those of the on-device finder: no relation to them has to be learnt."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A detector's answer about one frame."""

    faces: tuple[Face, ...]
    timing: Mapping[str, float] = field(default_factory=dict)
    """Seconds per part of the call; the parts are named in docs/map.md and sum to the whole."""
    sent_at: float | None = None
    """When its first byte left this machine; None when it was not sent anywhere."""
    bytes_sent: int | None = None
    """Size of the encoded picture."""
    request_id: str | None = None
    """The service's own id of the call."""
    is_cold: bool = False
    """Whether a connection had to be opened for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A detection together with the frame it is about and the instants of its call."""

    detector: DetectorInfo
    source: str
    sequence: int
    """The frame's index in its source."""
    captured_at: float
    """When that frame was captured."""
    requested_at: float
    responded_at: float
    detection: Detection


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """How a face looked at one instant: what a later look at it is compared with."""

    vector: NDArray[np.float32]
    """Mouth and brows as directions of edges: shape (512,), length 1."""
    sharpness: float
    """Variance of the Laplacian of the face at one size; only compared with that of the same face."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where the on-device finder saw faces in one frame; what they express it does not say."""

    source: str
    sequence: int
    """The frame's index in its source."""
    captured_at: float
    """When that frame was captured."""
    found_at: float
    """When it had been looked at."""
    faces: tuple[Face, ...]
    """Boxes, confidences (0..100) and landmarks; nothing else is filled in."""
    appearances: tuple[Appearance | None, ...] = ()
    """How each of them looked, in the same order; empty where nobody wants to know."""
