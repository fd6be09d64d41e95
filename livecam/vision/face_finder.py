"""Finds faces in an image with CenterFace on cv2.dnn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2
from livecam.vision.found_face import FoundFace
from livecam.vision.peak_decoding import decode_peaks
from livecam.vision.shaped_nets import ShapedNets

if TYPE_CHECKING:
    from livecam.frames import Image

OUTPUTS = ("537", "538", "539", "540")
"""The model's own names of its maps: heatmap, scale, offset, points."""
GRAIN = 32
"""The network halves its input five times, so each side must be a multiple of this."""
INPUT_WIDTH = 384
"""Default longer side of the network's input, pixels: 16-19 ms of CPU a frame. 320 saves 4 of them
and loses a fifth of the faces of a street crowd (docs/decisions/0003)."""
THRESHOLD = 0.5


def input_size(width: int, height: int, longer_side: int) -> tuple[int, int]:
    """Return the network's input (width, height) for an image: multiples of 32, never less than 32.

    The image is stretched to fill it, each side by its own factor. Padding instead was no better on the
    shared clips: 28 faces instead of 25 of 28 in one, 15 instead of 19 of 44 in another, boxes alike.
    """
    factor = longer_side / max(width, height)

    def up(side: int) -> int:
        return max(1, -(-round(side * factor) // GRAIN)) * GRAIN

    return up(width), up(height)


class FaceFinder:
    """Finds faces of any number and size in images of any size. Not thread-safe."""

    def __init__(self, model: bytes, *, input_width: int = INPUT_WIDTH, threshold: float = THRESHOLD) -> None:
        self._nets = ShapedNets(model, OUTPUTS)
        self._input_width = input_width
        self._threshold = threshold

    def find(self, image: Image) -> tuple[FoundFace, ...]:
        """Return the faces of an image, most certain first."""
        height, width = image.shape[:2]
        size = input_size(width, height, self._input_width)
        blob = cv2.dnn.blobFromImage(image, 1.0, size, (0.0, 0.0, 0.0), swapRB=True, crop=False)
        maps = [output[0] for output in self._nets.run(np.asarray(blob, dtype=np.float32))]
        boxes, points, scores = decode_peaks(maps[0][0], maps[1], maps[2], maps[3], self._threshold)
        to_image = np.array([width / size[0], height / size[1]], dtype=np.float32)
        boxes = boxes * np.tile(to_image, 2)
        points = points * to_image
        return tuple(
            FoundFace(left, top, right, bottom, score, located)
            for (left, top, right, bottom), located, score in zip(
                boxes.tolist(), points, scores.tolist(), strict=True
            )
        )
