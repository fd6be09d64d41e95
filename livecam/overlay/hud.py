"""The HUD and the notice as plates, before they have a place: pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.overlay.fitting import elided, wrapped
from livecam.overlay.plates import Row, stack
from livecam.overlay.theme import NOTICE, QUIET_TEXT, RECORDING, STRONG_TEXT, TROUBLE
from livecam.overlay.wording import DOT, hud_lines

if TYPE_CHECKING:
    from livecam.overlay.fitting import Measure
    from livecam.overlay.plates import Plate
    from livecam.overlay.scale import Scale
    from livecam.overlay.theme import Colour
    from livecam.pictures import Status

HUD_WIDTH_SHARE = 0.62
"""Of the frame's width at most, so that a face beside it stays free..."""
HUD_LEAST_WIDTH = 26
"""...but never less than this many times the font size, or its lines would break on small frames."""
HUD_HEIGHT_SHARE = 0.42
NOTICE_HEIGHT_SHARE = 0.3
"""Of the frame's height; with the HUD's share less than 1, so that both always have room."""


def hud_plate(status: Status, size: tuple[int, int], scale: Scale, measure: Measure) -> Plate:
    """Return what is said about the run, trouble last and in its own colour.

    Args:
        status: what to say.
        size: the frame's width and height in pixels.
        scale: sizes of text and gaps.
        measure: how wide a text is.
    """
    width, height = size
    room = min(
        max(round(width * HUD_WIDTH_SHARE), HUD_LEAST_WIDTH * scale.text), width - 2 * scale.gap
    ) - _frame(scale)
    trouble = _rows(status.trouble or "", scale.text, TROUBLE, room, measure, is_strong=True)
    regular: list[Row] = []
    for index, line in enumerate(hud_lines(status)):
        is_first = index == 0
        size_of, colour = (scale.text, STRONG_TEXT) if is_first else (scale.small, QUIET_TEXT)
        regular += _rows(line, size_of, colour, room, measure, is_strong=is_first)
    accent = TROUBLE if trouble else None
    plate = stack([*regular, *trouble], scale, measure, accent=accent)
    # Trouble matters more than figures: those go first when the frame is too small for all.
    while plate.area.height > HUD_HEIGHT_SHARE * height and len(regular) + len(trouble) > 1:
        (regular or trouble).pop()
        plate = stack([*regular, *trouble], scale, measure, accent=accent)
    return _with_red_dot(plate)


def _with_red_dot(plate: Plate) -> Plate:
    """Return a plate whose recording dot is drawn once more, over itself, in its own colour."""
    first, *others = plate.texts
    if not first.text.startswith(DOT):
        return plate
    return replace(plate, texts=(first, replace(first, text=DOT, colour=RECORDING), *others))


def notice_plate(notice: str, size: tuple[int, int], scale: Scale, measure: Measure) -> Plate:
    """Return the sentence that must be shown, in smaller and smaller text until all of it fits."""
    width, height = size
    room = width - 2 * scale.gap - _frame(scale)
    for text_size in range(scale.small, 6, -1):
        rows = _rows(notice, text_size, STRONG_TEXT, room, measure)
        plate = stack(rows, scale, measure, accent=NOTICE)
        if plate.area.height <= NOTICE_HEIGHT_SHARE * height:
            break
    else:
        plate = stack([Row(elided(notice, 7, room, measure), 7, STRONG_TEXT)], scale, measure, accent=NOTICE)
    return plate


def _rows(
    text: str, size: int, colour: Colour, room: int, measure: Measure, *, is_strong: bool = False
) -> list[Row]:
    """Return a text as rows that fit into `room` pixels of width."""
    return [Row(line, size, colour, is_strong=is_strong) for line in wrapped(text, size, room, measure)]


def _frame(scale: Scale) -> int:
    """Return the pixels of a plate's width that text cannot take, an accent included."""
    return 2 * scale.padding + max(2, scale.text // 3)
