"""How a shown face is written down, in traces and clips' sidecars alike: pure. See docs/map.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel


def face_record(face: FaceLabel, displayed_at: float) -> dict[str, Any]:
    """Return a face as JSON-ready values.

    Args:
        face: as it is shown.
        displayed_at: when, monotonic seconds; its answer's age is counted until then.
    """
    box = face.box
    return {
        "track_id": face.track_id,
        "box": [round(side, 5) for side in (box.left, box.top, box.width, box.height)],
        "box_source": face.box_source,
        "emotion": face.emotion,
        "confidence": None if face.confidence is None else round(face.confidence, 2),
        "unclear": face.unclear,
        "emotion_source": face.emotion_source,
        "age": age_at(displayed_at, face.answered_at),
    }


def age_at(displayed_at: float, answered_at: float | None) -> float | None:
    """Return the age of an answer in seconds, as it is written down; None without one."""
    return None if answered_at is None else round(displayed_at - answered_at, 4)
