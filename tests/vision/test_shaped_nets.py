from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2
from livecam.vision.face_finder import OUTPUTS
from livecam.vision.model_files import FACE_FINDER, load_verified
from livecam.vision.shaped_nets import MOST_SHAPES, ShapedNets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import Image

SHAPES = [(320, 192), (192, 320), (256, 256), (320, 256), (64, 32), (320, 192), (96, 96)]


def test_changing_the_shape_back_and_forth_never_changes_an_answer(
    models: Path, still: Callable[[str], Image]
) -> None:
    """A net that has run once gave wrong maps after a change of shape on OpenCV 4.14."""
    model = load_verified(FACE_FINDER, models)
    image = still("img_happy.jpg")
    nets = ShapedNets(model, OUTPUTS)
    assert len(set(SHAPES)) > MOST_SHAPES  # so that some nets are thrown away and built again
    for size in itertools.chain(SHAPES, reversed(SHAPES)):
        blob = np.asarray(cv2.dnn.blobFromImage(image, 1.0, size, swapRB=True), dtype=np.float32)
        fresh = ShapedNets(model, OUTPUTS).run(blob)
        for ours, expected in zip(nets.run(blob), fresh, strict=True):
            np.testing.assert_allclose(ours, expected, atol=1e-5)
