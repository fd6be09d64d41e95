"""How a face looks where expressions show: mouth and brows, as directions of edges.

The face is laid upright on a fixed square by its five points, so that where it is, how large and how it leans
do not count; of the square each cell's edges count by direction, not by strength, so that light does not.
Two looks at one face are compared by the cosine of their vectors: below 0.02 apart is the same expression but
for noise. What is expressed this does not say, and one face it does not tell from another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from livecam.detections import Appearance
from livecam.evidence.sharpness import sharpness_of
from livecam.native import cv2

if TYPE_CHECKING:
    from livecam.faces import Face
    from livecam.frames import Frame, Image

Grey: TypeAlias = NDArray[np.uint8]
"""Brightness 0..255, shape (height, width)."""

SIDE = 48
"""Of the square, pixels."""
PLACES = {
    "eyeLeft": (15.0, 17.0),
    "eyeRight": (33.0, 17.0),
    "nose": (24.0, 27.0),
    "mouthLeft": (17.0, 37.0),
    "mouthRight": (31.0, 37.0),
}
"""Where the five points come to lie on the square, as x and y in pixels; left means the image's left."""
CELLS = 8
"""Across and down."""
DIRECTIONS = 8
"""Of edges, dark to light and light to dark being one."""
LENGTH = CELLS * CELLS * DIRECTIONS
"""Of the vector: 512."""
FAINT = 20.0
"""Strength of a cell's edges, summed over its pixels, below which it counts less: what is flat is noise."""
MOUTH_AND_BROWS = (((24, 37), (8.0, 4.5)), ((14, 12), (5.0, 3.0)), ((34, 12), (5.0, 3.0)))
"""Middles (x, y) and widths (standard deviations) of what counts, in pixels of the square."""
LARGEST_REDUCTION = 3
"""Times by which the face is averaged down; of a larger one not every pixel is looked at, or a face that
fills a 4K picture would cost ten times as much."""
LEAST_SPREAD = 1.0
"""Pixels, root of the mean square, by which the points must stand apart to be those of a face."""


def appearances_in(frame: Frame, faces: tuple[Face, ...]) -> tuple[Appearance | None, ...]:
    """Return how each of a frame's faces looks, in the same order."""
    return tuple(appearance_of(frame.image, face) for face in faces)


def appearance_of(image: Image, face: Face) -> Appearance | None:
    """Return how a face looks: 0.2 to 0.4 ms of CPU.

    Args:
        image: the whole picture, BGR.
        face: with its landmarks, in fractions of it.

    Returns:
        None for a face without the five points, with points that coincide or lie outside the picture, or
        where nothing but one colour is to be seen.
    """
    points = _points_of(face, image)
    square = None if points is None else _upright(image, points)
    vector = None if square is None else _described(square)
    sharpness = None if vector is None else sharpness_of(image, face.box)
    if vector is None or sharpness is None:
        return None
    return Appearance(vector, sharpness)


def _points_of(face: Face, image: Image) -> NDArray[np.complex128] | None:
    """Return the five points in pixels, x + iy, as in `PLACES`; None unless all are in the picture."""
    seen = {point.kind: point for point in face.landmarks or ()}
    height, width = image.shape[:2]
    points = [seen[kind] for kind in PLACES if kind in seen]
    # Positive terms only, so that what is no number is not inside either.
    if len(points) < len(PLACES) or not all(0 <= each.x <= 1 and 0 <= each.y <= 1 for each in points):
        return None
    # Pixel centres are at whole numbers where OpenCV warps, and at halves where fractions count.
    return np.array([complex(each.x * width - 0.5, each.y * height - 0.5) for each in points])


def _upright(image: Image, points: NDArray[np.complex128]) -> Grey | None:
    """Return the face on its square; None when the points are not apart."""
    middle = points.mean()
    apart = points - middle
    spread = float(np.mean(np.abs(apart) ** 2))
    if spread < LEAST_SPREAD**2:
        return None
    # Least squares for place = turn * point + shift, in the plane of complex numbers: turning, scaling and
    # shifting only.
    turn = complex(np.mean(apart.conj() * _PLACES)) / spread
    if abs(turn) * np.sqrt(spread) < LEAST_SPREAD:  # such as points in the mirrored order
        return None
    back = 1 / turn
    corners = middle + back * (_CORNERS - _PLACES_MIDDLE)
    height, width = image.shape[:2]
    left, right = (int(np.clip(x, 0, width)) for x in (corners.real.min() - 2, corners.real.max() + 3))
    top, bottom = (int(np.clip(y, 0, height)) for y in (corners.imag.min() - 2, corners.imag.max() + 3))
    # A warp takes single points: a large face is averaged down by a whole number first, which is cheap.
    wanted = max(1, int(abs(back)))
    stride = max(1, wanted // LARGEST_REDUCTION)
    shrink = wanted // stride
    step = stride * shrink
    size = max(1, (right - left) // step), max(1, (bottom - top) // step)
    patch = image[top : top + size[1] * step : stride, left : left + size[0] * step : stride]
    grey = cv2.cvtColor(patch, cv2.COLOR_BGR2GRAY)
    if shrink > 1:
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    # From the square to the small patch, as OpenCV wants it for sampling.
    scale = back / step
    first = (shrink - 1) / 2 * stride
    shift = (middle - complex(left + first, top + first)) / step - scale * _PLACES_MIDDLE
    to_patch = np.array([[scale.real, -scale.imag, shift.real], [scale.imag, scale.real, shift.imag]])
    square = cv2.warpAffine(
        grey,
        to_patch,
        (SIDE, SIDE),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(square, dtype=np.uint8)


def _described(square: Grey) -> NDArray[np.float32] | None:
    """Return each cell's edges by direction, weighted, shape (512,), length 1; None of a flat square."""
    smooth = cv2.GaussianBlur(square, (3, 3), 0)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down)
    place = np.asarray(angle, dtype=np.float32).ravel() * np.float32(DIRECTIONS / np.pi)
    below = place.astype(np.int64)
    share = place - below
    strengths = np.asarray(strength, dtype=np.float32).ravel()
    # The upper neighbour of the last direction is the first: a whole turn is 2 x 8 directions.
    bins = np.concatenate((_CELL_OF_PIXEL + below % DIRECTIONS, _CELL_OF_PIXEL + (below + 1) % DIRECTIONS))
    weights = np.concatenate((strengths * (1 - share), strengths * share))
    cells = np.bincount(bins, weights, LENGTH).reshape(-1, DIRECTIONS)
    strongest = np.sqrt((cells**2).sum(axis=1, keepdims=True)) + FAINT
    vector = np.asarray(cells / strongest * _ROOT_WEIGHTS, dtype=np.float64).ravel()
    length = float(np.sqrt(vector @ vector))
    if length == 0:
        return None
    return np.asarray(vector / length, dtype=np.float32)


def _root_weights() -> NDArray[np.float64]:
    """Return how much each cell counts, shape (64, 1): roots, as they meet themselves in a product."""
    y, x = np.mgrid[:SIDE, :SIDE]
    pixels = sum(
        np.exp(-(((x - middle_x) / width) ** 2 + ((y - middle_y) / height) ** 2) / 2)
        for (middle_x, middle_y), (width, height) in MOUTH_AND_BROWS
    )
    cell = SIDE // CELLS
    means = np.asarray(pixels).reshape(CELLS, cell, CELLS, cell).mean(axis=(1, 3))
    return np.asarray(np.sqrt(means), dtype=np.float64).reshape(-1, 1)


_WANTED = np.array([complex(x, y) for x, y in PLACES.values()])
_PLACES_MIDDLE = complex(_WANTED.mean())
_PLACES = _WANTED - _PLACES_MIDDLE
_CORNERS = np.array([0, SIDE, 1j * SIDE, SIDE * (1 + 1j)])
_ROOT_WEIGHTS = _root_weights()
_CELL_OF_PIXEL = (
    (np.arange(SIDE)[:, None] // (SIDE // CELLS) * CELLS + np.arange(SIDE) // (SIDE // CELLS)) * DIRECTIONS
).ravel()
