"""The same frames twice: above with the boxes that are held, below with the boxes that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from livecam.faces import BoundingBox
from livecam.native import cv2
from livecam.overlay.contact_sheet import BACKGROUND, contact_sheet
from livecam.overlay.theme import HALO, STRONG_TEXT, colour_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from livecam.bench.overlay.results import ClipResult, MethodResult, ShownFrame, TrueFace
    from livecam.frames import Image
    from livecam.overlay.theme import Colour

    Pair: TypeAlias = tuple[MethodResult, MethodResult]

BASELINE = "hold"
TELLING_FRAMES = 5
"""Frames in which the two methods differ most, ..."""
EVEN_FRAMES = 4
"""...and frames spread evenly over the clip."""
APART = 0.4
"""Seconds between two chosen frames at least: neighbours look the same."""
BANDS = 2
"""One below the other, so that the whole fits a screen."""
TILE_WIDTH = 420
"""Pixels of each picture."""
MARGIN = 0.8
"""Around the faces, as a share of the area that holds them all."""
LEAST_SHARE = 0.3
"""Of the frame's width and height that is shown at least: where a face is must be seen too."""
BOX_STROKE = 3
SMALL_BOX = 40
SMALL_STROKE = 2
"""Of boxes less wide than `SMALL_BOX` pixels, whose lines must not hide the face."""
TRUTH_STROKE = 1
SHIFT = 4
"""Bits of a pixel's fraction that OpenCV is given."""


def compared(result: ClipResult) -> Pair | None:
    """Return the two methods to show: the one that holds, and the last of the others; None without both."""
    held = [method for method in result.methods if method.method == BASELINE]
    others = [method for method in result.methods if method.method != BASELINE]
    return (held[0], others[-1]) if held and others else None


def chosen_frames(result: ClipResult) -> tuple[int, ...]:
    """Return the indices of the frames worth showing, in order: at most nine.

    Those in which the two compared methods differ most, and some spread evenly over the clip, all with
    faces in them; none when there is nothing to compare.
    """
    pair = compared(result)
    if pair is None:
        return ()
    held, ours = (method.iou_over_time for method in pair)
    times = [frame.at for frame in pair[1].shown]
    counted = [n for n, (a, b) in enumerate(zip(held, ours, strict=True)) if a is not None and b is not None]
    telling = sorted(counted, key=lambda n: -abs((ours[n] or 0.0) - (held[n] or 0.0)))
    found: list[int] = []
    _add(found, telling, times, TELLING_FRAMES)
    _add(found, _evenly(counted, EVEN_FRAMES), times, len(found) + EVEN_FRAMES)
    return tuple(sorted(found))


def filmstrip(result: ClipResult, images: Mapping[int, Image]) -> Image:
    """Return the picture: BGR; in each of two bands, a column for each frame.

    A box has the colour of the emotion that its label says, grey where it says none. The thin white box
    is the face as the reference has it.

    Args:
        result: it has two methods to compare.
        images: by index of the frame, BGR, shape (height, width, 3), as they were shown.

    Raises:
        ValueError: there is no pair to compare.
    """
    pair = compared(result)
    if pair is None:
        raise ValueError("a filmstrip compares two methods; this result has not both")
    indices = sorted(images)
    columns = max(1, -(-len(indices) // BANDS))
    areas = {n: _area(result.truth[n], (method.shown[n] for method in pair)) for n in indices}
    tiles: list[Image] = []
    captions: list[str] = []
    for begin in range(0, len(indices), columns):
        band = indices[begin : begin + columns]
        empty = columns - len(band)
        for method in pair:
            shown = [_tile(images[n], areas[n], method.shown[n], result.truth[n]) for n in band]
            tiles += shown + [np.full_like(shown[0], BACKGROUND)] * empty
            captions += [_caption(method, n) for n in band] + [""] * empty
    title = f"{result.clip}: above {pair[0].method}, below {pair[1].method}; thin white: the face itself"
    return contact_sheet(tiles, captions, columns=columns, tile_width=TILE_WIDTH, title=title)


def _add(found: list[int], offered: Iterable[int], times: Sequence[float], most: int) -> None:
    """Add what is offered, best first, while it is apart in time from what is there."""
    for index in offered:
        if len(found) >= most:
            return
        if all(abs(times[index] - times[other]) >= APART for other in found):
            found.append(index)


def _evenly(indices: Sequence[int], count: int) -> list[int]:
    """Return so many of them, from the middles of equal parts."""
    return [indices[int((part + 0.5) * len(indices) / count)] for part in range(count)] if indices else []


def _area(truth: Sequence[TrueFace], shown: Iterable[ShownFrame]) -> BoundingBox:
    """Return the part of the frame to show, of the frame's own shape: all boxes and some room about them."""
    boxes = [face.box for face in truth] + [face.box for frame in shown for face in frame.faces]
    if not boxes:
        return BoundingBox(0.0, 0.0, 1.0, 1.0)
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    side = min(1.0, max(LEAST_SHARE, (1 + MARGIN) * max(right - left, bottom - top)))
    across = min(max((left + right - side) / 2, 0.0), 1.0 - side)
    down = min(max((top + bottom - side) / 2, 0.0), 1.0 - side)
    return BoundingBox(across, down, side, side)


def _tile(image: Image, area: BoundingBox, shown: ShownFrame, truth: Sequence[TrueFace]) -> Image:
    """Return the part of the picture at the tile's width, with the boxes drawn at that size."""
    left, top, right, bottom = area.edges_in_pixels(image.shape[1], image.shape[0])
    part = image[top:bottom, left:right]
    height = max(1, round(TILE_WIDTH * part.shape[0] / part.shape[1]))
    way = cv2.INTER_AREA if part.shape[1] > TILE_WIDTH else cv2.INTER_CUBIC
    tile = np.ascontiguousarray(cv2.resize(part, (TILE_WIDTH, height), interpolation=way), dtype=np.uint8)
    # In whole pixels of the frame, so that boxes stand where the pixels are.
    cut = BoundingBox(
        left / image.shape[1],
        top / image.shape[0],
        (right - left) / image.shape[1],
        (bottom - top) / image.shape[0],
    )
    for face in shown.faces:
        box = face.box.within(cut)
        stroke = BOX_STROKE if box.width * TILE_WIDTH >= SMALL_BOX else SMALL_STROKE
        _draw(tile, box, HALO, stroke + 2)  # sets it off from any picture
        _draw(tile, box, colour_of(face.emotion), stroke)
    for true in truth:
        # Last and thin: a box that is just where the face is keeps its colour on both sides of the line.
        _draw(tile, true.box.within(cut), STRONG_TEXT, TRUTH_STROKE)
    return tile


def _draw(tile: Image, box: BoundingBox, colour: Colour, stroke: int) -> None:
    """Draw a box, given in fractions of the tile."""
    height, width = tile.shape[:2]
    one = 1 << SHIFT
    corner = round(box.left * width * one), round(box.top * height * one)
    opposite = round(box.right * width * one), round(box.bottom * height * one)
    cv2.rectangle(tile, corner, opposite, colour, stroke, cv2.LINE_AA, SHIFT)


def _caption(method: MethodResult, index: int) -> str:
    iou = method.iou_over_time[index]
    overlap = "" if iou is None else f"  overlap {iou:.2f}"
    return f"{method.shown[index].at:.2f} s  {method.method}{overlap}"
