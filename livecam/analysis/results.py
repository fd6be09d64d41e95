"""A video's results on disk: JSON Lines of what GetFaceDetection said, all pages in one file.

The first line is the header, every other line one FaceDetection as the service gave it. Reading is
tolerant: lines that cannot be used are skipped and counted.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from livecam.aws.broken_answer import BrokenAnswer
from livecam.aws.responses import face_of
from livecam.errors import OutputError
from livecam.faces import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO, Self

    from livecam.faces import Face

SCHEMA: Final = "livecam.results/1"
SUFFIX: Final = ".results.jsonl"
OWNER_ONLY = 0o600
LONGEST_LINE = 1 << 20
"""Bytes; a face with everything that is known of it has 4 kB."""
LONGEST_VIDEO = 30 * 24 * 3600.0
"""Seconds; a line of a later instant is damaged. The service takes six hours."""
_UNUSABLE = (ValueError, TypeError, LookupError, OverflowError, RecursionError, BrokenAnswer)
"""What comes of a line that is not what it should be."""


@dataclass(frozen=True, slots=True)
class StoredFace:
    """One face at one instant that was sampled; the service does not say which is which over time."""

    time: float
    """Seconds from the video's start."""
    face: Face
    """Its box as the service gave it: of a face that the edge cuts it reaches outside the frame."""


def results_file(video: Path) -> Path:
    """Return where a video's results are: beside it, named after all of its name."""
    return video.with_name(video.name + SUFFIX)


class ResultsWriter:
    """Writes results to NAME.part, which gets its name when it is whole. Used by one thread.

    As a context manager it leaves nothing behind but what was finished.

    Args:
        path: the finished file; replaced if it exists. What an earlier livecam left at NAME.part is too.
        header: its first line, without "schema".

    Raises:
        OutputError: the part cannot be created.
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._file: BinaryIO | None = None
        self.faces = 0
        """Entries that were written."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            # Made anew and never through a link that somebody else put there.
            self._part.unlink(missing_ok=True)
            self._file = os.fdopen(os.open(self._part, flags, OWNER_ONLY), "wb")
        except OSError as error:
            raise self._refused(error) from error
        self._put({"schema": SCHEMA, **header})

    def write(self, face: Mapping[str, Any]) -> None:
        """Add one FaceDetection as the service gave it.

        Raises:
            OutputError: the disk refuses it.
        """
        self._put(face)
        self.faces += 1

    def finish(self) -> Path:
        """Put the file on disk under its name, and return that.

        Raises:
            OutputError: the disk refuses it; what was there under that name still is.
        """
        if self._file is None:
            raise OutputError(f"{self._path} cannot be written: it was closed")
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._part.replace(self._path)
        except OSError as error:
            raise self._refused(error) from error
        self._file = None
        return self._path

    def discard(self) -> None:
        """Delete what is not finished. May be called at any time, and twice."""
        file, self._file = self._file, None
        if file is None:
            return
        with contextlib.suppress(OSError):
            file.close()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def _put(self, record: Mapping[str, Any]) -> None:
        if self._file is None:
            raise OutputError(f"{self._path} cannot be written: it was closed")
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n"
        try:
            self._file.write(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> OutputError:
        self.discard()
        return OutputError(
            f"{self._path} cannot be written: {error.strerror or error}; see that its folder can be written"
            " and that the disk has room"
        )


class Results:
    """Results on disk; nothing of them is kept open or in memory. `read_results` makes one."""

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self.path = path
        self.header = header
        """The first line; whatever it holds beside "schema" is not checked: see `text` and `metadata`."""
        self.damaged = 0
        """Lines that were skipped by the newest run of `records` or `faces`, so far."""

    def text(self, key: str) -> str | None:
        """Return what the header says under a key; None where it says nothing, or no text."""
        value = self.header.get(key)
        return value if isinstance(value, str) and value else None

    @property
    def duration(self) -> float | None:
        """Seconds of the video that were analysed, from the service's VideoMetadata."""
        metadata = self.header.get("metadata")
        value = metadata.get("DurationMillis") if isinstance(metadata, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value / 1000 if 0 <= value <= LONGEST_VIDEO * 1000 else None

    def faces(self) -> Iterator[StoredFace]:
        """Yield the faces in the order of the file, from the beginning at every call.

        Lines that cannot be used are skipped and counted.

        Raises:
            OutputError: the file cannot be read.
        """
        self.damaged = 0
        for line in self._lines():
            face = _face_of(line)
            if face is None:
                self.damaged += 1
            else:
                yield face

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                _next_line(file)
                while (line := _next_line(file)) is not None:
                    if line.strip():
                        yield line
        except OSError as error:
            raise _unreadable(self.path, error.strerror or str(error)) from error


def read_results(path: Path) -> Results:
    """Return a video's results, their header checked; the faces are read when they are asked for.

    Raises:
        OutputError: they are not there, cannot be read, or have no header of this format.
    """
    try:
        with path.open("rb") as file:
            line = _next_line(file)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    try:
        header = json.loads(line or b"")
        is_ours = isinstance(header, dict) and header.get("schema") == SCHEMA
    except _UNUSABLE:
        is_ours = False
    if not is_ours:
        raise _unreadable(path, f"its first line is no {SCHEMA} header; fetch them again")
    return Results(path, header)


def _unreadable(path: Path, reason: str) -> OutputError:
    return OutputError(f"the results {path} cannot be read: {reason}")


def _next_line(file: BinaryIO) -> bytes | None:
    """Return the next line, None at the end; of one that is too long only its beginning, which is no JSON."""
    line = file.readline(LONGEST_LINE)
    part = line
    while len(part) == LONGEST_LINE and not part.endswith(b"\n"):
        part = file.readline(LONGEST_LINE)
    return line or None


def _face_of(line: bytes) -> StoredFace | None:
    """Return what a line says; None when it cannot be used."""
    try:
        record = json.loads(line)
        time = record["Timestamp"]
        if isinstance(time, bool) or not isinstance(time, int | float):
            return None
        if not 0 <= time <= LONGEST_VIDEO * 1000:
            return None
        detail = record["Face"]
        face = replace(face_of(detail), box=_box_of(detail["BoundingBox"]))
    except _UNUSABLE:
        return None
    return StoredFace(time / 1000, face) if face.box.is_proper else None


def _box_of(members: Mapping[str, Any]) -> BoundingBox:
    """Return a box as it was given; `face_of` has checked it, but clamped its own."""
    return BoundingBox(*(float(members[side]) for side in ("Left", "Top", "Width", "Height")))
