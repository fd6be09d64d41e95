"""What a glance tells of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.evidence.glance import glance
from livecam.health import BLACK_BELOW

if TYPE_CHECKING:
    from livecam.frames import Image


def noisy(level: float, spread: float, seed: int, size: tuple[int, int] = (720, 1280)) -> Image:
    noise = np.random.default_rng(seed).normal(level, spread, (*size, 3))
    return np.clip(noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("size", [(720, 1280), (240, 320), (2160, 3840), (1280, 720), (8, 8), (1, 1)])
def test_the_same_picture_looks_the_same(size: tuple[int, int]) -> None:
    picture = noisy(100, 40, 1, size)
    assert glance(picture) == glance(picture.copy())


def test_two_pictures_of_the_same_scene_differ_by_their_noise() -> None:
    first, second = noisy(100, 2, 1), noisy(100, 2, 2)
    assert glance(first).fingerprint != glance(second).fingerprint


def test_a_covered_lens_is_dark_in_spite_of_its_noise_and_hot_pixels() -> None:
    covered = noisy(6, 5, 1)
    rows, columns = np.random.default_rng(2).integers(0, 700, (2, 500))
    covered[rows, columns] = 255
    assert glance(covered).brightness < BLACK_BELOW


def test_a_dark_room_with_a_lamp_in_it_is_not_black() -> None:
    room = noisy(8, 3, 1)
    room[100:250, 300:500] = 200
    assert glance(room).brightness > BLACK_BELOW


def test_a_picture_is_left_as_it_is() -> None:
    picture = noisy(100, 40, 1)
    before = picture.copy()
    glance(picture)
    assert np.array_equal(picture, before)
