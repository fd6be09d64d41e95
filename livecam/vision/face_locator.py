"""Says quickly where faces are in a frame; what they express it does not ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import BoundingBox, Face
from livecam.vision import model_files
from livecam.vision.face_description import face_box, landmarks_of
from livecam.vision.face_finder import FaceFinder

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Frame, Image
    from livecam.vision.found_face import FoundFace

INPUT_WIDTH = 384
"""Longer side of the network's input, pixels; as the on-device detector's, so that both draw alike: at
another size the same model disagrees with itself by up to a tenth of a box (IoU 0.87-0.93). On the shared
clips 320 found 73 instead of 84 of 116 faces in a street crowd, more loosely (IoU 0.70 instead of 0.77),
and all others just as well. It costs 11 instead of 15 ms of CPU a 16:9 look, a fiftieth of a core at 5/s."""
THRESHOLD = 0.4
"""Below the detector's 0.5: what is followed already is believed sooner than what is new, and whoever
takes the sightings sees how certain each is."""
WARMING_SIZE = (180, 320)
"""Rows and columns of the black picture; 16:9 is the most likely shape, so its net is ready."""


def finder_name(input_width: int = INPUT_WIDTH) -> str:
    """Return what the finder's way of drawing boxes is remembered under; another size draws otherwise."""
    return f"centerface@{input_width}"


class OnDeviceLocator:
    """CenterFace alone; fits `FaceLocator`.

    Args:
        models_dir: where the model is kept; None for the usual folder.
        input_width: longer side of the network's input, pixels.
        threshold: least certainty of a face, 0..1.
        region: the part of the frame that is looked at, with an area; None for all of it.
    """

    def __init__(
        self,
        *,
        models_dir: Path | None = None,
        input_width: int = INPUT_WIDTH,
        threshold: float = THRESHOLD,
        region: BoundingBox | None = None,
    ) -> None:
        self._models_dir = models_dir
        self._input_width = input_width
        self._threshold = threshold
        self._region = region
        self._finder: FaceFinder | None = None

    def warm(self) -> None:
        """Load the model and run it once.

        Raises:
            ModelMissing: it is not installed.
            ModelDamaged: it is not the pinned one.
        """
        self._loaded().find(np.zeros((*WARMING_SIZE, 3), dtype=np.uint8))

    def locate(self, frame: Frame) -> tuple[Face, ...]:
        """Return the faces of a frame, most certain first.

        Returns:
            Boxes clamped to the frame, confidences (0..100) and the five landmarks, which may lie outside
            the frame where the face does.

        Raises:
            ModelMissing: the model is not installed.
            ModelDamaged: it is not the pinned one.
        """
        if self._region is None:
            return self._faces_in(frame.image)
        left, top, right, bottom = self._region.edges_in_pixels(frame.width, frame.height)
        seen = BoundingBox(
            left / frame.width,
            top / frame.height,
            (right - left) / frame.width,
            (bottom - top) / frame.height,
        )
        return tuple(face.placed_in(seen) for face in self._faces_in(frame.image[top:bottom, left:right]))

    def _faces_in(self, image: Image) -> tuple[Face, ...]:
        height, width = image.shape[:2]
        return tuple(_located(found, width, height) for found in self._loaded().find(image))

    def _loaded(self) -> FaceFinder:
        if self._finder is None:
            model = model_files.load_verified(model_files.FACE_FINDER, self._models_dir)
            self._finder = FaceFinder(model, input_width=self._input_width, threshold=self._threshold)
        return self._finder


def _located(found: FoundFace, width: int, height: int) -> Face:
    """Return where a found face is, in fractions of its picture."""
    return Face(
        face_box(found, width, height),
        found.score * 100,
        landmarks=landmarks_of(found, width, height),
    )
