from __future__ import annotations

from math import degrees
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.native import cv2
from livecam.vision.face_crop import eye_line_angle, upright_crop
from livecam.vision.found_face import FoundFace

if TYPE_CHECKING:
    from livecam.frames import Image


def picture_of(face: FoundFace) -> Image:
    """A grey picture with white discs where the eyes are."""
    image = np.full((200, 200, 3), 90, dtype=np.uint8)
    for x, y in face.points[:2]:
        cv2.circle(image, (round(float(x)), round(float(y))), 5, (255, 255, 255), -1)
    return image


def turned(face: FoundFace, angle: float) -> FoundFace:
    """The same face turned clockwise about its box's middle."""
    middle = np.array([(face.left + face.right) / 2, (face.top + face.bottom) / 2])
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    points = (face.points - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle
    return FoundFace(face.left, face.top, face.right, face.bottom, face.score, points.astype(np.float32))


def test_a_level_face_has_a_level_eye_line(square_face: FoundFace) -> None:
    assert eye_line_angle(square_face.points) == 0


@pytest.mark.parametrize("angle", [-40.0, -10.0, 25.0, 60.0])
def test_a_turned_face_is_cut_out_upright(square_face: FoundFace, angle: float) -> None:
    leaning = turned(square_face, angle)
    assert degrees(eye_line_angle(leaning.points)) == pytest.approx(angle, abs=0.1)
    level = upright_crop(picture_of(square_face), square_face, size=64, margin=1.2)
    crop = upright_crop(picture_of(leaning), leaning, size=64, margin=1.2)
    assert np.abs(crop.astype(int) - level.astype(int)).mean() < 4


def test_the_crop_shows_the_margin_around_the_box(square_face: FoundFace) -> None:
    image = np.zeros((200, 200, 3), dtype=np.uint8)
    image[30:130, 40:120] = 255
    crop = upright_crop(image, square_face, size=120, margin=1.2)
    assert crop.shape == (120, 120)
    lit = np.argwhere(crop > 127)
    np.testing.assert_allclose(lit.min(axis=0), [10, 20], atol=1)
    np.testing.assert_allclose(lit.max(axis=0), [109, 99], atol=1)


def test_a_large_face_is_averaged_not_sampled(square_face: FoundFace) -> None:
    stripes = np.zeros((1000, 1000, 3), dtype=np.uint8)
    stripes[:, ::2] = 200
    large = FoundFace(100, 100, 868, 868, 0.9, square_face.points * 6)
    crop = upright_crop(stripes, large, size=64, margin=1.0)
    np.testing.assert_allclose(crop[8:-8, 8:-8], 100, atol=6)


def test_a_face_beyond_the_edge_is_continued_not_blackened(square_face: FoundFace) -> None:
    image = np.full((60, 60, 3), 200, dtype=np.uint8)
    assert upright_crop(image, square_face, size=64, margin=1.2).min() > 190
