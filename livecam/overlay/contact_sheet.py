"""Several pictures on one, in a grid, each with a caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2
from livecam.overlay.fitting import elided, wrapped
from livecam.overlay.fonts import typeface
from livecam.overlay.plates import ascent, row_height
from livecam.overlay.theme import QUIET_TEXT, STRONG_TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.frames import Image
    from livecam.overlay.theme import Colour

BACKGROUND: Colour = (30, 26, 24)
MISSING: Colour = (52, 47, 44)
"""Around a picture that is narrower or lower than its tile."""
CAPTION_SHARE = 0.055
"""Font size of a caption, of the tile's width, ..."""
CAPTION_SIZES = (11, 22)
"""...within these bounds in pixels."""
TITLE_RATIO = 1.5
"""Font size of the title against the captions'."""
MOST_CAPTION_LINES = 2


def contact_sheet(
    images: Sequence[Image], captions: Sequence[str], *, columns: int, tile_width: int, title: str
) -> Image:
    """Return a grid of pictures with captions beneath them and a title above.

    Args:
        images: BGR pixels, each of any size; all are scaled to the tile's width, or into the tile.
        captions: one for each picture; cut short after two lines.
        columns: pictures in a row.
        tile_width: pixels.
        title: stands on top; may be empty.
    """
    if len(images) != len(captions):
        raise ValueError(f"{len(images)} pictures need as many captions, not {len(captions)}")
    if columns < 1 or tile_width < 1:
        raise ValueError(f"columns ({columns}) and tile_width ({tile_width}) must be at least 1")
    low, high = CAPTION_SIZES
    size = min(max(round(tile_width * CAPTION_SHARE), low), high)
    texts = [wrapped(c, size, tile_width, typeface().measure)[:MOST_CAPTION_LINES] for c in captions]
    tile = _tile_height(images, tile_width)
    caption = max((len(lines) for lines in texts), default=0) * _line(size) + (size // 2 if texts else 0)
    gap = max(8, round(size * 0.8))
    rows = -(-len(images) // columns)
    top = gap + (_line(round(size * TITLE_RATIO)) + gap if title else 0)
    shape = (top + rows * (tile + caption + gap), gap + columns * (tile_width + gap), 3)
    sheet = np.full(shape, BACKGROUND, np.uint8)
    _write(sheet, [title], (gap, gap), round(size * TITLE_RATIO), STRONG_TEXT)
    for index, (image, lines) in enumerate(zip(images, texts, strict=True)):
        row, column = divmod(index, columns)
        x, y = gap + column * (tile_width + gap), top + row * (tile + caption + gap)
        sheet[y : y + tile, x : x + tile_width] = _fitted(image, tile_width, tile)
        _write(sheet, lines, (x, y + tile + size // 2), size, QUIET_TEXT)
    return sheet


def _tile_height(images: Sequence[Image], tile_width: int) -> int:
    """Return the height in pixels of the tallest picture at the tile's width, at most a square's."""
    heights = [round(tile_width * image.shape[0] / image.shape[1]) for image in images]
    return max(1, min(max(heights, default=1), tile_width))


def _fitted(image: Image, width: int, height: int) -> Image:
    """Return the picture scaled into width x height pixels and centred there."""
    scale = min(width / image.shape[1], height / image.shape[0])
    across, down = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    across, down = min(across, width), min(down, height)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    tile = np.full((height, width, 3), MISSING, np.uint8)
    left, top = (width - across) // 2, (height - down) // 2
    tile[top : top + down, left : left + across] = cv2.resize(image, (across, down), interpolation=way)
    return tile


def _write(sheet: Image, lines: Sequence[str], corner: tuple[int, int], size: int, colour: Colour) -> None:
    """Write lines into the sheet, their top left corner at `corner`, no wider than the sheet."""
    x, y = corner
    face = typeface()
    for index, line in enumerate(lines):
        text = elided(line, size, sheet.shape[1] - x, face.measure)
        at = (x, y + index * _line(size) + ascent(size))
        face.write(sheet, text, at, size=size, colour=colour, is_strong=colour is STRONG_TEXT)


def _line(size: int) -> int:
    """Return the pixels from one line of text to the next."""
    return row_height(size) + size // 5
