from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecam.faces import BoundingBox, Movement
from livecam.motion.grid_flow import FULL_GRID, SCALE_GAIN, SPARSE_GRID, Grid, movements
from tests.motion.pictures import moved, texture

WIDTH, HEIGHT = 320, 180
BOX = BoundingBox(0.4, 0.3, 0.2, 0.4)
OTHERS = (BoundingBox(0.05, 0.1, 0.1, 0.2), BoundingBox(0.7, 0.5, 0.2, 0.4), BoundingBox(0.2, 0.6, 0.05, 0.1))

grids = pytest.mark.parametrize("grid", [FULL_GRID, SPARSE_GRID], ids=["full", "sparse"])


def only(found: list[Movement | None]) -> Movement:
    (movement,) = found
    assert movement is not None
    return movement


def test_the_full_grid_has_24_points_and_the_sparse_one_13() -> None:
    assert len(FULL_GRID.offsets) == 24
    assert len(SPARSE_GRID.offsets) == 13


@grids
def test_a_grid_lies_evenly_around_the_centre_and_beyond_the_box(grid: Grid) -> None:
    assert np.allclose(grid.offsets.mean(axis=0), 0, atol=1e-6)
    assert grid.offsets.max() == pytest.approx(0.6)
    assert np.hypot(*grid.offsets.T).max() <= 0.63


@grids
def test_only_points_far_from_each_other_tell_the_scale(grid: Grid) -> None:
    one, other = grid.pairs
    assert len(one) <= 120
    assert np.hypot(*(grid.offsets[one] - grid.offsets[other]).T).min() > 0.54
    assert set(one) | set(other) == set(range(len(grid.offsets)))


@grids
@pytest.mark.parametrize("shift", [(0, 0), (1, 0), (0.4, -0.7), (6.3, 3.8), (-14, 9), (20, -12)])
def test_a_shift_is_measured_to_half_a_pixel(grid: Grid, shift: tuple[float, float]) -> None:
    before = texture()
    movement = only(movements(before, moved(before, *shift), [BOX], grid))
    assert movement.dx * WIDTH == pytest.approx(shift[0], abs=0.5)
    assert movement.dy * HEIGHT == pytest.approx(shift[1], abs=0.5)
    assert movement.scale == pytest.approx(1, abs=0.01)
    assert movement.quality > 0.7


@grids
@pytest.mark.parametrize("scale", [0.94, 0.98, 1.02, 1.05])
@pytest.mark.parametrize("box", [BOX, *OTHERS[:2]])
def test_a_scale_is_measured_to_one_percent_and_damped(grid: Grid, scale: float, box: BoundingBox) -> None:
    before = texture()
    movement = only(movements(before, moved(before, 2, -1, scale), [box], grid))
    assert movement.scale == pytest.approx(1 + SCALE_GAIN * (scale - 1), abs=0.01 * SCALE_GAIN)
    x, y = box.center
    assert movement.dx * WIDTH == pytest.approx(2 + (scale - 1) * (x - 0.5) * WIDTH, abs=0.7)
    assert movement.dy * HEIGHT == pytest.approx(-1 + (scale - 1) * (y - 0.5) * HEIGHT, abs=0.7)


def test_no_frame_changes_a_face_by_more_than_a_tenth() -> None:
    before = texture()
    movement = only(movements(before, moved(before, 0, 0, 1.16), [BOX]))
    assert movement.scale == pytest.approx(1 + SCALE_GAIN * 0.1)


def test_a_movement_is_in_fractions_of_portrait_pictures_too() -> None:
    before = texture(180, 320)
    movement = only(movements(before, moved(before, 9, 16), [BoundingBox(0.3, 0.3, 0.4, 0.3)]))
    assert movement.dx == pytest.approx(9 / 180, abs=0.5 / 180)
    assert movement.dy == pytest.approx(16 / 320, abs=0.5 / 320)


@grids
def test_several_faces_in_one_call_move_as_each_does_alone(grid: Grid) -> None:
    before = texture()
    after = moved(before, 3, -2, 1.03)
    boxes = [BOX, BoundingBox(2.0, 0.0, 0.1, 0.1), *OTHERS]
    together = movements(before, after, boxes, grid)
    assert together == [only_or_none(movements(before, after, [box], grid)) for box in boxes]
    assert together[1] is None
    assert sum(movement is not None for movement in together) == len(boxes) - 1


def only_or_none(found: list[Movement | None]) -> Movement | None:
    (movement,) = found
    return movement


def test_faces_that_move_apart_are_told_apart() -> None:
    before = texture()
    after = np.hstack([moved(before, -4, 0)[:, :160], moved(before, 5, 2)[:, 160:]])
    left, right = movements(before, after, [OTHERS[0], OTHERS[1]])
    assert left is not None
    assert right is not None
    assert left.dx * WIDTH == pytest.approx(-4, abs=0.5)
    assert right.dx * WIDTH == pytest.approx(5, abs=0.5)


def test_a_face_is_followed_by_what_is_left_of_it_behind_a_hand() -> None:
    before = texture()
    after = moved(before, 3, 1)
    hand = texture(64, 29, seed=9)
    after[54:83, 128:192] = hand
    movement = only(movements(before, after, [BOX]))
    assert movement.dx * WIDTH == pytest.approx(3, abs=0.5)
    assert movement.dy * HEIGHT == pytest.approx(1, abs=0.5)
    assert movement.quality < 0.8


def test_a_face_whose_halves_go_different_ways_is_followed_badly() -> None:
    before, after = texture(), texture()
    after[:, :160] = moved(before, 14, 0)[:, :160]  # what passes before its left half
    box = BoundingBox(0.4, 0.2, 0.2, 0.5)
    whole, half = only(movements(before, before, [box])), only(movements(before, after, [box]))
    assert whole.quality == 1.0
    assert half.quality < 0.6


def test_a_face_at_the_edge_is_followed_by_the_part_inside() -> None:
    before = texture()
    for box in (BoundingBox(-0.06, 0.3, 0.2, 0.4), BoundingBox(0.8, 0.75, 0.2, 0.4)):
        movement = only(movements(before, moved(before, 2, 1), [box]))
        assert movement.dx * WIDTH == pytest.approx(2, abs=0.5)
        assert movement.dy * HEIGHT == pytest.approx(1, abs=0.5)
        assert movement.quality < 1


def test_points_outside_the_picture_are_not_followed() -> None:
    before = texture()
    # The nearest column outside is 2 pixels from the edge: OpenCV itself would follow it.
    box = BoundingBox(-14.2 / WIDTH, 0.3, 32 / WIDTH, 0.4)
    movement = only(movements(before, moved(before, 1, 0), [box]))
    assert 0.3 < movement.quality <= 0.5


def test_a_face_that_grows_at_the_edge_is_not_drawn_aside_by_the_part_inside() -> None:
    before = texture()
    box = BoundingBox(-0.15, 0.2, 0.3, 0.6)
    movement = only(movements(before, moved(before, 0, 0, 1.05), [box]))
    assert movement.dx * WIDTH == pytest.approx(0.05 * (0 - 0.5) * WIDTH, abs=0.8)


@pytest.mark.parametrize(
    "box",
    [
        BoundingBox(1.2, 0.3, 0.2, 0.4),
        BoundingBox(-0.5, -0.5, 0.2, 0.4),
        BoundingBox(-0.195, 0.3, 0.2, 0.4),
        BoundingBox(0.5, 0.5, 0.005, 0.005),
        BoundingBox(0.5, 0.5, 0.0, 0.2),
        BoundingBox(0.5, 0.5, -0.2, 0.2),
        BoundingBox(0.4, 0.3, math.nan, 0.4),
        BoundingBox(math.nan, 0.3, 0.2, 0.4),
        BoundingBox(-math.inf, 0.3, math.inf, 0.4),
        BoundingBox(-1e30, -1e30, 2e30, 2e30),
    ],
    ids=repr,
)
def test_a_face_that_is_outside_tiny_or_nonsense_cannot_be_followed(box: BoundingBox) -> None:
    before = texture()
    assert movements(before, moved(before, 1, 1), [box]) == [None]


def test_a_face_without_texture_cannot_be_followed() -> None:
    flat = np.full((HEIGHT, WIDTH), 120, np.uint8)
    assert movements(flat, flat, [BOX, *OTHERS]) == [None] * 4


def test_a_face_that_gave_way_to_something_else_cannot_be_followed() -> None:
    assert movements(texture(seed=1), texture(seed=2), [BOX]) == [None]


def test_no_boxes_give_no_movements() -> None:
    assert movements(texture(), texture(), []) == []


@pytest.mark.parametrize("size", [(320, 1), (1, 1), (16, 9), (33, 320)])
def test_pictures_of_any_size_do_no_harm(size: tuple[int, int]) -> None:
    before = np.zeros((size[1], size[0]), np.uint8)
    assert movements(before, before, [BOX, BoundingBox(0.0, 0.0, 1.0, 1.0)]) == [None, None]


numbers = st.floats(-3, 3, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(BoundingBox, numbers, numbers, numbers, numbers), max_size=6))
def test_whatever_the_boxes_every_answer_is_finite(boxes: list[BoundingBox]) -> None:
    before = texture()
    found = movements(before, moved(before, 2, 3, 1.02), boxes)
    assert len(found) == len(boxes)
    for movement in found:
        if movement is not None:
            assert all(map(math.isfinite, (movement.dx, movement.dy)))
            assert 0.9 < movement.scale < 1.1
            assert 0 < movement.quality <= 1
