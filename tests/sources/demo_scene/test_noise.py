from __future__ import annotations

import numpy as np
import pytest

from livecam.sources.demo_scene.noise import MEAN, SPREAD, SensorNoise


def noise(index: int, size: tuple[int, int] = (300, 200)) -> np.ndarray:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    SensorNoise(*size).add_to(image, index)
    return image


def test_the_same_picture_has_the_same_noise() -> None:
    assert np.array_equal(noise(7), noise(7))


def test_the_next_picture_has_other_noise() -> None:
    assert not np.array_equal(noise(7), noise(8))


def test_noise_has_the_stated_strength() -> None:
    assert float(noise(0).std()) == pytest.approx(SPREAD, rel=0.05)
    assert float(noise(0).mean()) == pytest.approx(MEAN, rel=0.02)


def test_bright_pixels_do_not_wrap_around() -> None:
    image = np.full((200, 300, 3), 254, np.uint8)
    SensorNoise(300, 200).add_to(image, 0)
    assert image.min() >= 254


@pytest.mark.parametrize("index", [0, 255, 256, 10**9])
def test_every_picture_of_every_size_is_covered(index: int) -> None:
    assert noise(index, (1, 1)).shape == (1, 1, 3)
    assert noise(index, (513, 257)).shape == (257, 513, 3)
