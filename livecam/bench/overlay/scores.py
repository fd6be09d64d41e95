"""What one method's boxes and labels are worth on one clip: pure. Shares are 0..1, durations seconds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from livecam.bench.overlay.appearances import appearances, id_changes
from livecam.bench.overlay.label_truth import label_shares
from livecam.bench.overlay.matches import MatchedFrame, matched
from livecam.bench.overlay.results import MethodResult, Scores
from livecam.bench.overlay.unrest import jitter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.overlay.results import ShownFrame, TrueFace

HALF, GOOD = 0.5, 0.7
"""Overlaps that a viewer takes for "on the face" and for "right on it"."""
ASSUMED_STEP = 1 / 30
"""Seconds that a single frame is taken to last."""


@dataclass(frozen=True, slots=True)
class _Overlaps:
    """The overlap of each face that counts with what is shown on it; 0 where nothing is."""

    known: list[float]
    """Of faces answered about."""
    everyone: list[float]
    over_time: tuple[float | None, ...]


def scored(
    method: str,
    truth: Sequence[Sequence[TrueFace]],
    shown: Sequence[ShownFrame],
    *,
    scores_labels: bool = True,
) -> MethodResult:
    """Return what a method showed together with its scores.

    Args:
        method: its name.
        truth: the faces of each frame.
        shown: the same frames as they were shown; `answered` is an index into them.
        scores_labels: whether the reference knows what the labels ought to be.
    """
    frames = [matched(faces, frame.faces) for faces, frame in zip(truth, shown, strict=True)]
    overlaps = _overlaps(frames, shown)
    persons = [each for each in appearances(shown, frames) if each.shown_at is not None or not each.is_brief]
    first_boxes = [each.first_box for each in persons if each.first_box is not None]
    right, of_others = label_shares(shown, frames) if scores_labels else (None, None)
    costs = [1000 * frame.cpu for frame in shown]
    is_measured = any(costs)
    return MethodResult(
        method,
        Scores(
            iou=_mean(overlaps.known),
            iou_all=_mean(overlaps.everyone),
            over_50=_mean([each > HALF for each in overlaps.known]),
            over_70=_mean([each > GOOD for each in overlaps.known]),
            p5=_percentile(overlaps.known, 5),
            jitter=jitter(frames),
            ghosts=_ghost_share(frames),
            ghost_seconds=_ghost_seconds(frames, shown),
            id_changes=id_changes(persons),
            first_box_median=_percentile(first_boxes, 50),
            first_box_p95=_percentile(first_boxes, 95),
            never_shown=sum(each.shown_at is None for each in persons),
            labels_right=right,
            labels_of_others=of_others,
            cpu_ms=_mean(costs) if is_measured else None,
            cpu_ms_p95=_percentile(costs, 95) if is_measured else None,
            cpu_ms_answer=_greatest([1000 * frame.cpu for frame in shown if frame.answers and frame.cpu]),
            face_frames=len(overlaps.everyone),
        ),
        tuple(shown),
        overlaps.over_time,
    )


def _overlaps(frames: Sequence[MatchedFrame], shown: Sequence[ShownFrame]) -> _Overlaps:
    known: list[float] = []
    everyone: list[float] = []
    over_time: list[float | None] = []
    for frame, seen in zip(frames, shown, strict=True):
        found = {match.true.person: match.iou for match in frame.matches}
        counting = [face.person for face in frame.true if face.counts]
        here = [found.get(person, 0.0) for person in counting]
        known += [found.get(person, 0.0) for person in counting if person in seen.known]
        everyone += here
        over_time.append(_mean(here))
    return _Overlaps(known, everyone, tuple(over_time))


def _ghost_share(frames: Sequence[MatchedFrame]) -> float | None:
    boxes = sum(frame.shown for frame in frames)
    return sum(frame.ghosts for frame in frames) / boxes if boxes else None


def _ghost_seconds(frames: Sequence[MatchedFrame], shown: Sequence[ShownFrame]) -> float:
    """Return the seconds for which boxes were on no face, two boxes counting twice."""
    times = [frame.at for frame in shown]
    steps = [after - before for before, after in itertools.pairwise(times)]
    steps += [steps[-1] if steps else ASSUMED_STEP][: len(times) - len(steps)]
    return sum(frame.ghosts * step for frame, step in zip(frames, steps, strict=True))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _percentile(values: Sequence[float], percent: float) -> float | None:
    return float(np.percentile(values, percent)) if len(values) else None


def _greatest(values: Sequence[float]) -> float | None:
    return max(values, default=None)
