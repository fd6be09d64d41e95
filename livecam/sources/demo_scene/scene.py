"""The demo scene as pictures, and the truth about each of them. Pure: told the time, same time same bytes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import BoundingBox
from livecam.native import cv2
from livecam.sources.demo_scene import script
from livecam.sources.demo_scene.backdrop import Backdrop
from livecam.sources.demo_scene.figure import Figure
from livecam.sources.demo_scene.noise import SensorNoise
from livecam.sources.demo_scene.portrait import FACE_BOX, FIGURE_HEIGHT, WIDTH, load_portrait

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livecam.faces import Emotion
    from livecam.frames import Image

NOISE_RATE = 60.0
"""Pictures a second that have noise of their own."""

_SHARE_DIGITS = 9
"""Rounds away what the last bits of a box leave of a share that is exactly 0 or 1."""


@dataclass(frozen=True, slots=True)
class TrueFace:
    """What is known about a face because we put it there."""

    box: BoundingBox
    """As the CenterFace finder would draw it around the face at rest; may reach beyond the frame."""
    visible_share: float
    """Share of the box that is inside the frame, 0..1."""
    expression: Emotion
    """The expression that prevails."""
    is_transition: bool
    """Whether the face is on its way from one expression to another."""


@dataclass(frozen=True, slots=True)
class SceneTruth:
    """What is to be seen in a picture."""

    faces: tuple[TrueFace, ...]
    """Empty while the face is out of view."""


class DemoScene:
    """A person before bookshelves, who moves, leaves and comes back, and whose expression changes.

    Args:
        width: of the pictures, pixels.
        height: of the pictures, pixels.
        portrait: BGR, shape (600, 512, 3); the real one unless a test brings its own.

    Raises:
        MissingDependency: the portrait is not installed.
        SourceUnavailable: the portrait is not the one that was pinned.
    """

    def __init__(self, width: int = 1280, height: int = 720, *, portrait: Image | None = None) -> None:
        self._width, self._height = width, height
        self._figure = Figure(load_portrait() if portrait is None else portrait)
        self._backdrop = Backdrop(width, height)
        self._noise = SensorNoise(width, height)

    def render(self, t: float) -> Image:
        """Return the picture at `t` seconds, BGR, shape (height, width, 3)."""
        pose = script.pose(t)
        image = self._backdrop.crop(pose.pan_x, pose.pan_y)
        self._place(image, self._figure.pixels(script.look(t)), self.transform(t))
        self._noise.add_to(image, round(t * NOISE_RATE))
        return image

    def truth(self, t: float) -> SceneTruth:
        """Return what is to be seen at `t` seconds.

        The box is carried as a centre and a size; the head's slight roll does not widen it.
        """
        pose, look = script.pose(t), script.look(t)
        width = pose.height * FACE_BOX[2] / FACE_BOX[3] * self._height / self._width
        box = BoundingBox(pose.x - width / 2, pose.y - pose.height / 2, width, pose.height)
        share = min(round(box.clamped().area / box.area, _SHARE_DIGITS), 1.0)
        if share <= 0:
            return SceneTruth(())
        return SceneTruth((TrueFace(box, share, look.emotion, look.is_transition),))

    def transform(self, t: float) -> NDArray[np.float64]:
        """Return the 2x3 matrix from pixels of the portrait to pixels of the picture at `t`."""
        pose = script.pose(t)
        left, top, width, height = FACE_BOX
        scale, turn = pose.height * self._height / height, math.radians(pose.roll)
        cos, sin = scale * math.cos(turn), scale * math.sin(turn)
        x, y = left + width / 2, top + height / 2
        to_x, to_y = pose.x * self._width, pose.y * self._height
        return np.array([[cos, -sin, to_x - cos * x + sin * y], [sin, cos, to_y - sin * x - cos * y]])

    def _place(self, image: Image, figure: NDArray[np.uint8], transform: NDArray[np.float64]) -> None:
        """Lay the figure over the part of `image` that it reaches."""
        corners = np.array([[0, 0, 1], [WIDTH, 0, 1], [0, FIGURE_HEIGHT, 1], [WIDTH, FIGURE_HEIGHT, 1]])
        reach = corners @ transform.T
        left, top = np.clip(np.floor(reach.min(axis=0)), 0, [self._width, self._height]).astype(int).tolist()
        right, bottom = (
            np.clip(np.ceil(reach.max(axis=0)), 0, [self._width, self._height]).astype(int).tolist()
        )
        if left >= right or top >= bottom:
            return
        moved = transform - [[0, 0, left], [0, 0, top]]
        placed = cv2.warpAffine(figure, moved, (right - left, bottom - top))
        clear = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(placed, 3)), cv2.COLOR_GRAY2BGR)
        part = image[top:bottom, left:right]
        behind = cv2.multiply(part, clear, scale=1 / 255)
        cv2.add(behind, cv2.cvtColor(placed, cv2.COLOR_BGRA2BGR), dst=part)
