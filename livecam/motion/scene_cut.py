"""Whether two frames, one after the other, show different scenes: a pure test of two thumbnails.

A camera that pans or shakes, a lamp that is switched and a fast hand change a picture as much as a cut does.
So the thumbnails are laid over each other where they fit best, and made equally bright and rich in contrast;
what still differs then is another scene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.motion.small_frames import Grey

Thumbnail: TypeAlias = NDArray[np.uint8]
"""Brightness 0..255, shape (45, 80), whatever the frame's proportions."""

COLUMNS, ROWS = 80, 45
COARSE = (32, 18)
"""Columns and rows in which thumbnails are compared: what moves within a face does not show there."""
FARTHEST = 0.2
"""Of the width and height by which a camera may have moved from one frame to the next."""

# In steps of brightness, 0..255. In the shared clips, at 1, 2 and 4 times the speed and on a camera that
# sweeps a fifth of the picture three times a second, cuts (four between people in one room) differ by 22 and
# more and have a product of 3.4 and more; all else has 13 and 1.4 at most, a lamp that does not blind 10
# and 0.8.
LEAST_CHANGE = 14.0
"""Mean difference of the thumbnails as they are, which cuts exceed by a third. Below it nothing else is
looked at, so that a cut between two dim pictures passes unseen."""
LEAST_DIFFERENCE = 16.0
"""The same once they are laid over each other."""
LEAST_PRODUCT = 2.0
"""That difference times one minus the correlation."""
FLAT = 2.0
"""Standard deviation under which there is no pattern to compare: a covered lens, noise and all."""


def thumbnail(small: Grey) -> Thumbnail:
    """Return the thumbnail of a small frame."""
    return np.asarray(cv2.resize(small, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def is_cut(before: Thumbnail, after: Thumbnail) -> bool:
    """Return whether another scene begins with the second of two thumbnails.

    It takes 0.01 ms, and 0.1 ms where much has changed.
    """
    if cv2.norm(before, after, cv2.NORM_L1) / before.size <= LEAST_CHANGE:
        return False
    flat = before.std() < FLAT, after.std() < FLAT
    if any(flat):
        # Nothing to lay over each other. Black and white are both no scene at all.
        return not all(flat)
    one, other = (_standardised(part) for part in _overlap(before, after))
    contrast = float(np.sqrt(before.std() * after.std()))
    difference = float(np.abs(one - other).mean()) * contrast
    correlation = float((one * other).mean())
    return difference > LEAST_DIFFERENCE and difference * (1 - correlation) > LEAST_PRODUCT


def _overlap(before: Thumbnail, after: Thumbnail) -> tuple[Thumbnail, Thumbnail]:
    """Return what both show if the camera moved so that the middle of the first fits best."""
    down, across = int(ROWS * FARTHEST), int(COLUMNS * FARTHEST)
    middle = before[down : ROWS - down, across : COLUMNS - across]
    fits = cv2.matchTemplate(after, middle, cv2.TM_CCOEFF_NORMED)
    row, column = np.unravel_index(int(fits.argmax()), fits.shape)
    dy, dx = int(row) - down, int(column) - across
    return _shifted(before, -dy, -dx), _shifted(after, dy, dx)


def _shifted(picture: Thumbnail, dy: int, dx: int) -> Thumbnail:
    """Return the part from (dy, dx) on, or up to there where they are negative."""
    return picture[max(0, dy) : ROWS + min(0, dy), max(0, dx) : COLUMNS + min(0, dx)]


def _standardised(part: Thumbnail) -> NDArray[np.float32]:
    """Return a part in coarse, with mean 0 and standard deviation 1."""
    coarse = cv2.resize(part, COARSE, interpolation=cv2.INTER_AREA).astype(np.float32)
    coarse -= coarse.mean()
    return np.asarray(coarse / max(float(coarse.std()), FLAT / 2), dtype=np.float32)
