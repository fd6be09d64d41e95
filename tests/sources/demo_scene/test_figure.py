from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import Emotion
from livecam.sources.demo_scene.figure import Figure
from livecam.sources.demo_scene.portrait import FIGURE_HEIGHT, WIDTH
from livecam.sources.demo_scene.script import Look

if TYPE_CHECKING:
    from livecam.frames import Image

CALM = Look(Emotion.CALM, Emotion.CALM, 1.0)
HAPPY = Look(Emotion.CALM, Emotion.HAPPY, 1.0)


@pytest.fixture(scope="module")
def figure(portrait: Image) -> Figure:
    return Figure(portrait)


def test_colours_never_exceed_their_opacity(figure: Figure) -> None:
    pixels = figure.pixels(HAPPY)
    assert pixels.shape == (FIGURE_HEIGHT, WIDTH, 4)
    assert np.all(pixels[..., :3].max(axis=-1) <= pixels[..., 3])


def test_writing_into_the_figure_does_not_change_the_next_one(figure: Figure) -> None:
    first = figure.pixels(CALM)
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(figure.pixels(CALM), kept)


def test_an_expression_is_the_same_from_wherever_it_came(figure: Figure) -> None:
    from_anger = figure.pixels(Look(Emotion.ANGRY, Emotion.HAPPY, 1.0))
    assert np.array_equal(from_anger, figure.pixels(HAPPY))


def test_a_look_between_two_steps_is_shown_as_the_nearer_one(figure: Figure) -> None:
    half = figure.pixels(Look(Emotion.CALM, Emotion.HAPPY, 0.5))
    assert np.array_equal(half, figure.pixels(Look(Emotion.CALM, Emotion.HAPPY, 0.52)))
    assert not np.array_equal(half, figure.pixels(Look(Emotion.CALM, Emotion.HAPPY, 0.6)))
