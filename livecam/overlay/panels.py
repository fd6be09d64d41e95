"""What a window lays over a finished picture: the keys, and one word such as "paused".

Both return a copy: a finished picture is shared with other sinks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.overlay.compositing import draw_plate
from livecam.overlay.fitting import elided
from livecam.overlay.fonts import typeface
from livecam.overlay.geometry import Area
from livecam.overlay.plates import Plate, Row, Text, stack
from livecam.overlay.scale import Scale, scale_for
from livecam.overlay.theme import QUIET_TEXT, STRONG_TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.frames import Image
    from livecam.overlay.fitting import Measure

KEY_COLUMN_GAP = 1.4
"""Of the font size, between the keys and what they do."""
MOST_HEIGHT = 0.9
"""Of the image's height, that the help panel may take; its text is shrunk until it does."""


def paint_help(image: Image, lines: Sequence[str]) -> Image:
    """Return a copy with a centred panel of lines.

    Args:
        image: BGR pixels, shape (height, width, 3).
        lines: the first is the heading; a tab parts a key from what it does ("q<tab>quit").
    """
    height, width = image.shape[:2]
    scale, measure = scale_for(width, height), typeface().measure
    plate = help_plate(lines, scale, measure)
    while _exceeds(plate, width, height) and scale.text > 1:
        scale = replace(scale, text=scale.text - 1, small=scale.text - 1)
        plate = help_plate(lines, scale, measure)
    return _with_plate(image, plate, (width - plate.area.width) // 2, (height - plate.area.height) // 2)


def paint_badge(image: Image, text: str) -> Image:
    """Return a copy with a word such as "paused" at the top, in the middle.

    Args:
        image: BGR pixels, shape (height, width, 3).
        text: one or two words.
    """
    height, width = image.shape[:2]
    scale, measure = scale_for(width, height), typeface().measure
    size = round(scale.text * 1.2)
    words = elided(text, size, width - 2 * (scale.gap + scale.padding), measure)
    plate = stack([Row(words, size, STRONG_TEXT, is_strong=True)], scale, measure)
    return _with_plate(image, plate, (width - plate.area.width) // 2, scale.gap)


def help_plate(lines: Sequence[str], scale: Scale, measure: Measure) -> Plate:
    """Return the help panel with its top left corner at 0, 0; keys stand in a column of their own."""
    heading, entries = lines[:1], [line.partition("\t") for line in lines[1:]]
    spread = replace(scale, padding=round(scale.text * 0.9))
    rows = [Row(line, scale.text, STRONG_TEXT, is_strong=True) for line in heading]
    rows += [Row(key, scale.text, STRONG_TEXT, is_strong=bool(does)) for key, does, _ in entries]
    plate = stack(rows, spread, measure)
    column = max((measure(key, scale.text)[0] for key, tab, _ in entries if tab), default=0)
    left = spread.padding + column + round(scale.text * KEY_COLUMN_GAP)
    meanings = [
        Text(does, left, row.baseline, scale.text, QUIET_TEXT)
        for row, (_, tab, does) in zip(plate.texts[len(heading) :], entries, strict=True)
        if tab
    ]
    breadth = max((measure(text.text, text.size)[0] for text in meanings), default=0)
    width = max(plate.area.width, left + breadth + spread.padding if meanings else 0)
    return replace(plate, area=replace(plate.area, width=width), texts=(*plate.texts, *meanings))


def _exceeds(plate: Plate, width: int, height: int) -> bool:
    return plate.area.height > MOST_HEIGHT * height or plate.area.width > width


def _with_plate(image: Image, plate: Plate, left: int, top: int) -> Image:
    painted = image.copy()
    draw_plate(painted, replace(plate, area=Area(left, top, *plate.size)))
    return painted
