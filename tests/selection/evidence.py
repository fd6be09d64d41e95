"""Made-up looks: vectors whose distance is what a test says, on a time line of its own."""

from __future__ import annotations

import math

import numpy as np

from livecam.detections import Appearance
from livecam.selection.choice import FaceEvidence

SHARP = 300.0


def a_look(distance: float = 0.0, *, sharpness: float = SHARP) -> Appearance:
    """Return a look that is this far (1 - cosine) from the one at distance 0."""
    vector = np.zeros(512, np.float32)
    vector[0] = 1.0 - distance
    vector[1] = math.sqrt(1.0 - (1.0 - distance) ** 2)
    return Appearance(vector, sharpness)


def a_seen_face(
    at: float,
    distance: float = 0.0,
    *,
    key: int = 1,
    answered_at: float | None = None,
    sharpness: float = SHARP,
    has_look: bool = True,
) -> FaceEvidence:
    """Return what is known of a face that the finder saw at that instant."""
    look = a_look(distance, sharpness=sharpness) if has_look else None
    return FaceEvidence(key, answered_at, look, at if has_look else None, 0.3)
