from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import BoundingBox
from livecam.native import cv2
from livecam.vision.face_description import face_box
from livecam.vision.face_finder import FaceFinder, input_size
from livecam.vision.model_files import FACE_FINDER, load_verified

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import Image


@pytest.fixture
def finder(models: Path) -> FaceFinder:
    return FaceFinder(load_verified(FACE_FINDER, models))


def boxes_in(finder: FaceFinder, image: Image) -> list[BoundingBox]:
    height, width = image.shape[:2]
    return [face_box(face, width, height) for face in finder.find(image)]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ((1280, 720), (320, 192)),
        ((640, 480), (320, 256)),
        ((320, 320), (320, 320)),
        ((1080, 1920), (192, 320)),
        ((1, 1), (320, 320)),
        ((5000, 3), (320, 32)),
        ((4, 3), (320, 256)),
    ],
)
def test_the_input_is_made_of_multiples_of_32(image: tuple[int, int], expected: tuple[int, int]) -> None:
    assert input_size(*image, 320) == expected


def test_every_face_of_the_stills_is_found_where_the_reference_has_it(
    finder: FaceFinder, still: Callable[[str], Image], reference_boxes: dict[str, list[BoundingBox]]
) -> None:
    found = {name: boxes_in(finder, still(name)) for name in reference_boxes}
    overlaps = {
        name: [max((box.iou(seen) for seen in found[name]), default=0.0) for box in boxes]
        for name, boxes in reference_boxes.items()
    }
    assert {name: len(boxes) for name, boxes in found.items()} == {
        name: len(boxes) for name, boxes in reference_boxes.items()
    }
    flat = [value for values in overlaps.values() for value in values]
    assert min(flat) > 0.7, overlaps
    assert np.mean(flat) > 0.88


def test_grass_holds_no_face(finder: FaceFinder, still: Callable[[str], Image]) -> None:
    assert finder.find(still("img_noface_grass.jpg")) == ()


def test_pictures_of_mixed_sizes_do_not_disturb_each_other(
    finder: FaceFinder, models: Path, still: Callable[[str], Image]
) -> None:
    names = ["img_happy.jpg", "img_sad.jpg", "img_seq_a3_calm.jpg", "img_happy.jpg", "img_multi3_happy.jpg"]
    for name in [*names, *reversed(names)]:
        image = still(name)
        alone = FaceFinder(load_verified(FACE_FINDER, models))
        assert boxes_in(finder, image) == boxes_in(alone, image)


def test_a_face_is_found_in_the_same_place_at_any_resolution(
    finder: FaceFinder, still: Callable[[str], Image]
) -> None:
    image = still("img_seq_a5_angry.jpg")
    (full,) = boxes_in(finder, image)
    for width, height in ((512, 640), (333, 417), (101, 127)):
        (small,) = boxes_in(finder, np.asarray(cv2.resize(image, (width, height)), dtype=np.uint8))
        assert full.iou(small) > 0.9


def test_the_colours_are_given_in_the_models_order(finder: FaceFinder, still: Callable[[str], Image]) -> None:
    # Small faces tell: on large ones the scores hardly differ.
    images = [still(name) for name in ("img_multi3_happy.jpg", "img_multi4_family.jpg")]
    right, swapped = (
        sum(face.score for image in images for face in finder.find(np.ascontiguousarray(image[..., order])))
        for order in (slice(None), slice(None, None, -1))
    )
    assert right > swapped + 0.1


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (17, 5), (3, 2000), (2000, 3), (33, 31), (720, 1280)])
def test_a_black_picture_of_any_size_holds_no_face(finder: FaceFinder, shape: tuple[int, int]) -> None:
    assert finder.find(np.zeros((*shape, 3), dtype=np.uint8)) == ()


def test_a_wider_input_finds_smaller_faces(models: Path, still: Callable[[str], Image]) -> None:
    group = still("img_multi4_family.jpg")
    canvas = np.full((1080, 1920, 3), 128, dtype=np.uint8)
    canvas[600:867, 900:1300] = cv2.resize(group, (400, 267), interpolation=cv2.INTER_AREA)
    model = load_verified(FACE_FINDER, models)
    usual = FaceFinder(model).find(canvas)
    wide = FaceFinder(model, input_width=960).find(canvas)
    assert len(wide) == 4
    assert len(usual) < 4


def test_a_mirrored_view_of_a_picture_gives_mirrored_boxes(
    finder: FaceFinder, still: Callable[[str], Image]
) -> None:
    image = still("img_multi3_happy.jpg")
    straight = sorted(boxes_in(finder, image), key=lambda box: box.left)
    mirrored = sorted(boxes_in(finder, image[:, ::-1]), key=lambda box: -box.right)
    assert len(mirrored) == len(straight) == 3
    for box, seen in zip(straight, mirrored, strict=True):
        assert box.iou(BoundingBox(1 - seen.right, seen.top, seen.width, seen.height)) > 0.8
