"""Truth of a clip that nobody has labelled: a model's scores on every frame, smoothed without lag. Pure.

It is a model's: what the model cannot see does not count as a change, and what it imagines does.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from livecam.faces import Emotion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TAU = 0.3
"""Seconds of the moving average, once forwards and once backwards."""
HYSTERESIS = 10.0
"""Points (of 100) by which another emotion must lead to take over."""
LEAST = 0.7
"""Seconds that an expression must last to count."""


def settled(times: Sequence[float], scores: Sequence[Mapping[Emotion, float]]) -> list[Emotion]:
    """Return what one face expresses at each time.

    Args:
        times: seconds, ascending.
        scores: what a model said at each of them, 0..100; what it leaves out counts as 0.
    """
    emotions = sorted({emotion for each in scores for emotion in each})
    if not emotions:
        return [Emotion.UNKNOWN] * len(times)
    smooth = {emotion: _both_ways(times, [each.get(emotion, 0.0) for each in scores]) for emotion in emotions}
    leaders: list[Emotion] = []
    for index in range(len(times)):
        best = max(emotions, key=lambda emotion: smooth[emotion][index])
        held = leaders[-1] if leaders else best
        is_over = smooth[best][index] > smooth[held][index] + HYSTERESIS
        leaders.append(best if is_over else held)
    return _without_brief(times, leaders)


def _both_ways(times: Sequence[float], values: Sequence[float]) -> list[float]:
    forwards = _averaged(times, values)
    backwards = _averaged([-time for time in reversed(times)], forwards[::-1])
    return backwards[::-1]


def _averaged(times: Sequence[float], values: Sequence[float]) -> list[float]:
    found = [values[0]]
    for (before, now), value in zip(pairwise(times), values[1:], strict=True):
        weight = 1 - math.exp(-(now - before) / TAU)
        found.append(found[-1] + weight * (value - found[-1]))
    return found


def _without_brief(times: Sequence[float], leaders: Sequence[Emotion]) -> list[Emotion]:
    """Return the leaders with brief ones replaced by the one before, or at the beginning by the next."""
    starts = [0, *(index + 1 for index, (a, b) in enumerate(pairwise(leaders)) if a is not b), len(leaders)]
    lasting = [
        (begin, end)
        for begin, end in pairwise(starts)
        if times[min(end, len(times) - 1)] - times[begin] >= LEAST
    ]
    if not lasting:
        return [leaders[0]] * len(leaders)
    kept = [leaders[lasting[0][0]]] * len(leaders)
    for begin, _ in lasting:
        kept[begin:] = [leaders[begin]] * (len(leaders) - begin)
    return kept
