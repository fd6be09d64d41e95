from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.native import cv2
from livecam.vision.face_quality import face_quality

if TYPE_CHECKING:
    from livecam.vision.found_face import FoundFace


def test_brightness_is_the_share_of_white(square_face: FoundFace) -> None:
    quality = face_quality(np.full((200, 200, 3), 51, dtype=np.uint8), square_face)
    assert quality is not None
    assert quality.brightness == pytest.approx(20, abs=0.5)
    assert quality.sharpness == 0


def test_blur_lowers_sharpness(square_face: FoundFace) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    levels = []
    for sigma in (0.1, 1.0, 2.0, 4.0):
        blurred = np.asarray(cv2.GaussianBlur(noise, (0, 0), sigma), dtype=np.uint8)
        quality = face_quality(blurred, square_face)
        assert quality is not None
        levels.append(quality.sharpness)
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 90
    assert levels[-1] < 30


def test_a_face_beside_the_picture_has_no_quality(square_face: FoundFace) -> None:
    assert face_quality(np.zeros((20, 20, 3), dtype=np.uint8), square_face) is None
