"""Plates and boxes onto pixels. Every function writes into the image that it is given."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from livecam.native import cv2
from livecam.overlay.fonts import typeface
from livecam.overlay.geometry import Area
from livecam.overlay.plates import FrameStyle
from livecam.overlay.theme import BAR_TRACK, HALO, PLATE_GREY, PLATE_STRENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from livecam.frames import Image
    from livecam.overlay.plates import Bar, FaceFrame, Plate
    from livecam.overlay.theme import Colour

    Path: TypeAlias = NDArray[np.int32]
    """Points (x, y) in sixteenths of a pixel, shape (n, 2)."""

SHIFT = 4
"""Bits of a pixel's fraction that OpenCV is given: smooth curves and dashes."""
CORNER_SHARE = 0.2
"""Length of a box's corner marks, of its shorter side."""
DASH = 4
"""Length of a dash and of the space after it, in strokes."""
ARC_STEPS = 6
_BEARINGS = np.linspace(0, np.pi / 2, ARC_STEPS) + np.pi * np.array([[2], [3], [4], [5]]) / 2
QUARTER_CIRCLES: NDArray[np.float64] = np.stack((np.cos(_BEARINGS), np.sin(_BEARINGS)), axis=2)
"""Round corners of radius 1, clockwise from the top left; shape (4, ARC_STEPS, 2)."""
LEGS = np.array(((0, 1), (-1, 0), (0, -1), (1, 0)))
"""From each corner, clockwise from the top left, the way along its anticlockwise edge."""
HALO_STRENGTH = 0.4
"""0..1; at full strength it would look like a second box."""
OUTLINE_STRENGTH = 0.6
"""0..1, of a region's outline: it is there to be found, not to be seen first."""
SMOOTHING = 4
"""Samples per pixel and axis for a plate's round corners."""


def draw_plate(image: Image, plate: Plate) -> None:
    """Draw a plate; the parts of it that lie outside the image are left out."""
    area = plate.area
    if not Area(0, 0, image.shape[1], image.shape[0]).contains(area):
        return
    roi = image[area.top : area.bottom, area.left : area.right]
    before = roi.copy() if plate.opacity < 1 else None
    _shade(roi, min(plate.radius, area.width // 2, area.height // 2), plate)
    for bar in plate.bars:
        _draw_bar(roi, bar)
    face = typeface()
    for text in plate.texts:
        at = (text.x, text.baseline)
        face.write(roi, text.text, at, size=text.size, colour=text.colour, is_strong=text.is_strong)
    if before is not None:
        cv2.addWeighted(roi, plate.opacity, before, 1 - plate.opacity, 0, dst=roi)


def draw_frame(image: Image, frame: FaceFrame) -> None:
    """Draw the box around a face, over a soft dark halo that sets it off from any picture."""
    lines = _lines(frame)
    edges = _edges(frame)
    with _faded(image, edges, HALO_STRENGTH * frame.opacity):
        for paths, is_closed, stroke in lines:
            cv2.polylines(image, paths, is_closed, HALO, stroke + 2, cv2.LINE_AA, SHIFT)
    with _faded(image, edges, frame.opacity):
        for paths, is_closed, stroke in lines:
            cv2.polylines(image, paths, is_closed, frame.colour, stroke, cv2.LINE_AA, SHIFT)


def draw_outline(image: Image, area: Area, colour: Colour, *, stroke: int) -> None:
    """Draw a faint rectangle just inside an area, `stroke` pixels wide, over an even fainter halo."""
    halo = HALO_STRENGTH * OUTLINE_STRENGTH
    rings = (
        (area.grown(stroke), HALO, halo),
        (area.grown(-stroke), HALO, halo),
        (area, colour, OUTLINE_STRENGTH),
    )
    for ring, shade, strength in rings:
        sides = _sides(ring, stroke)
        with _faded(image, sides, strength):
            for side in sides:
                image[max(side.top, 0) : max(side.bottom, 0), max(side.left, 0) : max(side.right, 0)] = shade


def _sides(area: Area, depth: int) -> tuple[Area, ...]:
    """Return four strips just inside an area's edges, which do not overlap."""
    depth = min(depth, area.width // 2, area.height // 2)
    between = area.height - 2 * depth
    return (
        Area(area.left, area.top, area.width, depth),
        Area(area.left, area.bottom - depth, area.width, depth),
        Area(area.left, area.top + depth, depth, between),
        Area(area.right - depth, area.top + depth, depth, between),
    )


def _lines(frame: FaceFrame) -> list[tuple[list[Path], bool, int]]:
    """Return what a box is drawn with: paths, whether they are closed, and their width in pixels."""
    if frame.style is FrameStyle.UNSURE:
        return [(_fixed(_dashes(frame)), False, frame.stroke)]
    marks = (_fixed(_corner_marks(frame)), False, frame.stroke)
    if frame.style is FrameStyle.APPROXIMATE:
        return [marks]
    return [(_fixed(_outline(frame)[None]), True, max(1, frame.stroke // 3)), marks]


def _shade(roi: Image, radius: int, plate: Plate) -> None:
    """Darken the plate's rectangle, but for what lies outside its round corners."""
    height, width = roi.shape[:2]
    corners = [(y, x) for y in (0, height - radius) for x in (0, width - radius)]
    before = [roi[y : y + radius, x : x + radius].astype(np.float32) for y, x in corners]
    cv2.convertScaleAbs(roi, dst=roi, alpha=1 - PLATE_STRENGTH, beta=PLATE_GREY * PLATE_STRENGTH)
    if plate.accent:
        roi[:, : plate.accent_width] = plate.accent
    for (y, x), old, inside in zip(corners, before, _round_corners(radius), strict=True):
        corner = roi[y : y + radius, x : x + radius]
        corner[:] = old + (corner - old) * inside + 0.5


@lru_cache(maxsize=32)
def _round_corners(radius: int) -> tuple[NDArray[np.float32], ...]:
    """Return how much of each pixel lies inside: top left, top right, bottom left, bottom right.

    Each of shape (radius, radius, 1), 0..1.
    """
    samples = (np.arange(radius * SMOOTHING) + 0.5) / SMOOTHING - radius
    inside = samples[:, None] ** 2 + samples[None, :] ** 2 <= radius**2
    share = inside.reshape(radius, SMOOTHING, radius, SMOOTHING).mean(axis=(1, 3))
    top_left = share.astype(np.float32)[:, :, None]
    return top_left, top_left[:, ::-1], top_left[::-1], top_left[::-1, ::-1]


def _draw_bar(roi: Image, bar: Bar) -> None:
    """Draw a bar: its track, and the filled part over it."""
    area = bar.area
    rows = slice(max(area.top, 0), area.bottom)
    roi[rows, area.left : area.right] = BAR_TRACK
    roi[rows, area.left : area.left + bar.filled] = bar.colour


@contextmanager
def _faded(image: Image, areas: Sequence[Area], opacity: float) -> Iterator[None]:
    """Blend what the block draws inside the areas (which must not overlap) with what was there."""
    if opacity >= 1:
        yield
        return
    rois = [image[max(a.top, 0) : max(a.bottom, 0), max(a.left, 0) : max(a.right, 0)] for a in areas]
    before = [roi.copy() for roi in rois]
    yield
    for roi, old in zip(rois, before, strict=True):
        if roi.size:
            cv2.addWeighted(roi, opacity, old, 1 - opacity, 0, dst=roi)


def _edges(frame: FaceFrame) -> tuple[Area, ...]:
    """Return four strips that hold every pixel of the box's lines, and no face between them."""
    outer = frame.area.grown(frame.stroke + 3)
    return _sides(outer, frame.stroke + 3 + frame.radius)


def _corners(frame: FaceFrame, inset: float) -> NDArray[np.float64]:
    """Return the points that lie `inset` pixels inside a box's corners, clockwise; shape (4, 2)."""
    area = frame.area
    left, top = area.left + inset, area.top + inset
    right, bottom = area.right - 1 - inset, area.bottom - 1 - inset
    return np.array(((left, top), (right, top), (right, bottom), (left, bottom)))


def _arcs(frame: FaceFrame) -> NDArray[np.float64]:
    """Return the four round corners of a box, clockwise; shape (4, ARC_STEPS, 2)."""
    arcs: NDArray[np.float64] = _corners(frame, frame.radius)[:, None] + frame.radius * QUARTER_CIRCLES
    return arcs


def _outline(frame: FaceFrame) -> NDArray[np.float64]:
    """Return the closed rounded rectangle of a box, clockwise from the top left; shape (n, 2)."""
    return _arcs(frame).reshape(-1, 2)


def _corner_marks(frame: FaceFrame) -> NDArray[np.float64]:
    """Return the four corners of a box, each with a leg along both edges; shape (4, n, 2)."""
    leg = frame.radius + CORNER_SHARE * min(frame.area.width, frame.area.height)
    corners = _corners(frame, 0)
    first, last = corners + leg * LEGS, corners + leg * np.roll(LEGS, 1, axis=0)
    return np.concatenate((first[:, None], _arcs(frame), last[:, None]), axis=1)


def _dashes(frame: FaceFrame) -> NDArray[np.float64]:
    """Return the outline of a box as dashes of equal length; shape (dashes, points, 2)."""
    outline = _outline(frame)
    closed = np.vstack((outline, outline[:1]))
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))))
    count = max(4, round(along[-1] / (2 * DASH * (frame.stroke + 1))))
    step = along[-1] / count
    stops = np.arange(count)[:, None] * step + np.linspace(0, step / 2, 4)
    x, y = (np.interp(stops, along, closed[:, axis]) for axis in (0, 1))
    return np.stack((x, y), axis=2)


def _fixed(points: NDArray[np.float64]) -> list[Path]:
    """Return paths, shape (paths, points, 2), in sixteenths of a pixel."""
    return list(np.round(points * (1 << SHIFT)).astype(np.int32))
