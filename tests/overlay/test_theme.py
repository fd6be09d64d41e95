from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from livecam.faces import Emotion
from livecam.overlay import theme

if TYPE_CHECKING:
    from livecam.overlay.theme import Colour


def luminance(colour: Colour) -> float:
    """Relative luminance, 0..1 (WCAG 2.1)."""
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.0722 * linear[0] + 0.7152 * linear[1] + 0.2126 * linear[2]


def contrast(first: Colour, second: Colour) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def plate_over(grey: int) -> Colour:
    blended = round(theme.PLATE_GREY * theme.PLATE_STRENGTH + grey * (1 - theme.PLATE_STRENGTH))
    return blended, blended, blended


def test_every_emotion_but_unknown_has_a_colour_of_its_own() -> None:
    assert set(theme.EMOTION_COLOURS) == set(Emotion) - {Emotion.UNKNOWN}
    assert len(set(theme.EMOTION_COLOURS.values())) == len(theme.EMOTION_COLOURS)
    assert all(a != theme.UNSURE != b for a, b in combinations(theme.EMOTION_COLOURS.values(), 2))


def test_no_emotion_is_grey() -> None:
    assert theme.colour_of(None) == theme.colour_of(Emotion.UNKNOWN) == theme.UNSURE


@pytest.mark.parametrize("emotion", theme.EMOTION_COLOURS)
def test_an_emotions_colour_stands_out_from_a_plate(emotion: Emotion) -> None:
    assert contrast(theme.colour_of(emotion), plate_over(128)) >= 3


def test_the_dot_of_a_recording_stands_out_from_a_plate() -> None:
    assert contrast(theme.RECORDING, plate_over(128)) >= 3


@pytest.mark.parametrize("colour", [theme.STRONG_TEXT, theme.QUIET_TEXT, theme.TROUBLE])
def test_text_is_readable_on_a_plate_even_over_white(colour: Colour) -> None:
    assert contrast(colour, plate_over(255)) >= 4.5
