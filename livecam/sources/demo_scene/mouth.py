"""Parts the lips along their line and draws what appears between them. Pure.

The one change of the face that is not a smooth displacement: above the line pixels move up, below
it down, and the chin follows. Coordinates and lengths are pixels of the portrait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from livecam.sources.demo_scene.expressions import Mouth

    Field: TypeAlias = NDArray[np.float32]

LINE_X, LINE_Y, LINE_SLOPE = 268.5, 278.6, -0.037
"""Where the closed lips meet: the middle of the line, and its slope (she tilts her head)."""

HALF_WIDTH = 40.0
ROUND_SHARE = 0.4
"""How much narrower the opening is at full roundness."""

DROP = 30.0
"""How far the lower lip sinks at a full drop of the jaw."""
LIFT = 5.0
"""How far the upper lip rises with it."""
CHIN_SHARE = 0.5
"""How far the chin sinks, as a share of the lower lip's way."""

LOWER_REACH, UPPER_REACH = 48.0, 22.0
"""How far from the lips the skin is still moved by them."""
CHIN_AT, CHIN_TO, CHIN_WIDTH = 48.0, 55.0, 105.0
"""The chin: how far below the line; how far below that the neck takes up its movement; half its width.
All of it ends inside the patch that `warp.py` works on."""

_INSIDE, _TONGUE, _TEETH = (
    np.array(colour, np.float32) for colour in ((26, 22, 48), (62, 58, 128), (170, 197, 214))
)
_TOOTH = 9.0
"""Width of a tooth."""


@dataclass(frozen=True, slots=True)
class PartedLips:
    """What parting the lips does to the patch."""

    from_y: Field
    """Row that each pixel is taken from."""
    opening: Field
    """How much of each pixel is the inside of the mouth, 0..1."""
    inside: Field
    """The inside's colour, BGR, shape (rows, columns, 3)."""


def part_lips(xs: Field, ys: Field, mouth: Mouth) -> PartedLips:
    """Part the lips of a face whose pixels are taken from `xs` and `ys` so far."""
    across = (xs - LINE_X) / (HALF_WIDTH * (1 - ROUND_SHARE * mouth.roundness))
    profile = np.clip(1 - np.abs(across) ** 2.2, 0, 1) ** 0.6
    line = LINE_Y + LINE_SLOPE * (xs - LINE_X)
    below = ys - line
    drop, lift = mouth.jaw * DROP * profile, mouth.jaw * LIFT * profile
    from_y = line + np.where(
        below > 0,
        np.maximum(below - drop * (1 - _smooth((below - drop) / LOWER_REACH)) - _chin(xs, below, mouth), 0),
        np.minimum(below + lift * (1 - _smooth((-below - lift) / UPPER_REACH)), 0),
    )
    to_lip = np.minimum(drop - below, below + lift)
    opening = np.clip(to_lip / 1.5 + 0.3, 0, 1) * (profile > 0) * min(1.0, mouth.jaw * 8)
    height = np.clip((below + lift) / np.maximum(drop + lift, 1e-3), 0, 1)
    return PartedLips(
        from_y.astype(np.float32),
        cv2.GaussianBlur(opening.astype(np.float32), (0, 0), 0.8).astype(np.float32),
        _inside(xs, across, height, mouth.teeth),
    )


def _chin(xs: Field, below: Field, mouth: Mouth) -> Field:
    """Return how far the chin sinks at each pixel; the neck below it takes up the movement."""
    sideways = _smooth(1 - np.abs(xs - LINE_X) / CHIN_WIDTH)
    downwards = _smooth(below / CHIN_AT) * (1 - _smooth((below - CHIN_AT) / CHIN_TO))
    return np.asarray(CHIN_SHARE * mouth.jaw * DROP * sideways * downwards, np.float32)


def _inside(xs: Field, across: Field, height: Field, share: float) -> Field:
    """Return the colour of the mouth's inside: teeth above, tongue below, dark between.

    Args:
        xs: column of each pixel.
        across: -1 at the left corner of the opening, 1 at the right one.
        height: 0 at the upper lip, 1 at the lower one.
        share: share of the height that the teeth fill.
    """
    gaps = 1 - 0.18 * np.exp(-((((xs - LINE_X + _TOOTH / 3) % _TOOTH - _TOOTH / 2) / 1.0) ** 2))
    rounding = 1 - 0.35 * across**2  # the row of teeth curves back into shadow
    teeth = np.clip((0.8 * share - height) / 0.12 + 0.5, 0, 1) * _smooth(
        np.asarray((0.98 - np.abs(across)) / 0.35, np.float32)
    )
    teeth = teeth * gaps * rounding * min(1.0, 3 * share)
    tongue = _smooth((height - 0.55) / 0.45)[..., np.newaxis]
    dark = _INSIDE + (_TONGUE - _INSIDE) * tongue
    return np.asarray(dark + (_TEETH - dark) * teeth[..., np.newaxis], np.float32)


def _smooth(values: Field) -> Field:
    """Return 0 up to 0, 1 from 1, and the smooth step between."""
    clipped = np.clip(values, 0, 1)
    return np.asarray(clipped * clipped * (3 - 2 * clipped), np.float32)
