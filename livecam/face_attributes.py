"""What DetectFaces can be asked for. Pure and light: settings and the detector both need it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FACE_ATTRIBUTES = (
    "DEFAULT",
    "ALL",
    "AGE_RANGE",
    "BEARD",
    "EMOTIONS",
    "EYE_DIRECTION",
    "EYEGLASSES",
    "EYES_OPEN",
    "GENDER",
    "MOUTH_OPEN",
    "MUSTACHE",
    "FACE_OCCLUDED",
    "SMILE",
    "SUNGLASSES",
)
"""In the order of the service's own model (DetectFaces, `Attributes`). The box, confidence, landmarks, pose
and quality are always answered; "requesting more attributes may increase response time"."""


def known_attributes(names: Iterable[str]) -> tuple[str, ...]:
    """Return attributes that are written in any case as the service spells them, each once.

    Raises:
        ValueError: one is unknown to DetectFaces, or there is none; says which, in a sentence.
    """
    found = tuple(dict.fromkeys(name.strip().upper() for name in names))
    for name in found:
        if name not in FACE_ATTRIBUTES:
            near = difflib.get_close_matches(name, FACE_ATTRIBUTES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(FACE_ATTRIBUTES)}"
            raise ValueError(f"Amazon Rekognition has no attribute {name!r}: {hint}")
    if not found:
        raise ValueError(f"at least one attribute is needed, of {', '.join(FACE_ATTRIBUTES)}")
    return found
