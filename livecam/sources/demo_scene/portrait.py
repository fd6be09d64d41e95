"""The photographed face of the demo scene: found, checked, and cut out of its background.

Grace Hopper's official portrait, a work of the U.S. Navy and in the public domain, ships with
matplotlib as sample data. matplotlib itself is never imported. All coordinates here are pixels of
the portrait: x to the right, y down.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livecam.errors import MissingDependency, SourceUnavailable
from livecam.native import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livecam.frames import Image

DEMO_NOTICE = "Demo scene: a real portrait (public domain); its expressions are synthetic."
"""Shown with every picture of the scene."""

PORTRAIT_SHA256 = "a8ca6d734765703b09728ab47fe59f473d93ae3967fc24c7c0288c3c7adb7130"
WIDTH, HEIGHT = 512, 600
"""Size of the portrait."""

FACE_BOX = (176.5, 121.3, 183.0, 212.0)
"""Left, top, width, height of the calm face as the CenterFace finder draws it at 320 px: medians over
the scene (137 pictures; standard deviations of the centre 2 and 4, of the size 5 and 9)."""

FIGURE_HEIGHT = 840
"""Height of the figure: the portrait with the coat continued downwards, so that it never ends in view."""

_COAT_ROWS = slice(562, 573)
"""Plain cloth between the ribbons and the button: what the coat is continued with."""

_OUTLINE = (
    *((242, 24), (262, 23), (275, 25), (289, 30), (297, 38), (302, 41), (322, 47), (340, 60), (351, 76)),
    *((354, 86), (364, 87), (369, 97), (370, 130), (372, 140), (370, 160), (367, 183), (374, 190)),
    *((375, 200), (370, 225), (364, 255), (360, 268), (352, 280), (345, 292), (335, 306), (331, 312)),
    *((334, 320), (347, 330), (362, 341), (385, 350), (422, 366), (464, 377), (483, 388), (491, 392)),
    *((497, 405), (505, 432), (509, 470), (510, 600), (510, 900), (19, 900), (16, 575), (20, 526)),
    *((25, 480), (28, 440), (31, 430), (38, 411), (45, 392), (53, 383), (61, 381), (75, 371), (95, 364)),
    *((130, 355), (166, 344), (185, 331), (197, 318), (202, 307), (200, 297), (185, 290), (172, 281)),
    *((167, 270), (163, 255), (160, 235), (154, 210), (153, 192), (157, 183), (149, 178), (148, 150)),
    *((151, 120), (156, 103), (166, 92), (174, 84), (177, 72), (184, 60), (195, 50), (208, 43), (218, 37)),
    (230, 29),
)
"""Head and shoulders, clockwise from the top of the hat; traced by hand with GrabCut's help."""

_INSET = 5
"""Size in pixels of the erosion that keeps the photo's own background out of the edge."""

_FEATHER = 1.2
"""Standard deviation in pixels of the soft edge: about that of the photo's own edges."""


def load_portrait() -> Image:
    """Return the portrait, BGR, shape (600, 512, 3).

    Raises:
        MissingDependency: matplotlib, whose sample data it is part of, is not installed.
        SourceUnavailable: the file is not the one that was pinned.
    """
    return read_portrait(find_portrait())


def find_portrait(package: str = "matplotlib") -> Path:
    """Return where the portrait is, among the sample data of a top-level package.

    Raises:
        MissingDependency: the package or the file is not installed.
    """
    spec = importlib.util.find_spec(package)  # of a top-level package: imports nothing
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / "mpl-data" / "sample_data" / "grace_hopper.jpg"
        if path.is_file():
            return path
    raise MissingDependency("The demo scene's portrait is not installed: pip install 'livecam[demo]'")


def read_portrait(path: Path) -> Image:
    """Return the portrait in the file at `path`, BGR, shape (600, 512, 3).

    Raises:
        SourceUnavailable: the file cannot be read or is not the one that was pinned.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceUnavailable(
            f"The demo scene's portrait {path} cannot be read: {error.strerror}"
        ) from error
    if hashlib.sha256(data).hexdigest() != PORTRAIT_SHA256:
        message = (
            f"The demo scene's portrait {path} is not the pinned one (its SHA-256 differs);"
            " reinstall it: pip install --force-reinstall matplotlib"
        )
        raise SourceUnavailable(message)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(decoded, np.uint8)


def figure_pixels(portrait: Image) -> Image:
    """Return the portrait with its coat continued downwards, shape (FIGURE_HEIGHT, width, 3)."""
    row = portrait[_COAT_ROWS].mean(axis=0, keepdims=True).astype(np.uint8)
    row = cv2.blur(row, (9, 1)).reshape(1, -1, 3)  # else single threads of cloth become long streaks
    more = np.repeat(row, FIGURE_HEIGHT - portrait.shape[0], axis=0)
    return np.concatenate([portrait, more]).astype(np.uint8)


def figure_alpha() -> NDArray[np.uint8]:
    """Return how much of each pixel is the person, 0-255, shape (FIGURE_HEIGHT, WIDTH)."""
    alpha = np.zeros((FIGURE_HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(alpha, [np.array(_OUTLINE, np.int32)], (255,), cv2.LINE_AA)
    alpha[:, [0, -1]] = 0
    alpha = cv2.erode(alpha, np.ones((_INSET, _INSET), np.uint8)).astype(np.uint8)
    return cv2.GaussianBlur(alpha, (0, 0), _FEATHER).astype(np.uint8)
