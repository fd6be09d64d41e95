"""A clip's sidecar: JSON Lines of what was shown on each of its frames, in seconds from its first.

The first line is the header, every other line one frame. Lines that cannot be used are skipped and
counted: a livecam that was killed leaves a torn one, and a damaged disk any.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from livecam.errors import OutputError
from livecam.face_record import age_at, face_record
from livecam.faces import BoundingBox, Emotion, EmotionScore
from livecam.pictures import FaceLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from io import FileIO
    from pathlib import Path
    from typing import BinaryIO

    from livecam.pictures import Picture

SCHEMA: Final = "livecam.clip/1"
OWNER_ONLY = 0o600
LONGEST_LINE = 1 << 20
"""Bytes; a line of a hundred faces has 40 kB."""
LONGEST_CLIP = 30 * 24 * 3600.0
"""Seconds; a line of a later instant is damaged."""
FULL_MARKS = 100.0
"""The highest confidence."""

_MARKED = b'"marks"'
_Value = TypeVar("_Value")


class SidecarWriter:
    """Writes a new sidecar; each line is with the system when `write` returns. Used by one thread.

    Args:
        path: must not exist yet.
        header: "clip", "source", "reason", "started_at", "width" and "height" of the clip; schema and
            "mirrored" (never) are added. May have "notice", the sentence that must be shown with the source.

    Raises:
        OutputError: it exists, or it cannot be created.
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self._path = path
        self._file: FileIO | None = None
        self._is_torn = False
        try:
            # Not buffered: what a full disk refused would be tried again at every later line.
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            self._file = os.fdopen(os.open(path, flags, OWNER_ONLY), "wb", buffering=0)
        except OSError as error:
            raise self._refused(error) from error
        try:
            self._put({"schema": SCHEMA, **header, "mirrored": False})
        except OutputError:
            self.close()
            path.unlink(missing_ok=True)
            raise

    def write(self, time: float, picture: Picture, marks: Sequence[str] = ()) -> None:
        """Add what was shown on a frame.

        Args:
            time: seconds from the clip's first frame, ascending, as in the video.
            picture: the frame's.
            marks: what the user marked this moment with; a line has them only where there are any.

        Raises:
            OutputError: the line cannot be written; those before it can be read, and it may be tried on.
        """
        at = picture.displayed_at
        self._put(
            {
                "time": round(time, 6),
                "frame": picture.frame.sequence,
                "answer_age": age_at(at, picture.answered_at),
                "finder_rate": _rounded(picture.status.finder_rate, 2),
                "faces": [_face_as_record(face, at) for face in picture.faces],
            }
            | ({"marks": list(marks)} if marks else {})
        )

    def close(self) -> None:
        """Close the file. May be called twice.

        Raises:
            OutputError: the disk refused what was written.
        """
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        except OSError as error:
            raise self._refused(error) from error

    def _put(self, record: dict[str, Any]) -> None:
        if self._file is None:
            raise OutputError(f"{self._path} cannot be written: it was closed")
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n"
        # Half a surrogate pair (a file name that is not UTF-8) becomes the escape that JSON has for it.
        line = text.encode("utf-8", "backslashreplace")
        rest = memoryview(b"\n" + line if self._is_torn else line)
        self._is_torn = True  # should the disk take a part of the line only
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise self._refused(error) from error
        self._is_torn = False

    def _refused(self, error: OSError) -> OutputError:
        return OutputError(f"{self._path} cannot be written: {error.strerror or error}")


@dataclass(frozen=True, slots=True)
class SidecarFrame:
    """What was shown on one frame of a clip. Instants are seconds from the clip's first frame."""

    time: float
    """When the frame is shown."""
    frame: int
    """Its index in the source."""
    answer_age: float | None
    """Seconds since the frame of the newest answer was captured; None when there was none yet."""
    finder_rate: float | None
    """Looks per second of the on-device finder just then; None when it was off."""
    faces: tuple[FaceLabel, ...]


class Sidecar:
    """A sidecar on disk; nothing of it is kept open or in memory. `read_sidecar` makes one."""

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self._path = path
        self.header = header
        """The first line; "clip", "source", "reason", "started_at" are texts, "width", "height" pixels."""
        self.damaged = 0
        """Lines that were skipped by the newest run of `frames`, so far."""

    def frames(self) -> Iterator[SidecarFrame]:
        """Yield the frames in the order of the clip, from the beginning at every call.

        Lines that cannot be used, and those that go back in time, are skipped and counted.

        Raises:
            OutputError: the file cannot be read.
        """
        self.damaged = 0
        newest = -1.0
        for line in self._lines():
            frame = _frame_of(line) if line.strip() else None
            if frame is not None and frame.time > newest:
                newest = frame.time
                yield frame
            elif line.strip():
                self.damaged += 1

    def marks(self) -> Iterator[tuple[float, str]]:
        """Yield each moment that the user marked, and with what, in the order of the clip.

        Instants are seconds from the clip's first frame. Only lines that have marks are looked at.

        Raises:
            OutputError: the file cannot be read.
        """
        for line in self._lines():
            if _MARKED in line:
                yield from _marks_of(line)

    def _lines(self) -> Iterator[bytes]:
        """Yield the lines after the first."""
        try:
            with _opened(self._path) as file:
                _next_line(file)
                while (line := _next_line(file)) is not None:
                    yield line
        except OSError as error:
            raise _unreadable(self._path, error.strerror or str(error)) from error


def read_sidecar(path: Path) -> Sidecar:
    """Return a clip's sidecar, its header checked; its frames are read when they are asked for.

    Raises:
        OutputError: it is not there, cannot be read, or has no header of this format.
    """
    try:
        with _opened(path) as file:
            line = _next_line(file)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    try:
        return Sidecar(path, _header_of(_object(line or b"")))
    except _UNUSABLE as error:
        raise _unreadable(path, f"its first line is no {SCHEMA} header") from error


_UNUSABLE = (ValueError, TypeError, LookupError, OverflowError, RecursionError)
"""What comes of a line that is not what it should be."""


def _unreadable(path: Path, reason: str) -> OutputError:
    return OutputError(f"the sidecar {path} cannot be read: {reason}")


def _opened(path: Path) -> BinaryIO:
    """Open a file that has an end; a pipe or a device put in its place would be read for ever."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no regular file")
    return os.fdopen(descriptor, "rb")


def _next_line(file: BinaryIO) -> bytes | None:
    """Return the next line, None at the end; of one that is too long only its beginning, which is no JSON."""
    line = file.readline(LONGEST_LINE)
    if not line:
        return None
    part = line
    while len(part) == LONGEST_LINE and not part.endswith(b"\n"):
        part = file.readline(LONGEST_LINE)
    return line


def _object(line: bytes) -> dict[str, Any]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _header_of(record: dict[str, Any]) -> dict[str, Any]:
    if record["schema"] != SCHEMA:
        raise ValueError("another schema")
    for key in ("clip", "source", "reason", "started_at"):
        _text(record[key])
    for key in ("width", "height"):
        _count(record[key])
    return record


def _marks_of(line: bytes) -> list[tuple[float, str]]:
    """Return the marks of a line; none when it cannot be used."""
    try:
        record = _object(line)
        time = _number(record["time"], 0.0, LONGEST_CLIP)
        return [(time, _text(mark)) for mark in _list(record["marks"])]
    except _UNUSABLE:
        return []


def _frame_of(line: bytes) -> SidecarFrame | None:
    """Return what a line says; None when it cannot be used."""
    try:
        record = _object(line)
        time = _number(record["time"], 0.0, LONGEST_CLIP)
        return SidecarFrame(
            time,
            _count(record["frame"], 0),
            _optional(record["answer_age"], _seconds),
            _optional(record.get("finder_rate"), _seconds),
            tuple(_face_of(face, time) for face in _list(record["faces"])),
        )
    except _UNUSABLE:
        return None


def _face_as_record(face: FaceLabel, displayed_at: float) -> dict[str, Any]:
    return face_record(face, displayed_at) | {
        "opacity": round(face.opacity, 3),
        "box_opacity": round(face.box_opacity, 3),
        "is_outdated": face.is_outdated,
        "is_approximate": face.is_approximate,
        "scores": {score.emotion: round(score.confidence, 1) for score in face.scores},
    }


def _face_of(record: Any, time: float) -> FaceLabel:  # noqa: ANN401  whatever stands in the file
    """Return a face of the frame at that time (seconds from the clip's first frame)."""
    box = BoundingBox(*(_number(side) for side in _list(record["box"])))
    if not box.is_proper:
        raise ValueError("no box of a face")
    age = _optional(record["age"], _number)
    return FaceLabel(
        track_id=_count(record["track_id"]),
        box=box,
        box_source=_text(record["box_source"]),
        emotion=_optional(record["emotion"], Emotion),
        confidence=_optional(record["confidence"], _percent),
        unclear=_flag(record["unclear"]),
        emotion_source=_optional(record["emotion_source"], _text),
        age=age,
        answered_at=None if age is None else time - age,
        opacity=_number(record["opacity"], 0.0, 1.0),
        box_opacity=_number(record["box_opacity"], 0.0, 1.0),
        is_outdated=_flag(record["is_outdated"]),
        scores=_scores_of(record["scores"]),
        is_approximate=_flag(record["is_approximate"]),
    )


def _scores_of(record: Any) -> tuple[EmotionScore, ...]:  # noqa: ANN401  whatever stands in the file
    if not isinstance(record, dict):
        raise TypeError("not an object")
    return tuple(EmotionScore(Emotion(name), _percent(value)) for name, value in record.items())


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _optional(value: object, convert: Callable[[Any], _Value]) -> _Value | None:
    return None if value is None else convert(value)


def _number(value: object, least: float = -LONGEST_CLIP, most: float = LONGEST_CLIP) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    number = float(value)
    if not least <= number <= most:  # NaN is not, either
        raise ValueError("out of range")
    return number


def _percent(value: object) -> float:
    return _number(value, 0.0, FULL_MARKS)


def _seconds(value: object) -> float:
    return _number(value)


def _count(value: object, least: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise TypeError("not a count")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value
