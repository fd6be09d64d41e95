"""`--trace`: one JSON object per displayed frame, so that anyone can compute overlay error and freshness.

The format is a contract (docs/map.md): instants are the system's monotonic clock, boxes are fractions
of the unmirrored source frame, as drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.sinks.json_lines import JsonLinesFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import SourceInfo
    from livecam.pictures import FaceLabel, Picture


class TraceSink:
    """Fits `FrameSink`; writes what was shown, not how it looked."""

    def __init__(self, path: Path, *, on_failure: Callable[[Exception], None]) -> None:
        self._path = path
        self._on_failure = on_failure
        self._file: JsonLinesFile | None = None
        self._waits = False

    def open(self, info: SourceInfo) -> None:
        """Create the file."""
        self._waits = not info.is_live
        self._file = JsonLinesFile(self._path, on_failure=self._on_failure)

    def write(self, picture: Picture) -> None:
        """Queue the picture's line."""
        if self._file is not None:
            self._file.put(as_trace(picture), waits=self._waits)

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()


def as_trace(picture: Picture) -> dict[str, Any]:
    """Return a picture's trace object."""
    answered_at = picture.answered_at
    return {
        "source": picture.frame.source,
        "frame": picture.frame.sequence,
        "captured_at": picture.frame.captured_at,
        "displayed_at": picture.displayed_at,
        "answer_age": None if answered_at is None else round(picture.displayed_at - answered_at, 4),
        "faces": [_as_trace(face, picture.displayed_at) for face in picture.faces],
    }


def _as_trace(face: FaceLabel, displayed_at: float) -> dict[str, Any]:
    box = face.box
    return {
        "track_id": face.track_id,
        "box": [round(side, 5) for side in (box.left, box.top, box.width, box.height)],
        "box_source": face.box_source,
        "emotion": face.emotion,
        "confidence": None if face.confidence is None else round(face.confidence, 2),
        "unclear": face.unclear,
        "emotion_source": face.emotion_source,
        "age": None if face.answered_at is None else round(displayed_at - face.answered_at, 4),
    }
