from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import BoundingBox
from livecam.native import cv2
from livecam.vision.found_face import FoundFace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import Image


@pytest.fixture
def still(media: Path) -> Callable[[str], Image]:
    def load(name: str) -> Image:
        image = cv2.imread(str(media / name))
        assert image is not None
        return np.asarray(image, dtype=np.uint8)

    return load


@pytest.fixture
def reference_boxes(media: Path) -> dict[str, list[BoundingBox]]:
    lines = (media / "stills.faces.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["file"]: [BoundingBox(*face[:4]) for face in row["faces"]] for row in rows}


@pytest.fixture
def square_face() -> FoundFace:
    """A level face in the box (40, 30) to (120, 130)."""
    points = np.array([[62, 70], [98, 70], [80, 90], [66, 108], [94, 108]], dtype=np.float32)
    return FoundFace(40, 30, 120, 130, 0.9, points)
