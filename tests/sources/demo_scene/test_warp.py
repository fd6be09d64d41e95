from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import Emotion
from livecam.sources.demo_scene.expressions import EXPRESSIONS, Expression, blend
from livecam.sources.demo_scene.warp import PATCH, FaceWarp

if TYPE_CHECKING:
    from livecam.frames import Image

MOVED = [Emotion.HAPPY, Emotion.ANGRY, Emotion.SURPRISED]


@pytest.fixture(scope="module")
def warp(portrait: Image) -> FaceWarp:
    return FaceWarp(portrait)


def test_a_face_at_rest_keeps_every_pixel(warp: FaceWarp, portrait: Image) -> None:
    assert np.array_equal(warp.apply(Expression()), portrait[PATCH])


@pytest.mark.parametrize("emotion", MOVED)
def test_an_expression_fits_back_into_the_portrait_without_a_seam(
    warp: FaceWarp, portrait: Image, emotion: Emotion
) -> None:
    changed = np.abs(warp.apply(EXPRESSIONS[emotion]).astype(int) - portrait[PATCH])
    rim = np.ones(changed.shape[:2], bool)
    rim[1:-1, 1:-1] = False
    assert changed[rim].max() <= 2
    assert changed.max() > 60


@pytest.mark.parametrize("emotion", MOVED)
def test_a_blend_changes_the_face_a_little_at_a_time(warp: FaceWarp, emotion: Emotion) -> None:
    calm = EXPRESSIONS[Emotion.CALM]
    steps = [warp.apply(blend(calm, EXPRESSIONS[emotion], step / 12)).astype(int) for step in range(13)]
    changes = [float(np.abs(b - a).mean()) for a, b in pairwise(steps)]
    whole = float(np.abs(steps[-1] - steps[0]).mean())
    assert max(changes) < 0.35 * whole
