"""From CenterFace's output maps to boxes and points: plain arithmetic on arrays.

The maps have a quarter of the input's size. A cell above the threshold says that a face's centre lies
in it; the other maps give, for that cell, the log of height and width, the centre's offset inside the
cell (each vertical first), and five points relative to the box's top-left corner in units of its size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

STRIDE = 4
"""Input pixels per cell, in both directions."""
MOST_OVERLAP = 0.3
"""Intersection over union above which two peaks are the same face (as CenterFace was published)."""


def decode_peaks(
    heatmap: Floats, scale: Floats, offset: Floats, points: Floats, threshold: float
) -> tuple[Floats, Floats, Floats]:
    """Return boxes (n, 4: left, top, right, bottom), points (n, 5, 2) and scores (n), best first.

    The maps have the shapes (rows, columns), (2, rows, columns), (2, ...) and (10, ...). Results are in
    the input's pixels. Overlapping peaks are already merged.
    """
    rows, columns = np.nonzero(heatmap > threshold)
    scores = heatmap[rows, columns]
    height, width = np.exp(scale[:, rows, columns]) * STRIDE
    centre_y = (rows + offset[0, rows, columns] + 0.5) * STRIDE
    centre_x = (columns + offset[1, rows, columns] + 0.5) * STRIDE
    left, top = centre_x - width / 2, centre_y - height / 2
    boxes = np.stack([left, top, left + width, top + height], axis=1).astype(np.float32)
    relative = points[:, rows, columns]
    across = relative[1::2] * width + left
    down = relative[0::2] * height + top
    located = np.stack([across, down], axis=-1).transpose(1, 0, 2).astype(np.float32)
    kept = keep_distinct(boxes, scores)
    return boxes[kept], located[kept], scores[kept]


def keep_distinct(boxes: Floats, scores: Floats, most_overlap: float = MOST_OVERLAP) -> list[int]:
    """Return the indexes of boxes, best first, that do not overlap a better one too much."""
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    waiting = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while waiting.size:
        best, rest = waiting[0], waiting[1:]
        kept.append(int(best))
        corner_from = np.maximum(boxes[best, :2], boxes[rest, :2])
        corner_to = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        shared = np.clip(corner_to - corner_from, 0, None).prod(axis=1)
        overlap = shared / np.maximum(areas[best] + areas[rest] - shared, 1e-6)
        waiting = rest[overlap <= most_overlap]
    return kept
