from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import BoundingBox
from livecam.native import cv2
from livecam.overlay.blur import BLOCKS, MARGIN, blurred, wholly_blurred
from livecam.vision import model_files
from livecam.vision.face_finder import FaceFinder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.frames import Image

BOX = BoundingBox(0.4, 0.3, 0.2, 0.4)
STILLS = (
    "img_happy.jpg",
    "img_angry.jpg",
    "img_multi3_happy.jpg",
    "img_multi4_family.jpg",
    "img_happy_laughing_man.jpg",
)


def noise(width: int = 200, height: int = 100) -> Image:
    return np.random.default_rng(7).integers(0, 255, (height, width, 3), np.uint8)


def changed(image: Image, *boxes: BoundingBox) -> tuple[slice, slice]:
    """The rows and columns between the first and the last pixel that a blur changed."""
    rows, columns = np.nonzero((blurred(image, boxes) != image).any(axis=2))
    return slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)


def test_a_box_is_blurred_with_a_margin_on_every_side_and_nothing_else() -> None:
    assert changed(noise(), BOX) == (slice(18, 82), slice(68, 132))


def test_the_image_itself_stays_as_it_is() -> None:
    image = noise()
    result = blurred(image, [BOX])
    assert np.array_equal(image, noise())
    assert not np.shares_memory(result, image)


def test_at_the_edge_the_part_inside_is_blurred() -> None:
    assert changed(noise(), BoundingBox(0.9, 0.8, 0.3, 0.4)) == (slice(68, 100), slice(162, 200))


@pytest.mark.parametrize("box", [BoundingBox(1.5, 0.2, 0.1, 0.1), BoundingBox(-0.9, -0.9, 0.2, 0.2)])
def test_a_box_outside_changes_nothing(box: BoundingBox) -> None:
    assert np.array_equal(blurred(noise(), [box]), noise())


def test_without_boxes_the_image_is_the_same() -> None:
    assert np.array_equal(blurred(noise(), []), noise())


def test_overlapping_boxes_are_both_blurred() -> None:
    both = changed(noise(), BOX, BoundingBox(0.5, 0.4, 0.2, 0.4))
    assert both == (slice(18, 92), slice(68, 152))


@pytest.mark.parametrize(("width", "height"), [(160, 90), (90, 160), (640, 480), (61, 43)])
def test_what_differs_within_a_block_leaves_no_trace(width: int, height: int) -> None:
    """Fine stripes and plain grey become the same: what is thrown away cannot be brought back."""
    stripes = np.zeros((height, width, 3), np.uint8)
    stripes[:, ::2] = 255
    spread = wholly_blurred(stripes)[:, :].astype(int)
    assert spread.max() - spread.min() < 40
    assert spread.shape == (height, width, 3)


def test_a_blurred_face_has_at_most_eight_colours_across() -> None:
    """Where a blur is flat it tells nothing: only the ramps between blocks may differ."""
    ramp = np.repeat(np.linspace(0, 255, 480, dtype=np.uint8)[None, :, None], 480, axis=0).repeat(3, axis=2)
    row = wholly_blurred(ramp)[240, :, 0]
    flat = row[1:-1][(row[1:-1] == row[:-2]) & (row[1:-1] == row[2:])]
    assert len(np.unique(flat)) <= 8
    assert BLOCKS / (1 + 2 * MARGIN) <= 8


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 1), (1, 9), (5, 5), (3, 400)])
def test_the_smallest_pictures_can_be_blurred(width: int, height: int) -> None:
    assert wholly_blurred(noise(width, height)).shape == (height, width, 3)
    assert blurred(noise(width, height), [BOX]).shape == (height, width, 3)


@pytest.mark.parametrize("name", STILLS)
@pytest.mark.parametrize("blur", [blurred, lambda image, _: wholly_blurred(image)])
def test_no_face_is_found_in_a_blurred_one(
    media: Path, models: Path, name: str, blur: Callable[[Image, list[BoundingBox]], Image]
) -> None:
    rows = [json.loads(line) for line in (media / "stills.faces.jsonl").read_text().splitlines()]
    boxes = [BoundingBox(*face[:4]) for row in rows if row["file"] == name for face in row["faces"]]
    image = np.asarray(cv2.imread(str(media / name)), np.uint8)
    # Less certain than livecam itself ever believes.
    finder = FaceFinder(model_files.load_verified(model_files.FACE_FINDER, models), threshold=0.3)
    assert finder.find(image)
    assert finder.find(blur(image, boxes)) == ()


@pytest.mark.parametrize("size", [(1280, 720), (1281, 723), (700, 1501)])
def test_of_a_large_picture_there_is_as_little_left(size: tuple[int, int]) -> None:
    width, height = size
    ramp = np.linspace(0, 255, width, dtype=np.uint8)[None, :, None]
    image = np.ascontiguousarray(np.broadcast_to(ramp, (height, width, 3)))
    image[:: height // 40] = 255
    result = wholly_blurred(image).astype(int)
    assert result.shape == image.shape
    assert np.abs(np.diff(result, axis=0)).max() <= 12  # no edge is left
    assert result[:, -width // 4 :].mean() - result[:, : width // 4].mean() > 50  # but its colours are
