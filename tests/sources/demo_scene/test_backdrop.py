from __future__ import annotations

import numpy as np
import pytest

from livecam.sources.demo_scene.backdrop import MARGIN, Backdrop


def test_the_same_wall_is_drawn_every_time() -> None:
    assert np.array_equal(Backdrop(320, 180).crop(0, 0), Backdrop(320, 180).crop(0, 0))


def test_a_crop_is_a_copy() -> None:
    backdrop = Backdrop(320, 180)
    backdrop.crop(0, 0)[:] = 0
    assert backdrop.crop(0, 0).max() > 0


def test_panning_moves_the_wall_with_the_pan() -> None:
    backdrop = Backdrop(400, 200)
    still, panned = backdrop.crop(0, 0), backdrop.crop(0.02, 0.01)
    assert np.array_equal(panned[2:, 8:], still[:-2, :-8])


@pytest.mark.parametrize("pan", [-1.0, -MARGIN, MARGIN, 1.0])
@pytest.mark.parametrize("size", [(1280, 720), (321, 181), (16, 16)])
def test_a_pan_never_leaves_the_wall(size: tuple[int, int], pan: float) -> None:
    assert Backdrop(*size).crop(pan, pan).shape == (size[1], size[0], 3)


def test_the_wall_has_texture_everywhere() -> None:
    wall = Backdrop(640, 360).crop(0, 0).mean(axis=2)
    blocks = wall.reshape(4, 90, 8, 80).std(axis=(1, 3))
    assert blocks.min() > 5
