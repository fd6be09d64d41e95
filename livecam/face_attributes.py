"""What DetectFaces can be asked for. Pure and light: settings and the detector both need it."""

from __future__ import annotations

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
