"""Puts an expression onto the face: moves its pixels, shades its skin, opens its mouth. Pure.

Works on one patch of the portrait. Displacements say where a pixel of the result is taken from, so
that every pixel is defined; they fade out before the edges of the patch, so that it fits back in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2
from livecam.sources.demo_scene.expressions import MUSCLES
from livecam.sources.demo_scene.mouth import part_lips

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from livecam.frames import Image
    from livecam.sources.demo_scene.expressions import Expression, Muscle

    Field: TypeAlias = NDArray[np.float32]

LEFT, TOP, RIGHT, BOTTOM = 150, 125, 380, 385
"""The part of the portrait that expressions may change, in its pixels."""

PATCH = (slice(TOP, BOTTOM), slice(LEFT, RIGHT))
"""Rows and columns of that part."""

_FADE = 12.0
"""Width in pixels of the rim of the patch over which every change fades out."""

_SHADE_TINT = np.array([1.25, 1.1, 0.75], np.float32)
"""How strongly a shade darkens blue, green and red: skin in shadow turns warm, not grey."""


class FaceWarp:
    """Expressions for one portrait.

    Args:
        portrait: BGR, shape (600, 512, 3).
    """

    def __init__(self, portrait: Image) -> None:
        self._patch = portrait[PATCH]
        xs, ys = np.meshgrid(np.arange(LEFT, RIGHT), np.arange(TOP, BOTTOM))
        self._xs, self._ys = xs.astype(np.float32), ys.astype(np.float32)
        to_edge = np.minimum(
            np.minimum(self._xs - LEFT, RIGHT - 1 - self._xs),
            np.minimum(self._ys - TOP, BOTTOM - 1 - self._ys),
        )
        fade = np.minimum(to_edge / _FADE, 1.0).astype(np.float32)
        self._fields = {
            name: (_pulled(muscle, self._xs, self._ys) * fade, _shaded(muscle, self._xs, self._ys) * fade)
            for name, muscle in MUSCLES.items()
        }

    def apply(self, expression: Expression) -> Image:
        """Return the patch with an expression, BGR, shape (BOTTOM - TOP, RIGHT - LEFT, 3)."""
        moved = np.zeros((2, *self._xs.shape), np.float32)
        shade = np.zeros_like(self._xs)
        for name, strength in expression.muscles.items():
            pulls, shades = self._fields[name]
            moved += np.float32(strength) * pulls
            shade += np.float32(strength) * shades
        from_x, from_y = self._xs - moved[0], self._ys - moved[1]
        mouth = part_lips(from_x, from_y, expression.mouth) if expression.mouth.jaw > 0 else None
        if mouth is not None:
            from_y = mouth.from_y
        pixels = cv2.remap(
            self._patch, from_x - LEFT, from_y - TOP, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        skin = pixels * np.exp(-shade[..., np.newaxis] * _SHADE_TINT)
        if mouth is not None:
            skin += (mouth.inside - skin) * mouth.opening[..., np.newaxis]
        return np.asarray(np.clip(skin, 0, 255), np.uint8)


def _pulled(muscle: Muscle, xs: Field, ys: Field) -> Field:
    """Return how far a muscle moves each pixel, shape (2, rows, columns): x, then y."""
    field = np.zeros((2, *xs.shape), np.float32)
    for pull in muscle.pulls:
        bell = np.exp(-(((xs - pull.x) / pull.reach_x) ** 2) - ((ys - pull.y) / pull.reach_y) ** 2)
        field[0] += bell * pull.dx
        field[1] += bell * (pull.dy + pull.grow * (ys - pull.y))
    return field


def _shaded(muscle: Muscle, xs: Field, ys: Field) -> Field:
    """Return how far a muscle darkens each pixel, as a logarithm, shape (rows, columns)."""
    field = np.zeros_like(xs)
    for shade in muscle.shades:
        cos, sin = np.cos(np.deg2rad(shade.degrees)), np.sin(np.deg2rad(shade.degrees))
        along = (xs - shade.x) * cos + (ys - shade.y) * sin
        across = (ys - shade.y) * cos - (xs - shade.x) * sin
        field += shade.depth * np.exp(-((along / shade.long) ** 2) - (across / shade.thin) ** 2)
    return field
