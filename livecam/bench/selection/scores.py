"""How well a policy did: what it asked, what was seen of the changes, and how soon. Pure."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from livecam.bench.selection.results import PolicyResult, Scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.bench.selection.results import Change, Observation, ObservedFrame, Run

IN_TIME = 1.5
"""Seconds from a change to its label: later, people would not call it live."""
_MOMENT = 1e-6
"""Seconds by which sums of frame times may be off."""


def scored(observation: Observation, run: Run, baseline: Run, *, price_usd: float) -> PolicyResult:
    """Return how a policy did.

    Args:
        observation: the clip.
        run: what the policy asked and what was shown.
        baseline: the same of the policy that others are compared with.
        price_usd: of one call.
    """
    delays, of_baseline = _delays(observation, run), _delays(observation, baseline)
    shown = [delay for delay in delays if delay is not None]
    hours = observation.duration / 3600
    cost = len(run.calls) * price_usd
    scores = Scores(
        calls=len(run.calls),
        calls_share=_share(len(run.calls), len(baseline.calls)),
        calls_per_hour=len(run.calls) / hours,
        cost_usd=cost,
        cost_per_hour=cost / hours,
        changes=len(delays),
        seen=_share(_in_time(delays), len(delays)),
        seen_share=_share(_in_time(delays), _in_time(of_baseline)),
        delay_median=median(shown) if shown else None,
        delay_p95=_percentile(shown, 0.95),
        first_label_median=_first_label(observation, run),
        right=_right(observation, run),
    )
    reasons = Counter(call.reason for call in run.calls)
    return PolicyResult(run.policy, scores, _per_minute(observation, run), reasons, run.passed_over)


def _delays(observation: Observation, run: Run) -> list[float | None]:
    """Return the seconds from each change to its label; None where that never came before the next one.

    A label that comes in time counts even if the face has changed again by then.
    """
    frames, changes = observation.frames, observation.changes
    delays = []
    for index, change in enumerate(changes):
        later = (each.at for each in changes[index + 1 :] if each.person == change.person)
        until = max(next(later, math.inf), change.at + IN_TIME)
        delays.append(_delay(change, until, frames, run))
    return delays


def _delay(change: Change, until: float, frames: Sequence[ObservedFrame], run: Run) -> float | None:
    first = bisect_left(frames, change.at, key=lambda frame: frame.at)
    for frame in frames[first:]:
        if frame.at > until + _MOMENT:
            return None
        if run.labels[frame.sequence].get(change.person) is change.emotion:
            return frame.at - change.at
    return None


def _in_time(delays: Sequence[float | None]) -> int:
    return sum(delay is not None and delay <= IN_TIME + _MOMENT for delay in delays)


def _first_label(observation: Observation, run: Run) -> float | None:
    """Return the median of the seconds from a person's first frame to their first label."""
    came: dict[int, float] = {}
    named: dict[int, float] = {}
    for frame in observation.frames:
        for face in frame.truth:
            came.setdefault(face.person, frame.at)
            if run.labels[frame.sequence].get(face.person) is not None:
                named.setdefault(face.person, frame.at)
    waits = [at - came[person] for person, at in named.items()]
    return median(waits) if waits else None


def _right(observation: Observation, run: Run) -> float | None:
    """Return the share of face-frames whose label is the truth."""
    right = [
        labels.get(face.person) is face.emotion
        for frame, labels in zip(observation.frames, run.labels, strict=True)
        for face in frame.truth
    ]
    return _share(sum(right), len(right))


def _per_minute(observation: Observation, run: Run) -> dict[str, float]:
    """Return the calls per minute of each activity, in the order in which they first happen."""
    frames = Counter(frame.activity for frame in observation.frames)
    calls = Counter(observation.frames[call.frame].activity for call in run.calls)
    return {activity: calls[activity] * 60 * observation.fps / count for activity, count in frames.items()}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _percentile(values: Sequence[float], share: float) -> float | None:
    """Return the least value that at least that share of all do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else None
