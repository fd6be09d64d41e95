from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from livecam.evidence.sharpness import sharpness_of
from livecam.faces import BoundingBox
from livecam.native import cv2

MIDDLE = BoundingBox(0.25, 0.25, 0.5, 0.5)


def a_texture(height: int = 400, width: int = 400) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    chance = np.random.default_rng(1).integers(0, 256, (height // 4, width // 4, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(chance, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def test_what_is_blurred_more_is_less_sharp_and_what_is_flat_not_at_all() -> None:
    image = a_texture()
    found = [sharpness_of(image, MIDDLE)]
    found += [
        sharpness_of(np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8), MIDDLE)
        for sigma in (1.0, 2.0, 4.0)
    ]
    values = [each for each in found if each is not None]
    assert len(values) == 4
    assert all(later < 0.75 * sooner for sooner, later in pairwise(values))
    assert sharpness_of(np.full((90, 90, 3), 70, np.uint8), MIDDLE) == 0.0


def test_it_is_the_variance_of_the_laplacian() -> None:
    image = np.zeros((112, 112, 3), np.uint8)
    image[::2] = 10
    # Inside, each row differs by 10 from both rows beside it: -20 and 20.
    assert sharpness_of(image, BoundingBox(0, 0, 1, 1)) == pytest.approx(400.0, rel=0.01)


def test_a_face_that_comes_nearer_is_hardly_sharper() -> None:
    far = a_texture()
    near = np.asarray(cv2.resize(far, (1300, 1300), interpolation=cv2.INTER_LINEAR), np.uint8)
    small, large = sharpness_of(far, MIDDLE), sharpness_of(near, MIDDLE)
    assert small
    assert large
    assert 0.5 < large / small < 2.0


def test_of_a_box_only_what_lies_in_the_picture_counts_and_nothing_is_none() -> None:
    image = a_texture()
    part = sharpness_of(image, BoundingBox(0.5, 0.5, 5.0, 5.0))
    assert part == sharpness_of(image, BoundingBox(0.5, 0.5, 0.5, 0.5))
    assert sharpness_of(image, BoundingBox(1.2, 0.0, 0.5, 0.5)) is None
    assert sharpness_of(image, BoundingBox(0.2, 0.2, 0.0, 0.1)) is None
    assert sharpness_of(image, BoundingBox(0.2, 0.2, 0.0001, 0.0001)) is not None


def test_nothing_is_written_into_the_picture() -> None:
    image = a_texture()
    before = image.copy()
    sharpness_of(image, MIDDLE)
    assert np.array_equal(image, before)
