"""The faces of a clip's sidecar, as they were labelled live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.overlay import wording
from livecam.reports.seen import Moment, SeenFace, Span
from livecam.reports.spans import joined

if TYPE_CHECKING:
    from livecam.archive.sidecar import Sidecar, SidecarFrame

LONGEST_FRAME = 1.0
"""Seconds for which a frame's labels stand at most: a camera that was away showed nothing."""


def live_faces(sidecar: Sidecar, end: float | None) -> tuple[SeenFace, ...]:
    """Return the faces of a sidecar by their numbers.

    Args:
        sidecar: of the clip.
        end: of the video, in seconds; None where it is not known.

    Raises:
        OutputError: the file cannot be read.
    """
    moments: dict[int, list[Moment]] = {}
    spans: dict[int, list[Span]] = {}
    before: SidecarFrame | None = None
    for frame in sidecar.frames():
        if before is not None:
            _take(before, frame.time, moments, spans)
        before = frame
    if before is not None:
        _take(before, before.time if end is None else max(end, before.time), moments, spans)
    return tuple(
        SeenFace("live", number, tuple(moments[number]), joined(spans[number])) for number in sorted(moments)
    )


def _take(
    frame: SidecarFrame, until: float, moments: dict[int, list[Moment]], spans: dict[int, list[Span]]
) -> None:
    until = min(until, frame.time + LONGEST_FRAME)
    for face in frame.faces:
        emotion = face.emotion if wording.claims(face) else None
        confidence = face.confidence if emotion else None
        known = moments.setdefault(face.track_id, [])
        if known and known[-1].time >= frame.time:
            continue  # the same face twice on one frame: a damaged line
        known.append(Moment(frame.time, face.box.clamped(), emotion, confidence))
        if until > frame.time:
            so_far = spans.setdefault(face.track_id, [])
            so_far.append(Span(frame.time, until, emotion, confidence))
            so_far[-2:] = joined(so_far[-2:])  # of thousands of frames a few spans remain
        else:
            spans.setdefault(face.track_id, [])
