from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import BoundingBox
from livecam.overlay.blur import blurred, wholly_blurred
from livecam.overlay.cover import COVERED_FOR, KNOWN_WITHIN, Cover, Moment, Surroundings, reaches

if TYPE_CHECKING:
    from livecam.frames import Image

LEFT, RIGHT = BoundingBox(0.1, 0.4, 0.1, 0.1), BoundingBox(0.8, 0.4, 0.1, 0.1)
MIDDLE = BoundingBox(0.45, 0.45, 0.1, 0.1)
HALF = BoundingBox(0.0, 0.0, 0.5, 1.0)


def noise() -> Image:
    return np.random.default_rng(7).integers(0, 255, (100, 200, 3), np.uint8)


def a_moment(time: float, *boxes: BoundingBox, is_known: bool = True) -> Moment:
    return Moment(time, list(enumerate(boxes, start=1)), is_known)


def test_a_face_is_covered_and_the_rest_stays() -> None:
    covered = Cover().over(noise(), 1.0, [a_moment(1.0, MIDDLE)])
    assert np.array_equal(covered.image, blurred(noise(), [MIDDLE]))
    assert not covered.is_whole


@pytest.mark.parametrize(
    "moments",
    [[], [a_moment(1.0, MIDDLE, is_known=False)], [a_moment(1.01 + KNOWN_WITHIN, MIDDLE)]],
    ids=["nothing is known", "nobody has looked", "what is known is of another time"],
)
def test_where_nobody_can_say_where_faces_are_the_whole_picture_is_blurred(moments: list[Moment]) -> None:
    covered = Cover().over(noise(), 1.0, moments)
    assert np.array_equal(covered.image, wholly_blurred(noise()))
    assert covered.is_whole


def test_outside_the_region_nobody_looks_so_that_all_of_it_is_blurred() -> None:
    covered = Cover(HALF).over(noise(), 1.0, [a_moment(1.0, LEFT)])
    assert np.array_equal(covered.image[:, :100], blurred(noise(), [LEFT])[:, :100])
    assert not (covered.image[:, 100:] == noise()[:, 100:]).all(axis=2).any()
    assert not covered.is_whole


@pytest.mark.parametrize(
    ("box", "is_spared"),
    [
        (BoundingBox(0.2, 0.4, 0.1, 0.1), True),
        (BoundingBox(0.0, 0.4, 0.1, 0.1), True),  # cut by the picture's edge, not by the region's
        (BoundingBox(0.45, 0.4, 0.1, 0.1), False),
        (BoundingBox(0.4, 0.4, 0.1, 0.1), False),  # it ends at the border: a look at the region sees no more
    ],
)
def test_only_a_face_that_lies_wholly_inside_the_region_can_be_left_as_it_is(
    box: BoundingBox, *, is_spared: bool
) -> None:
    covered = Cover(HALF, spares_region=True).over(noise(), 1.0, [a_moment(1.0, box)])
    assert np.array_equal(covered.image[:, :100], noise()[:, :100]) == is_spared
    blurs_all = Cover(HALF).over(noise(), 1.0, [a_moment(1.0, box)])
    assert not np.array_equal(blurs_all.image[:, :100], noise()[:, :100])


def test_also_a_region_that_faces_are_spared_in_is_blurred_while_nobody_looks() -> None:
    cover = Cover(HALF, spares_region=True)
    assert cover.over(noise(), 1.0, [a_moment(1.0, is_known=False)]).is_whole


def test_a_reach_holds_wherever_a_face_was() -> None:
    boxes = [BoundingBox(0.1 + 0.05 * step, 0.4, 0.1, 0.1) for step in range(5)]
    (reach,) = reaches([a_moment(step / 30, box) for step, box in enumerate(boxes)])
    assert (reach.left, reach.right) == pytest.approx((0.1, 0.4))


def test_faces_whose_ids_are_mixed_up_reach_no_further_than_each_of_them() -> None:
    moments = [a_moment(0.0, LEFT, RIGHT), a_moment(0.03, RIGHT, LEFT)]
    assert [reach.width for reach in reaches(moments)] == pytest.approx([0.1, 0.1])


def test_of_surroundings_only_those_are_kept_that_can_still_count() -> None:
    around = Surroundings()
    for step in range(1000):
        around.add(a_moment(step / 4, MIDDLE))
        kept = around.around(step / 4)
    assert [moment.time for moment in kept] == [249.0, 249.25, 249.5, 249.75]
    assert kept[0].time < 249.75 - COVERED_FOR < kept[1].time


def test_a_second_moment_of_one_time_adds_its_faces_and_says_what_is_known_now() -> None:
    around = Surroundings()
    for _ in range(50):
        around.add(Moment(1.0, [(1, LEFT)], is_known=False))
    around.add(Moment(1.0, [(2, RIGHT)], is_known=True))
    assert list(around.around(1.0)) == [Moment(1.0, ((1, LEFT), (2, RIGHT)), is_known=True)]
    around.clear()
    assert around.newest is None
