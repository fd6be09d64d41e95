"""`--trace`: one JSON object per displayed frame, so that anyone can compute overlay error and freshness.

The format is a contract (docs/map.md): instants are the system's monotonic clock, boxes are fractions
of the unmirrored source frame, as drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.face_record import age_at, face_record
from livecam.sinks.json_lines import JsonLinesFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import SourceInfo
    from livecam.pictures import Picture


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
    return {
        "source": picture.frame.source,
        "frame": picture.frame.sequence,
        "captured_at": picture.frame.captured_at,
        "displayed_at": picture.displayed_at,
        "answer_age": age_at(picture.displayed_at, picture.answered_at),
        "faces": [face_record(face, picture.displayed_at) for face in picture.faces],
        "clip": picture.clip,
    }
