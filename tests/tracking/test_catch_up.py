import pytest

from livecam.faces import BoundingBox
from livecam.tracking.catch_up import MOST_STEPS, filled, stops


def a_box(left: float) -> BoundingBox:
    return BoundingBox(left, 0.4, 0.1, 0.1)


def test_every_second_frame_is_enough_and_the_newest_is_reached() -> None:
    assert stops([1, 2, 3, 4, 5, 6, 7], 3) == [3, 5, 7]
    assert stops([1, 2, 3, 4, 5, 6], 3) == [3, 5, 6]


def test_far_away_the_steps_are_longer_so_that_the_cost_is_bounded() -> None:
    for count in range(1, 400):
        way = stops(list(range(count)), 0)
        assert len(way) <= MOST_STEPS + 1
        assert (way[0], way[-1]) == (0, count - 1)


def test_a_face_on_the_newest_frame_has_no_way_to_go() -> None:
    assert stops([5, 6, 7], 7) == [7]


def test_frames_that_were_dropped_are_no_stops() -> None:
    assert stops([2, 5, 6, 11, 12], 2) == [2, 6, 12]


def test_between_two_stops_a_face_moves_evenly() -> None:
    path = [(2, a_box(0.1)), (6, a_box(0.3)), (7, a_box(0.5))]
    boxes = dict(filled([1, 2, 3, 4, 6, 7], path))
    assert list(boxes) == [2, 3, 4, 6, 7]
    assert boxes[3].left == pytest.approx(0.1 + 0.2 / 3)
    assert boxes[4].left == pytest.approx(0.1 + 0.4 / 3)
