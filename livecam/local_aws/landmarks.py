"""The service's thirty landmarks from the five that are known. Pure arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.vision.found_face import POINT_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GENERIC = {
    "eyeLeft": (-1.0, 0.0),
    "eyeRight": (1.0, 0.0),
    "mouthLeft": (-0.83, 2.11),
    "mouthRight": (0.83, 2.11),
    "nose": (0.0, 1.06),
    "leftEyeBrowLeft": (-1.74, -0.47),
    "leftEyeBrowRight": (-1.16, -0.75),
    "leftEyeBrowUp": (-0.57, -0.65),
    "rightEyeBrowLeft": (0.57, -0.65),
    "rightEyeBrowRight": (1.16, -0.75),
    "rightEyeBrowUp": (1.74, -0.47),
    "leftEyeLeft": (-1.36, 0.0),
    "leftEyeRight": (-0.61, 0.02),
    "leftEyeUp": (-1.0, -0.11),
    "leftEyeDown": (-1.0, 0.09),
    "rightEyeLeft": (0.61, 0.02),
    "rightEyeRight": (1.36, 0.0),
    "rightEyeUp": (1.0, -0.11),
    "rightEyeDown": (1.0, 0.09),
    "noseLeft": (-0.37, 1.33),
    "noseRight": (0.37, 1.33),
    "mouthUp": (0.0, 1.83),
    "mouthDown": (0.0, 2.47),
    "leftPupil": (-1.0, 0.0),
    "rightPupil": (1.0, 0.0),
    "upperJawlineLeft": (-2.18, 0.13),
    "midJawlineLeft": (-1.77, 2.4),
    "chinBottom": (0.0, 3.6),
    "midJawlineRight": (1.77, 2.4),
    "upperJawlineRight": (2.18, 0.13),
}
"""A face seen from the front: right and down, in halves of the distance between the eyes.

From the one real answer at hand, made symmetric; its names and their order too (which has the brows' "Right"
in the middle and "Up" at their right end)."""
_KNOWN = np.array([(*_GENERIC[kind], 1.0) for kind in POINT_KINDS])
_ALL = np.array([(*place, 1.0) for place in _GENERIC.values()])
_SAME = {"leftPupil": "eyeLeft", "rightPupil": "eyeRight"}
"""In the real answer each pupil is where its eye is."""


def thirty_landmarks(points: NDArray[np.float32]) -> list[tuple[str, float, float]]:
    """Return name, x and y of each landmark, in the units of `points`.

    Args:
        points: shape (5, 2), in the order of `POINT_KINDS`; they are among the result as they are.
    """
    to_picture, *_ = np.linalg.lstsq(_KNOWN, points.astype(np.float64), rcond=None)
    places = dict(zip(_GENERIC, (_ALL @ to_picture).tolist(), strict=True))
    places |= dict(zip(POINT_KINDS, points.astype(np.float64).tolist(), strict=True))
    places |= {kind: places[eye] for kind, eye in _SAME.items()}
    return [(kind, x, y) for kind, (x, y) in places.items()]
