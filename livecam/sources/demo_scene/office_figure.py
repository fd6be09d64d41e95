"""The person of the office scene as pixels, with any expression, laid into a picture. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2
from livecam.sources.demo_scene.portrait import (
    FACE_BOX,
    FIGURE_HEIGHT,
    WIDTH,
    figure_alpha,
    figure_pixels,
)
from livecam.sources.demo_scene.warp import PATCH, FaceWarp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livecam.frames import Image
    from livecam.sources.demo_scene.expressions import Expression


class OfficeFigure:
    """Head and shoulders of the person in the portrait.

    Faces are made anew each time, not remembered: talking has no two alike.

    Args:
        portrait: BGR, shape (600, 512, 3).
    """

    def __init__(self, portrait: Image) -> None:
        self._rest = figure_pixels(portrait)
        alpha = figure_alpha()
        self._opacity = np.asarray(cv2.merge([alpha, alpha, alpha]), np.uint8)
        self._warp = FaceWarp(portrait)

    def with_expression(self, expression: Expression) -> Image:
        """Return the figure's colours, BGR, shape (FIGURE_HEIGHT, WIDTH, 3)."""
        pixels = self._rest.copy()
        pixels[PATCH] = self._warp.apply(expression)
        return pixels

    def lay(
        self, image: Image, figure: Image, centre: tuple[float, float], height: float, roll: float
    ) -> None:
        """Lay the figure over a picture, in place.

        Args:
            image: BGR.
            figure: from `with_expression`.
            centre: of the face, pixels of the picture.
            height: of the face, pixels of the picture.
            roll: degrees that the head is tilted, clockwise.
        """
        transform = _transform(centre, height, roll)
        corners = np.array([[0, 0, 1], [WIDTH, 0, 1], [0, FIGURE_HEIGHT, 1], [WIDTH, FIGURE_HEIGHT, 1]])
        reach = corners @ transform.T
        most = [image.shape[1], image.shape[0]]
        left, top = np.clip(np.floor(reach.min(axis=0)), 0, most).astype(int).tolist()
        right, bottom = np.clip(np.ceil(reach.max(axis=0)), 0, most).astype(int).tolist()
        if left >= right or top >= bottom:
            return
        moved = transform - [[0, 0, left], [0, 0, top]]
        size = (right - left, bottom - top)
        colours = cv2.warpAffine(figure, moved, size, borderMode=cv2.BORDER_REPLICATE)
        opacity = cv2.warpAffine(self._opacity, moved, size)
        part = image[top:bottom, left:right]
        behind = cv2.multiply(part, cv2.bitwise_not(opacity), scale=1 / 255)
        cv2.add(behind, cv2.multiply(colours, opacity, scale=1 / 255), dst=part)


def _transform(centre: tuple[float, float], height: float, roll: float) -> NDArray[np.float64]:
    """Return the 2x3 matrix from pixels of the portrait to pixels of the picture."""
    left, top, box_width, box_height = FACE_BOX
    scale, turn = height / box_height, math.radians(roll)
    cos, sin = scale * math.cos(turn), scale * math.sin(turn)
    x, y = left + box_width / 2, top + box_height / 2
    return np.array([[cos, -sin, centre[0] - cos * x + sin * y], [sin, cos, centre[1] - sin * x - cos * y]])
