from __future__ import annotations

from livecam.overlay.plates import Row, stack
from livecam.overlay.scale import scale_for
from livecam.overlay.theme import NOTICE, STRONG_TEXT
from tests.overlay.samples import a_measure

SCALE = scale_for(1280, 720)
ROWS = [Row("appears happy 83 %", 19, STRONG_TEXT), Row("#3", 16, STRONG_TEXT)]


def test_a_plate_is_as_large_as_its_rows_need() -> None:
    plate = stack(ROWS, SCALE, a_measure)
    assert plate.size[0] == a_measure("appears happy 83 %", 19)[0] + 2 * SCALE.padding
    assert plate.size[1] > 19 + 16 + 2 * SCALE.padding


def test_rows_stand_one_below_the_other_inside_the_plate() -> None:
    plate = stack(ROWS, SCALE, a_measure)
    first, second = plate.texts
    assert SCALE.padding < first.baseline < second.baseline - second.size * 0.8 < plate.size[1]


def test_an_accent_moves_the_text_aside() -> None:
    plain, edged = stack(ROWS, SCALE, a_measure), stack(ROWS, SCALE, a_measure, accent=NOTICE)
    assert edged.texts[0].x - plain.texts[0].x == edged.accent_width > 0
    assert edged.size[0] - plain.size[0] == edged.accent_width
