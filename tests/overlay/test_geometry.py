from __future__ import annotations

from livecam.faces import BoundingBox
from livecam.overlay.geometry import Area, in_pixels

HERE = Area(10, 20, 30, 40)


def test_an_area_knows_the_first_pixels_outside_it() -> None:
    assert (HERE.right, HERE.bottom) == (40, 60)


def test_areas_that_only_touch_share_nothing() -> None:
    beside = Area(40, 20, 5, 5)
    assert not HERE.overlaps(beside)
    assert HERE.shared(beside) == 0


def test_shared_pixels_are_counted() -> None:
    assert HERE.shared(Area(35, 50, 100, 100)) == 5 * 10


def test_an_area_contains_itself_and_nothing_larger() -> None:
    assert HERE.contains(HERE)
    assert not HERE.contains(HERE.grown(1))


def test_shrinking_below_nothing_leaves_nothing() -> None:
    assert (HERE.grown(-30).width, HERE.grown(-30).height) == (0, 0)


def test_distance_is_counted_along_the_axis_that_is_further() -> None:
    assert HERE.distance(Area(50, 100, 5, 5)) == 40
    assert HERE.distance(HERE) == 0


def test_a_box_is_clamped_to_the_frame() -> None:
    assert in_pixels(BoundingBox(-0.1, 0.5, 0.6, 0.9), 200, 100) == Area(0, 50, 100, 50)
