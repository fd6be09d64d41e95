from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.errors import ModelDamaged, ModelMissing
from livecam.faces import BoundingBox, Face
from livecam.frames import Frame
from livecam.vision import face_finder
from livecam.vision.face_locator import INPUT_WIDTH, OnDeviceLocator, finder_name
from livecam.vision.found_face import POINT_KINDS
from livecam.vision.model_files import FACE_FINDER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import Image
    from livecam.protocols import FaceLocator

WHOLE = BoundingBox(0, 0, 1, 1)


def frame_of(image: Image) -> Frame:
    return Frame("test", 0, 0.0, 0.0, image)


def test_every_face_of_the_stills_is_where_the_reference_has_it(
    models: Path, still: Callable[[str], Image], reference_boxes: dict[str, list[BoundingBox]]
) -> None:
    locator: FaceLocator = OnDeviceLocator(models_dir=models)
    locator.warm()
    for name, boxes in reference_boxes.items():
        faces = locator.locate(frame_of(still(name)))
        for box in boxes:
            assert max(box.iou(face.box) for face in faces) > 0.7, name


def test_it_says_where_how_certain_and_five_points_and_nothing_else(
    models: Path, still: Callable[[str], Image]
) -> None:
    faces = OnDeviceLocator(models_dir=models).locate(frame_of(still("img_multi4_family.jpg")))
    assert len(faces) >= 4
    confidences = [face.confidence for face in faces]
    assert confidences == sorted(confidences, reverse=True)
    assert all(40 < confidence <= 100 for confidence in confidences)
    assert all(face.box.iou(face.box.clamped()) == pytest.approx(1) for face in faces)
    assert all(face == Face(face.box, face.confidence, landmarks=face.landmarks) for face in faces)
    for face in faces:
        points = {point.kind: point for point in face.landmarks or ()}
        assert tuple(points) == POINT_KINDS
        assert points["eyeLeft"].x < points["nose"].x < points["eyeRight"].x
        assert max(points["eyeLeft"].y, points["eyeRight"].y) < points["nose"].y < points["mouthLeft"].y
        assert all(
            face.box.left < point.x < face.box.right and face.box.top < point.y < face.box.bottom
            for point in points.values()
        )


def test_nobody_is_seen_where_nobody_is(models: Path, still: Callable[[str], Image]) -> None:
    locator = OnDeviceLocator(models_dir=models)
    assert locator.locate(frame_of(still("img_noface_grass.jpg"))) == ()
    assert locator.locate(frame_of(np.zeros((3, 7, 3), np.uint8))) == ()


def test_a_lower_threshold_sees_more(models: Path, still: Callable[[str], Image]) -> None:
    canvas = np.full((720, 1280, 3), 128, np.uint8)
    face = still("img_multi4_family.jpg")[::4, ::4]
    canvas[100 : 100 + face.shape[0], 200 : 200 + face.shape[1]] = face
    seen = {
        threshold: len(OnDeviceLocator(models_dir=models, threshold=threshold).locate(frame_of(canvas)))
        for threshold in (0.1, 0.4, 0.9)
    }
    assert seen[0.1] > seen[0.9]
    assert seen[0.1] >= seen[0.4] >= seen[0.9]


def test_of_a_region_only_the_faces_in_it_are_seen_in_fractions_of_the_frame(
    models: Path, still: Callable[[str], Image]
) -> None:
    face = still("img_happy.jpg")
    both = np.ascontiguousarray(np.hstack([face, face]))
    everywhere = OnDeviceLocator(models_dir=models).locate(frame_of(both))
    right_half = BoundingBox(0.5, 0, 0.5, 1)
    (inside,) = OnDeviceLocator(models_dir=models, region=right_half).locate(frame_of(both))
    assert len(everywhere) == 2
    assert inside.box.left >= 0.5
    assert max(inside.box.iou(each.box) for each in everywhere) > 0.8
    assert inside.landmarks
    assert all(inside.box.left < point.x < inside.box.right for point in inside.landmarks)
    (alone,) = OnDeviceLocator(models_dir=models, region=WHOLE).locate(frame_of(face))
    assert (alone,) == OnDeviceLocator(models_dir=models).locate(frame_of(face))


def test_a_model_that_is_missing_or_damaged_is_told_when_it_warms(tmp_path: Path) -> None:
    locator = OnDeviceLocator(models_dir=tmp_path)
    with pytest.raises(ModelMissing, match="run: livecam models install"):
        locator.warm()
    (tmp_path / FACE_FINDER.name).write_bytes(b"something else")
    with pytest.raises(ModelDamaged, match="run: livecam models install"):
        locator.warm()


def test_it_draws_as_the_detector_does_and_is_remembered_by_its_size() -> None:
    assert INPUT_WIDTH == face_finder.INPUT_WIDTH
    assert finder_name() == "centerface@384"
    assert finder_name(256) != finder_name()
