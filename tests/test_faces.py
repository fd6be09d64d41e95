from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.faces import BoundingBox, Landmark, Pose
from tests.builders import a_face

FRACTIONS = st.floats(-2.0, 2.0)
LENGTHS = st.floats(0.01, 2.0)
BOXES = st.builds(BoundingBox, FRACTIONS, FRACTIONS, LENGTHS, LENGTHS)
WHOLE = BoundingBox(0.0, 0.0, 1.0, 1.0)


def sides(box: BoundingBox) -> tuple[float, float, float, float]:
    return box.left, box.top, box.width, box.height


def test_a_box_overlaps_itself_wholly_and_a_distant_one_not_at_all() -> None:
    box = BoundingBox(0.1, 0.2, 0.3, 0.4)
    assert box.iou(box) == pytest.approx(1.0)
    assert box.iou(BoundingBox(0.7, 0.7, 0.2, 0.2)) == 0.0


def test_half_shifted_boxes_share_a_third() -> None:
    assert BoundingBox(0, 0, 0.2, 0.2).iou(BoundingBox(0.1, 0, 0.2, 0.2)) == pytest.approx(1 / 3)


def test_a_box_that_sticks_out_is_cut_at_the_edges() -> None:
    cut = BoundingBox(-0.1, 0.9, 0.3, 0.3).clamped()
    assert (cut.left, cut.top) == (0.0, 0.9)
    assert (cut.right, cut.bottom) == pytest.approx((0.2, 1.0))


def test_a_box_outside_has_no_area_left() -> None:
    assert BoundingBox(1.2, 0.1, 0.3, 0.3).clamped().area == 0.0


def test_a_mirrored_box_is_as_far_from_the_other_edge() -> None:
    mirrored = BoundingBox(0.1, 0.2, 0.3, 0.4).mirrored()
    assert sides(mirrored) == pytest.approx((0.6, 0.2, 0.3, 0.4))


@given(BOXES)
def test_a_box_mirrored_twice_is_where_it_was(box: BoundingBox) -> None:
    assert sides(box.mirrored().mirrored()) == pytest.approx(sides(box), abs=1e-9)


def test_the_middle_quarter_of_the_right_half_is_where_it_should_be() -> None:
    right_half = BoundingBox(0.5, 0.0, 0.5, 1.0)
    middle = BoundingBox(0.25, 0.25, 0.5, 0.5)
    assert middle.placed_in(right_half) == BoundingBox(0.625, 0.25, 0.25, 0.5)
    assert BoundingBox(0.625, 0.25, 0.25, 0.5).within(right_half) == middle


@given(box=BOXES, outer=BOXES)
def test_a_box_taken_into_another_and_back_is_where_it_was(box: BoundingBox, outer: BoundingBox) -> None:
    assert sides(box.within(outer).placed_in(outer)) == pytest.approx(sides(box), abs=1e-9)
    assert sides(box.placed_in(outer).within(outer)) == pytest.approx(sides(box), abs=1e-9)


@given(box=BOXES)
def test_the_whole_frame_is_a_part_in_which_all_is_where_it_was(box: BoundingBox) -> None:
    assert box.placed_in(WHOLE) == box
    assert box.within(WHOLE) == box


@given(box=BOXES, other=BOXES, outer=BOXES)
def test_two_boxes_overlap_as_much_in_a_part_as_in_the_whole(
    box: BoundingBox, other: BoundingBox, outer: BoundingBox
) -> None:
    placed = box.placed_in(outer).iou(other.placed_in(outer))
    assert placed == pytest.approx(box.iou(other), abs=1e-6)


@given(x=FRACTIONS, y=FRACTIONS, outer=BOXES)
def test_a_landmark_moves_as_a_box_at_its_place_does(x: float, y: float, outer: BoundingBox) -> None:
    landmark, box = Landmark("nose", x, y).placed_in(outer), BoundingBox(x, y, 0.1, 0.1).placed_in(outer)
    assert (landmark.kind, landmark.x, landmark.y) == ("nose", box.left, box.top)


@given(x=FRACTIONS, y=FRACTIONS, outer=BOXES)
def test_a_landmark_taken_into_a_box_and_back_is_where_it_was(x: float, y: float, outer: BoundingBox) -> None:
    back = Landmark("nose", x, y).within(outer).placed_in(outer)
    assert back.kind == "nose"
    assert [back.x, back.y] == pytest.approx([x, y], abs=1e-9)


def test_a_face_keeps_what_is_no_place() -> None:
    outer = BoundingBox(0.5, 0.5, 0.5, 0.5)
    face = replace(a_face(), pose=Pose(1.0, 2.0, 3.0), landmarks=(Landmark("nose", 0.5, 0.5),))
    placed = face.placed_in(outer)
    assert placed.box == face.box.placed_in(outer)
    assert placed.landmarks == (Landmark("nose", 0.75, 0.75),)
    assert replace(placed, box=face.box, landmarks=face.landmarks) == face


def test_a_face_without_landmarks_does_not_get_any() -> None:
    assert a_face().placed_in(WHOLE).landmarks is None
    assert replace(a_face(), landmarks=()).placed_in(WHOLE).landmarks == ()


@pytest.mark.parametrize(
    ("box", "edges"),
    [
        (BoundingBox(0.0, 0.0, 1.0, 1.0), (0, 0, 10, 20)),
        (BoundingBox(0.25, 0.25, 0.5, 0.5), (2, 5, 8, 15)),
        (BoundingBox(0.29, 0.31, 0.02, 0.02), (2, 6, 4, 7)),
        (BoundingBox(-0.5, 0.9, 0.6, 0.6), (0, 18, 1, 20)),
        (BoundingBox(1.5, -1.0, 0.5, 0.5), (10, 0, 10, 0)),
    ],
)
def test_pixels_are_rounded_outwards_and_end_at_the_frame(
    box: BoundingBox, edges: tuple[int, int, int, int]
) -> None:
    assert box.edges_in_pixels(10, 20) == edges


@given(box=BOXES, width=st.integers(1, 4000), height=st.integers(1, 4000))
def test_pixels_hold_the_visible_part_of_a_box_and_less_than_one_pixel_more(
    box: BoundingBox, width: int, height: int
) -> None:
    left, top, right, bottom = box.edges_in_pixels(width, height)
    inside = box.clamped()
    assert 0 <= left <= inside.left * width < left + 1 + 1e-6
    assert 0 <= top <= inside.top * height < top + 1 + 1e-6
    assert right - 1 - 1e-6 < inside.right * width <= right + 1e-6 <= width + 1e-6
    assert bottom - 1 - 1e-6 < inside.bottom * height <= bottom + 1e-6 <= height + 1e-6


@pytest.mark.parametrize(
    ("box", "is_proper"),
    [
        (BoundingBox(0.1, 0.1, 0.2, 0.2), True),
        (BoundingBox(-0.5, -0.5, 2.0, 2.0), True),
        (BoundingBox(float("nan"), 0.1, 0.2, 0.2), False),
        (BoundingBox(0.1, 0.1, float("inf"), 0.2), False),
        (BoundingBox(0.1, 0.1, 0.0, 0.2), False),
        (BoundingBox(0.1, 0.1, 0.2, -0.2), False),
        (BoundingBox(1e300, 0.1, 0.2, 0.2), False),
    ],
)
def test_a_box_of_a_face_is_finite_and_has_an_area(box: BoundingBox, *, is_proper: bool) -> None:
    assert box.is_proper is is_proper
