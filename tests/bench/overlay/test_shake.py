from __future__ import annotations

import itertools

import pytest

from livecam.bench.overlay.shake import WAVES, ShakingCamera


@pytest.mark.parametrize("size", [(1280, 720), (320, 240), (64, 48), (3840, 2160)])
def test_the_window_lies_in_the_picture_and_keeps_its_size(size: tuple[int, int]) -> None:
    camera = ShakingCamera(*size, seed=0)
    windows = [camera.window(index / 30) for index in range(1000)]

    assert len({(window.width, window.height) for window in windows}) == 1
    assert all(0 <= window.left <= size[0] - window.width for window in windows)
    assert all(0 <= window.top <= size[1] - window.height for window in windows)


def test_it_moves_a_little_with_every_picture_and_much_in_a_while() -> None:
    camera = ShakingCamera(1280, 720, seed=0)
    lefts = [camera.window(index / 30).left for index in range(300)]

    assert max(lefts) - min(lefts) > 0.05 * 1280
    assert max(abs(b - a) for a, b in itertools.pairwise(lefts)) < 0.02 * 1280


def test_it_shakes_alike_for_the_same_seed_only() -> None:
    one, same, other = (ShakingCamera(1280, 720, seed=seed) for seed in (1, 1, 2))

    assert one.window(1.7) == same.window(1.7)
    assert one.window(1.7) != other.window(1.7)


def test_its_waves_fill_the_room_that_there_is() -> None:
    assert sum(share for _, share in WAVES) == pytest.approx(1.0)


def test_a_window_is_told_in_fractions() -> None:
    window = ShakingCamera(200, 100, seed=0).window(0.0)

    assert window.of(200, 100).width == pytest.approx(0.9)
    assert window.of(200, 100).left == window.left / 200
