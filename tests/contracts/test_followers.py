"""What every follower promises, whether it looks at the pixels or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.faces import BoundingBox
from livecam.motion.follower import GridFollower
from livecam.testing.still_follower import StillFollower
from tests.motion.pictures import a_picture_frame, texture

if TYPE_CHECKING:
    from livecam.protocols import FaceFollower

BOX = BoundingBox(0.4, 0.3, 0.2, 0.4)
PICTURE, OTHER = texture(), texture(seed=2)
CUT = 5
"""The frame with which another scene begins."""


def grid() -> FaceFollower:
    return GridFollower(keep=4.0)


def still() -> FaceFollower:
    return StillFollower(cuts={CUT})


@pytest.fixture(params=[grid, still], ids=lambda make: make.__name__)
def follower(request: pytest.FixtureRequest) -> FaceFollower:
    follower: FaceFollower = request.param()
    return follower


def add(follower: FaceFollower, count: int) -> list[bool]:
    return [follower.add(a_picture_frame(index, PICTURE if index < CUT else OTHER)) for index in range(count)]


def test_the_first_frame_is_no_cut_and_another_scene_is_one(follower: FaceFollower) -> None:
    assert add(follower, CUT + 2) == [False] * CUT + [True, False]


def test_a_face_that_stands_still_does_not_move(follower: FaceFollower) -> None:
    add(follower, 3)
    (movement,) = follower.between(0, 2, [BOX])
    assert movement is not None
    assert (movement.dx, movement.dy) == pytest.approx((0, 0), abs=1e-3)
    assert movement.scale == pytest.approx(1, abs=1e-3)
    assert 0 < movement.quality <= 1


def test_there_is_an_answer_for_every_box_in_their_order(follower: FaceFollower) -> None:
    add(follower, 2)
    for count in (0, 1, 5):
        assert len(follower.between(0, 1, [BOX] * count)) == count


def test_frames_that_are_not_remembered_carry_no_face(follower: FaceFollower) -> None:
    assert follower.between(0, 1, [BOX]) == [None]
    add(follower, 2)
    assert follower.between(-1, 1, [BOX, BOX]) == [None, None]
    assert follower.between(1, 2, [BOX, BOX]) == [None, None]


def test_no_face_is_carried_across_a_cut(follower: FaceFollower) -> None:
    add(follower, CUT + 2)
    assert follower.between(CUT - 1, CUT, [BOX]) == [None]
    assert follower.between(CUT, CUT + 1, [BOX]) != [None]


def test_it_says_how_much_it_does(follower: FaceFollower) -> None:
    add(follower, 2)
    assert follower.effort in {"full", "fewer points", "every second frame"}
    assert not follower.is_resting


def test_nothing_is_remembered_after_clear_and_the_next_frame_is_no_cut(follower: FaceFollower) -> None:
    add(follower, 3)
    follower.clear()
    assert follower.between(0, 1, [BOX]) == [None]
    assert not follower.add(a_picture_frame(7, OTHER))
    assert not follower.is_resting
