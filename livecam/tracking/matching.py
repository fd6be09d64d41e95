"""Which of the boxes seen is which of the faces known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.faces import BoundingBox

LEAST_IOU = 0.1
"""Overlap from which two boxes may be one face..."""
FARTHEST = 0.9
"""...or the distance of their centres, in face sizes, below which they may."""
SIZE_RATIO = 0.7
"""Natural logarithm of the ratio of sizes (2 : 1) from which they may not."""
NEARNESS = 0.2
"""What nearness counts beside overlap."""
_NEVER = 1e9


def match(known: Sequence[BoundingBox], seen: Sequence[BoundingBox]) -> dict[int, int]:
    """Return the best pairing of boxes as a whole: index in `known` -> index in `seen`."""
    return dict(assign([[affinity(a, b) for b in seen] for a in known]))


def affinity(one: BoundingBox, other: BoundingBox) -> float:
    """Return how likely two boxes are the same face: 0 for not at all, else 1 or more."""
    if one.area <= 0 or other.area <= 0 or abs(math.log(other.area / one.area)) / 2 >= SIZE_RATIO:
        return 0.0
    overlap = one.iou(other)
    (x, y), (other_x, other_y) = one.center, other.center
    across = 2 * (other_x - x) / (one.width + other.width)
    down = 2 * (other_y - y) / (one.height + other.height)
    distance = math.hypot(across, down)
    if overlap <= LEAST_IOU and distance >= FARTHEST:
        return 0.0
    return max(1.0 + overlap + NEARNESS * (1 - distance), 1e-3)


def assign(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) with the greatest sum of scores; what scores 0 is never paired.

    The Hungarian method by shortest augmenting paths (Kuhn 1955, Jonker and Volgenant 1987): 100 faces
    take some 10 ms, ten a twentieth of one.
    """
    rows, columns = len(scores), len(scores[0]) if scores else 0
    if not rows or not columns:
        return []
    size = max(rows, columns)
    costs = [
        [-scores[i][j] if i < rows and j < columns and scores[i][j] > 0 else 0.0 for j in range(size)]
        for i in range(size)
    ]
    owner = _augmented(costs)
    pairs = ((owner[j], j) for j in range(columns))
    return sorted((i, j) for i, j in pairs if i < rows and scores[i][j] > 0)


def _augmented(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the row of each column in the cheapest full assignment of a square matrix."""
    size = len(costs)
    prices = _Prices([0.0] * size, [0.0] * size)
    owner = [-1] * size
    for row in range(size):
        column, before = _cheapest_path(costs, prices, owner, row)
        while column >= 0:  # hand each column on the path to the row before it
            previous = before[column]
            owner[column] = owner[previous] if previous >= 0 else row
            column = previous
    return owner


@dataclass(frozen=True, slots=True)
class _Prices:
    """What is taken off the costs, so that the pairs found so far cost nothing."""

    rows: list[float]
    columns: list[float]


def _cheapest_path(
    costs: Sequence[Sequence[float]], prices: _Prices, owner: Sequence[int], row: int
) -> tuple[int, list[int]]:
    """Return a column without a row to which the cheapest path from `row` leads, and each column's last."""
    size = len(costs)
    slack, before = [_NEVER] * size, [-1] * size
    is_open = [True] * size
    column, current = -1, row
    while current >= 0:
        if column >= 0:
            is_open[column] = False
        for j in range(size):
            reduced = costs[current][j] - prices.rows[current] - prices.columns[j]
            if is_open[j] and reduced < slack[j]:
                slack[j], before[j] = reduced, column
        nearest = min((j for j in range(size) if is_open[j]), key=slack.__getitem__)
        step = slack[nearest]
        prices.rows[row] += step
        for j in range(size):
            if is_open[j]:
                slack[j] -= step
            else:
                prices.rows[owner[j]] += step
                prices.columns[j] -= step
        column, current = nearest, owner[nearest]
    return column, before
