"""Scores what a run showed, from its `--trace`, by the same rules as the simulation.

Three things a trace does not say are settled like this:

- A frame that was not displayed counts with the boxes of the frame before it: what was dropped is paid for
  as if the boxes had stood still. Frames before the first and after the last displayed one do not count.
- A person is answered about from the first frame on which a face shown on them has a detector's scores
  (`emotion_source`) until they are gone, also while nothing is shown on them.
- Labels are scored only if the reference itself says what faces express.
"""

from __future__ import annotations

import bisect
import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livecam.bench.overlay.footage import opened
from livecam.bench.overlay.matches import ON_FACE_FROM, matched
from livecam.bench.overlay.methods import REAL
from livecam.bench.overlay.results import ClipResult, ShownFace, ShownFrame
from livecam.bench.overlay.scores import scored
from livecam.bench.overlay.simulation import unheard
from livecam.bench.overlay.telling import teller_of
from livecam.bench.overlay.walk import Walk
from livecam.errors import UsageError
from livecam.faces import BoundingBox, Emotion
from livecam.sources.demo_scene.source import FPS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from livecam.bench.overlay.methods import Parts
    from livecam.bench.overlay.request import Request
    from livecam.bench.overlay.results import TrueFace

METHOD = "trace"
"""Name of the one method in the result."""
_GREATEST = 1e9
"""Of a line's numbers, either way: seconds of thirty years, pictures of a year."""


@dataclass(frozen=True, slots=True)
class TracedFrame:
    """One line of a trace."""

    source: str
    """What was played."""
    sequence: int
    captured_at: float
    answered_at: float | None
    """When the frame of the newest answer was captured; None before the first."""
    faces: tuple[ShownFace, ...]
    answered: frozenset[int]
    """Track ids of the faces that a detector has scored."""


def read_trace(path: Path) -> tuple[TracedFrame, ...]:
    """Return the displayed frames of a run, in the order of the clip.

    Raises:
        UsageError: it cannot be read or is no trace; the message names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"the trace {path} cannot be read: {reason}") from error
    frames: dict[int, TracedFrame] = {}
    for number, line in enumerate(lines, start=1):
        try:
            frame = _traced(json.loads(line))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            reason = "this is not a line of a trace; write one with: livecam run --trace FILE"
            raise UsageError(f"{path}, line {number}: {reason}") from error
        frames[frame.sequence] = frame
    if not frames:
        raise UsageError(f"the trace {path} is empty: nothing was displayed")
    return tuple(frames[sequence] for sequence in sorted(frames))


def score_trace(
    request: Request,
    clip: Path | None,
    trace: Path,
    progress: Callable[[int, int], None] = unheard,
    *,
    parts: Parts = REAL,
) -> ClipResult:
    """Return what a run of a clip showed, and its scores.

    Args:
        request: its truth and its convention count, the rest was the run's.
        clip: the file that was played; None for the demo scene.
        trace: what the run wrote.
        progress: told how many pictures are done, and of how many.
        parts: the real ones unless a test brings its own.

    Raises:
        UsageError: trace or reference cannot be used, or the trace is of a longer clip.
        SourceError: the clip cannot be read.
        ModelMissing: nobody but the finder knows where faces are, and it is not installed.
        MissingDependency: the demo scene's portrait is not installed.
    """
    traced = read_trace(trace)
    first, last = traced[0].sequence, traced[-1].sequence
    plain = dataclasses.replace(request, shake=False, speed=1, max_seconds=None)
    times: list[float] = []
    with opened(clip, seconds=(last + 1) / FPS) as footage:
        played, named = traced[0].source, clip.name if clip else footage.name
        if played != named:
            raise UsageError(f"{trace} is a trace of {played}, not of {named}; name what was played")
        teller = teller_of(footage, request.truth, parts.make_locator)
        walk = Walk(plain, footage, teller, progress)
        for frame, _ in walk.frames():
            times.append(frame.media_time)
            if frame.sequence == last:
                break
    if len(times) <= last:
        raise UsageError(f"{trace} has frame {last}, but {footage.name} has {len(times)} with a reference")
    truth = walk.truth[first:]
    shown = shown_frames(traced, times[first:], truth)
    return ClipResult(
        clip=footage.name,
        path=footage.path,
        truth_from=teller.description,
        fps=footage.fps,
        width=footage.width,
        height=footage.height,
        truth=truth,
        methods=(scored(METHOD, truth, shown, scores_labels=teller.knows_emotions),),
    )


def shown_frames(
    traced: Sequence[TracedFrame], times: Sequence[float], truth: Sequence[Sequence[TrueFace]]
) -> tuple[ShownFrame, ...]:
    """Return what was to be seen on each frame from the first displayed to the last.

    Args:
        traced: the displayed frames in order.
        times: media time of every frame from the first displayed on.
        truth: who was where on each of these.
    """
    first, lines = traced[0].sequence, {frame.sequence: frame for frame in traced}
    line = traced[0]
    known: set[int] = set()
    answered_at: float | None = None
    shown = []
    for index, (at, faces) in enumerate(zip(times, truth, strict=True)):
        line = lines.get(first + index, line)
        known |= {
            match.true.person
            for match in matched(faces, line.faces).matches
            if match.iou >= ON_FACE_FROM and match.shown.track_id in line.answered
        }
        answered = None if line.answered_at is None else _nearest(traced, line.answered_at) - first
        is_new = line.answered_at is not None and line.answered_at != answered_at
        answered_at = line.answered_at
        shown.append(
            ShownFrame(
                first + index, at, line.faces, frozenset(known), answers=int(is_new), answered=answered
            )
        )
    return tuple(shown)


def _nearest(traced: Sequence[TracedFrame], captured_at: float) -> int:
    """Return the displayed frame that was captured nearest to an instant."""
    after = bisect.bisect(traced, captured_at, key=lambda frame: frame.captured_at)
    around = traced[max(after - 1, 0) : after + 1]
    return min(around, key=lambda frame: abs(frame.captured_at - captured_at)).sequence


def _traced(record: Any) -> TracedFrame:  # noqa: ANN401  JSON
    age = record["answer_age"]
    faces = record["faces"]
    # Rounded, as the age is: else the same answer would seem another one with every frame.
    answered_at = None if age is None else round(_number(record["displayed_at"]) - _number(age), 3)
    return TracedFrame(
        source=str(record["source"]),
        sequence=_count(record["frame"]),
        captured_at=_number(record["captured_at"]),
        answered_at=answered_at,
        faces=tuple(_face(face) for face in faces),
        answered=frozenset(_count(face["track_id"]) for face in faces if face["emotion_source"] is not None),
    )


def _face(record: dict[str, Any]) -> ShownFace:
    box = BoundingBox(*(_number(side) for side in record["box"]))
    if not box.is_proper:
        raise ValueError("no box of a face")
    emotion = None if record["emotion"] is None else Emotion(record["emotion"])
    return ShownFace(_count(record["track_id"]), box, emotion)


def _number(value: object) -> float:
    # Compared, since an int may be too large to become a float; NaN is within nothing.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _GREATEST:
        raise TypeError("not a number")
    return float(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _GREATEST:
        raise TypeError("not a count")
    return value
