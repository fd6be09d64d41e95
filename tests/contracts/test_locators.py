"""What every locator promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import Face
from livecam.frames import Frame
from livecam.vision.face_locator import OnDeviceLocator
from tests.requirements import installed_models, media_folder

if TYPE_CHECKING:
    from livecam.protocols import FaceLocator


def on_device() -> FaceLocator:
    return OnDeviceLocator(models_dir=installed_models())


@pytest.fixture(params=[on_device], ids=lambda make: make.__name__)
def locator(request: pytest.FixtureRequest) -> FaceLocator:
    locator: FaceLocator = request.param()
    locator.warm()
    return locator


def frame_of(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Frame:
    return Frame("test", 0, 0.0, 0.0, image)


@pytest.mark.parametrize("size", [(240, 320), (720, 1280), (1080, 607), (48, 64)])
def test_where_nobody_is_nobody_is_seen(locator: FaceLocator, size: tuple[int, int]) -> None:
    assert locator.locate(frame_of(np.full((*size, 3), 90, np.uint8))) == ()


def test_faces_are_boxes_inside_the_frame_with_a_confidence_and_landmarks_and_nothing_else(
    locator: FaceLocator,
) -> None:
    from livecam.native import cv2

    image = cv2.imread(str(media_folder() / "img_multi3_happy.jpg"))
    assert image is not None
    before = image.copy()
    faces = locator.locate(frame_of(np.asarray(image, np.uint8)))
    assert len(faces) >= 2
    for face in faces:
        assert face == Face(face.box, face.confidence, landmarks=face.landmarks)
        assert face.landmarks
        assert len({point.kind for point in face.landmarks}) == len(face.landmarks)
        assert all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in face.landmarks)
        assert face.box == face.box.clamped()
        assert 0 < face.confidence <= 100
    assert np.array_equal(image, before)
