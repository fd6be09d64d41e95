import pytest

from livecam.faces import BoundingBox


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
