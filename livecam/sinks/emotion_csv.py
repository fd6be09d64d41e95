"""`--csv`: emotions over time, one row per face and answer, for a spreadsheet or a data frame.

RFC 4180: a header, CRLF at line ends, UTF-8. A cell that a spreadsheet would take for a formula
begins with an apostrophe: a file's name is anybody's text.
"""

from __future__ import annotations

import csv
import io
import logging
from typing import TYPE_CHECKING

from livecam.faces import Emotion
from livecam.sinks.lines_file import LinesFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.frames import SourceInfo
    from livecam.pictures import FaceLabel, Picture

log = logging.getLogger(__name__)

SCORED = tuple(emotion for emotion in Emotion if emotion is not Emotion.UNKNOWN)
COLUMNS = (
    "time_s",
    "wall_time",
    "source",
    "frame",
    "name",
    "track_id",
    "emotion",
    "confidence",
    "unclear",
    "age_s",
    "left",
    "top",
    "width",
    "height",
    *SCORED,
)
CAPACITY = 10_000
"""Rows that may wait for the disk: minutes of a run, a few megabytes."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection")."""


class EmotionCsvSink:
    """Fits `FrameSink`; writes a row when an answer about a face is shown for the first time.

    Args:
        path: replaced if it exists.
        clock: tells the wall time of each row.
        on_failure: told once when the disk fails; later rows are discarded.
    """

    def __init__(self, path: Path, *, clock: Clock, on_failure: Callable[[Exception], None]) -> None:
        self._path = path
        self._clock = clock
        self._on_failure = on_failure
        self._file: LinesFile[Sequence[str]] | None = None
        self._waits = False
        self._last: dict[int, float] = {}
        """When the answer of each track's last row was about."""
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Rows that the file lacks because the disk was too slow."""
        return self._dropped

    def open(self, info: SourceInfo) -> None:
        """Create the file with its header.

        Raises:
            OutputError: it cannot be written.
        """
        self._waits = not info.is_live
        self._file = LinesFile(self._path, as_line=_as_line, capacity=CAPACITY, on_failure=self._on_failure)
        self._put(COLUMNS)

    def write(self, picture: Picture) -> None:
        """Queue a row for each face about which something new is said."""
        if self._file is None:
            return
        shown: dict[int, float] = {}
        for face in picture.faces:
            if face.answered_at is None:
                continue
            shown[face.track_id] = face.answered_at
            if self._last.get(face.track_id) != face.answered_at:
                self._put(as_row(picture, face, self._clock.wall().isoformat(timespec="milliseconds")))
        self._last = shown  # a track that is gone never comes back

    def close(self) -> None:
        """Finish the file."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _put(self, row: Sequence[str]) -> None:
        if self._file is None or self._file.put(row, waits=self._waits):
            return
        if not self._dropped:
            log.warning("%s lacks rows: its disk is slower than the answers come", self._path)
        self._dropped += 1


def as_row(picture: Picture, face: FaceLabel, wall_time: str) -> tuple[str, ...]:
    """Return a face's cells in the order of `COLUMNS`.

    Args:
        picture: the first on which the answer was shown.
        face: one of its faces.
        wall_time: when that was, ISO 8601 with its zone.
    """
    frame, box = picture.frame, face.box
    scores = {score.emotion: score.confidence for score in face.scores}
    return (
        f"{frame.media_time:.3f}",
        wall_time,
        _plain(frame.source),
        str(frame.sequence),
        _plain(frame.name or ""),
        str(face.track_id),
        face.emotion or "",
        _number(face.confidence, 2),
        "true" if face.unclear else "false",
        _number(face.age, 3),
        *(_number(side, 5) for side in (box.left, box.top, box.width, box.height)),
        *(_number(scores.get(emotion), 2) for emotion in SCORED),
    )


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def _plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _as_line(row: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(row)
    return line.getvalue()
