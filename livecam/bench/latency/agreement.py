"""Which faces of the largest pictures are found in smaller ones too.

Two boxes are of one face when they overlap by half or more; of all ways to pair them, the one with the most
pairs is taken (the assignment problem, `scipy.optimize.linear_sum_assignment`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from livecam.bench.latency.bootstrap import require_scipy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.bench.latency.conditions import Condition
    from livecam.bench.latency.samples import FoundFace, Run, Sample

Faces: TypeAlias = "tuple[FoundFace, ...]"

SAME_FACE_FROM = 0.5
"""Overlap (IoU) of two boxes that are of one face."""


def pairs(found: Sequence[FoundFace], true: Sequence[FoundFace]) -> int:
    """Return how many faces two answers have in common.

    Raises:
        MissingDependency: scipy is not installed.
    """
    if not found or not true:
        return 0
    require_scipy()
    from scipy.optimize import linear_sum_assignment

    overlaps = np.array([[_iou(a, b) for b in true] for a in found])
    worth = np.where(overlaps >= SAME_FACE_FROM, 1.0 + overlaps / (len(found) + len(true)), 0.0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return int(np.count_nonzero(overlaps[rows, columns] >= SAME_FACE_FROM))


def _iou(a: FoundFace, b: FoundFace) -> float:
    across = min(a.left + a.width, b.left + b.width) - max(a.left, b.left)
    down = min(a.top + a.height, b.top + b.height) - max(a.top, b.top)
    common = max(across, 0.0) * max(down, 0.0)
    both = a.width * a.height + b.width * b.height - common
    return common / both if both > 0 else 0.0


@dataclass(slots=True)
class Agreement:
    """Compares answers with those of the largest pictures (of those, the best JPEGs) that were answered.

    Of several such conditions, one with the same attributes and the same Region is taken, if there is one.
    Of several answers about one picture, one is taken that finds as many faces as most of them do.

    Args:
        run: what was measured.
        answers: the measured calls that were answered.
    """

    run: Run
    answers: Sequence[Sample]
    reference: int | None = None
    """Index of the condition that others are compared with; None when nothing was answered."""
    _best: frozenset[int] = frozenset()
    _true: dict[tuple[object, ...], Faces] = field(default_factory=dict)
    _known: dict[tuple[Faces, Faces], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with_faces = [sample for sample in self.answers if sample.faces is not None]
        seen = {sample.condition for sample in with_faces}
        if not seen:
            return
        largest = max(_size(self.run.conditions[index]) for index in seen)
        self._best = frozenset(index for index in seen if _size(self.run.conditions[index]) == largest)
        self.reference = min(self._best)
        answers: dict[tuple[object, ...], list[Faces]] = {}
        for sample in with_faces:
            if sample.condition in self._best and sample.faces is not None:
                for key in self._keys(sample):
                    answers.setdefault(key, []).append(sample.faces)
        self._true = {key: _typical(each) for key, each in answers.items()}

    def of(self, index: int) -> float | None:
        """Return F1 of a condition's faces; None where neither it nor the reference found any, or no answer.

        F1 = 2 c / (2 c + m + e): faces in common, missed and found beside them, over all its answers.
        """
        own = [each for each in self.answers if each.condition == index and each.faces is not None]
        if index in self._best:
            return 1.0 if own else None
        common = total = 0
        for sample in own:
            true = self._true_of(sample)
            if true is None or sample.faces is None:
                continue
            common += self._common(sample.faces, true)
            total += len(sample.faces) + len(true)
        return 2 * common / total if total else None

    def _common(self, found: Faces, true: Faces) -> int:
        key = found, true
        if key not in self._known:
            self._known[key] = pairs(found, true)
        return self._known[key]

    def _true_of(self, sample: Sample) -> Faces | None:
        return next((self._true[key] for key in self._keys(sample) if key in self._true), None)

    def _keys(self, sample: Sample) -> Iterator[tuple[object, ...]]:
        """Yield what an answer may be looked for by, the nearest relation first."""
        condition = self.run.conditions[sample.condition]
        yield "both", sample.picture, condition.attributes, condition.region
        yield "attributes", sample.picture, condition.attributes
        yield "region", sample.picture, condition.region
        yield "picture", sample.picture


def _size(condition: Condition) -> tuple[int, int]:
    return condition.width, condition.quality


def _typical(answers: Sequence[Faces]) -> Faces:
    count, _ = Counter(len(each) for each in answers).most_common(1)[0]
    return next(each for each in answers if len(each) == count)
