from __future__ import annotations

from livecam.bench.selection.linking import KEPT, Links, owners
from livecam.faces import BoundingBox

LEFT, RIGHT = BoundingBox(0.1, 0.3, 0.2, 0.4), BoundingBox(0.6, 0.3, 0.2, 0.4)
LEFT_LATER = BoundingBox(0.13, 0.31, 0.2, 0.4)


def test_a_face_keeps_its_number_while_it_moves_a_little() -> None:
    links = Links()
    assert links.take(0.0, [LEFT, RIGHT]) == (1, 2)
    assert links.take(0.2, [RIGHT, LEFT_LATER]) == (2, 1)


def test_a_face_that_was_missed_for_a_moment_is_still_known() -> None:
    links = Links()
    links.take(0.0, [LEFT])
    links.take(KEPT / 2, [])
    assert links.take(KEPT, [LEFT]) == (1,)


def test_a_face_that_was_away_gets_another_number() -> None:
    links = Links()
    links.take(0.0, [LEFT])
    assert links.take(KEPT + 0.1, [LEFT]) == (2,)


def test_after_a_cut_nobody_is_known() -> None:
    links = Links()
    links.take(0.0, [LEFT])
    links.cut()
    assert links.take(0.1, [LEFT]) == (2,)


def test_a_box_is_of_the_person_whom_it_covers() -> None:
    true = [(7, LEFT), (8, RIGHT)]
    assert owners([RIGHT, LEFT_LATER], true) == (8, 7)
    assert owners([BoundingBox(0.4, 0.0, 0.05, 0.1)], true) == (None,)
    assert owners([], true) == ()
    assert owners([LEFT], []) == (None,)
