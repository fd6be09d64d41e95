"""Copies of a finished clip: with the labels that were shown, or with its faces made unrecognisable.

A blurred copy errs on the safe side. A face is covered from before it was first seen until after it was
last seen, wherever it was in between; and where nobody can say whether there are faces (nothing was
looked at, or the sidecar is damaged) the whole picture is blurred, which the result tells.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from livecam.archive.film import rewrite
from livecam.archive.sidecar import read_sidecar
from livecam.errors import OutputError, UsageError
from livecam.frames import Frame
from livecam.overlay.cover import COVERED_FOR, Cover, Moment
from livecam.overlay.drawing import OverlayPainter
from livecam.overlay.shield import RECENT_LOOK
from livecam.pictures import Picture, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from livecam.archive.sidecar import Sidecar, SidecarFrame
    from livecam.frames import Image
    from livecam.pictures import FaceLabel

log = logging.getLogger(__name__)

PAIRED_WITHIN = 0.02
"""Seconds between a frame and the line that is about it: half a frame at 25 fps; it should be none."""
QUICK_FINDER = 2.0
"""Looks per second from which on the finder would have seen a face within the time that it is covered for."""


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What a copy holds."""

    frames: int
    frames_without_faces_known: int
    """Those without labels in an annotated copy, because the sidecar lacks them; those that are blurred
    altogether in a blurred one, because nobody can say where faces are."""


def make_copy(
    clip_file: Path,
    sidecar_path: Path,
    target: Path,
    *,
    kind: str,
    on_progress: Callable[[int], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> CopyResult:
    """Make a copy of a finished clip, with the same times; an hour of it takes no more memory than a minute.

    Args:
        clip_file: the finished clip.
        sidecar_path: what was shown on its frames.
        target: the copy to be; replaced when the new one is whole, and not before.
        kind: "annotated" with the labels that were shown, "blurred" with faces made unrecognisable.
        on_progress: told after each frame how many are done.
        is_cancelled: asked before each frame whether to give up.

    Raises:
        UsageError: there is no such kind.
        RewritingGivenUp: it was cancelled.
        SourceUnavailable: no picture of the clip can be read.
        OutputError: the copy cannot be written, or the sidecar says of no frame where faces are.
    """
    touch_up = _touch_up(kind, _usable(sidecar_path, clip_file))
    frames = rewrite(clip_file, target, touch_up, on_progress=on_progress, is_cancelled=is_cancelled)
    return CopyResult(frames, touch_up.unknown)


class _TouchUp(Protocol):
    """What is done to each picture of a clip, in their order."""

    unknown: int
    """Pictures so far of which it is not known where faces are."""

    def __call__(self, image: Image, time: float) -> Image:
        """Return what stands in the copy for the picture at that time (seconds from the first)."""


class _Annotating:
    """Draws the labels that were shown, as they were shown."""

    def __init__(self, sidecar: Sidecar) -> None:
        self.unknown = 0
        self._nearby = _Nearby(sidecar.frames())
        self._painter = OverlayPainter(show_hud=False)
        self._source = str(sidecar.header["source"])
        notice = sidecar.header.get("notice")
        self._status = Status(
            self._source, "playing", detector="", notice=notice if isinstance(notice, str) else None
        )
        self._number = 0

    def __call__(self, image: Image, time: float) -> Image:
        line = _nearest(self._nearby.around(time), time)
        faces: tuple[FaceLabel, ...] = ()
        if line is not None and abs(line.time - time) <= PAIRED_WITHIN:
            faces = line.faces
        else:
            self.unknown += 1
        frame = Frame(self._source, self._number, time, time, image)
        self._number += 1
        return self._painter.paint(Picture(frame, faces, self._status, time))


class _Blurring:
    """Makes faces unrecognisable, or the whole picture where nobody can say where they are."""

    def __init__(self, sidecar: Sidecar) -> None:
        self.unknown = 0
        self._nearby = _Nearby(sidecar.frames())
        self._cover = Cover()

    def __call__(self, image: Image, time: float) -> Image:
        covered = self._cover.over(image, time, [_moment(line) for line in self._nearby.around(time)])
        self.unknown += covered.is_whole
        return covered.image


class _Nearby:
    """The lines about a frame's surroundings; holds no others, so that a clip may be of any length."""

    def __init__(self, lines: Iterator[SidecarFrame]) -> None:
        self._following = lines
        self._lines: deque[SidecarFrame] = deque()

    def around(self, time: float) -> Sequence[SidecarFrame]:
        """Return the lines within `COVERED_FOR` of a time, and the next one before and after them.

        Those count however far they are: a slow camera's next frame may be the first on which somebody
        who came in was found. Times must ascend from call to call.
        """
        lines = self._lines
        while not lines or lines[-1].time <= time + COVERED_FOR:
            line = next(self._following, None)
            if line is None:
                break
            lines.append(line)
        while len(lines) > 1 and lines[1].time < time - COVERED_FOR:
            lines.popleft()
        return lines


def _nearest(lines: Sequence[SidecarFrame], time: float) -> SidecarFrame | None:
    return min(lines, key=lambda line: abs(line.time - time), default=None)


def _moment(line: SidecarFrame) -> Moment:
    boxes = [(face.track_id, face.box) for face in line.faces]
    return Moment(line.time, boxes, _says_where_faces_are(line))


def _says_where_faces_are(line: SidecarFrame) -> bool:
    """Tell whether a line without faces means that there are none: somebody must have looked lately."""
    if line.faces:
        return True
    if line.answer_age is None:
        return False
    return line.answer_age <= RECENT_LOOK or (line.finder_rate or 0.0) >= QUICK_FINDER


def _touch_up(kind: str, sidecar: Sidecar) -> _TouchUp:
    if kind == "blurred":
        return _Blurring(sidecar)
    if kind == "annotated":
        return _Annotating(sidecar)
    raise UsageError(f"there are no {kind!r} copies of clips; give annotated or blurred")


def _usable(path: Path, clip_file: Path) -> Sidecar:
    """Return the sidecar, if it says of any frame what was shown."""
    try:
        sidecar = read_sidecar(path)
    except OutputError as error:
        raise OutputError(f"{_refusal(clip_file)}: {error}") from error
    if next(sidecar.frames(), None) is None:
        raise OutputError(f"{_refusal(clip_file)}: the sidecar {path} says nothing of any frame")
    return sidecar


def _refusal(clip_file: Path) -> str:
    return f"no copy of {clip_file} can be made, because nothing tells where faces are in it"
