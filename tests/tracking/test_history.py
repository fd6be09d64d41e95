import pytest

from livecam.faces import BoundingBox
from livecam.tracking.history import History
from livecam.tracking.relation import Relation

BOX = BoundingBox(0.4, 0.4, 0.2, 0.2)


def a_history(*sequences: int) -> History:
    history = History()
    for sequence in sequences:
        history.put(sequence, BOX)
    return history


def lefts(history: History, *sequences: int) -> list[float]:
    return [box.left for sequence in sequences if (box := history.at(sequence)) is not None]


def test_it_knows_where_a_face_was_and_where_it_is() -> None:
    history = a_history(3, 5)
    history.put(8, BOX)
    assert history.at(5) == BOX
    assert history.at(4) is None
    assert history.newest == BOX


def test_a_correction_is_carried_to_the_present() -> None:
    history = a_history(1, 2, 3, 4)
    history.correct(3, Relation(dx=0.5))
    assert lefts(history, 1, 2, 3, 4) == pytest.approx([0.4, 0.4, 0.5, 0.5])


def test_between_two_corrections_a_rising_share_is_due() -> None:
    history = a_history(0, 1, 2, 3, 4, 5)
    history.correct(4, Relation(dx=0.4), ramp_from=0)
    assert lefts(history, 0, 1, 2, 3, 4, 5) == pytest.approx([0.4, 0.42, 0.44, 0.46, 0.48, 0.48])


def test_what_was_set_right_later_than_the_answer_has_no_ramp() -> None:
    history = a_history(0, 1, 2)
    history.correct(1, Relation(dx=0.5), ramp_from=2)
    assert lefts(history, 0, 1, 2) == pytest.approx([0.4, 0.5, 0.5])


def test_a_correction_is_in_units_of_each_box() -> None:
    history = a_history(1)
    history.put(2, BoundingBox(0.2, 0.2, 0.4, 0.4))
    history.correct(1, Relation(dx=0.5))
    assert lefts(history, 1, 2) == pytest.approx([0.5, 0.4])


def test_what_is_too_old_is_forgotten() -> None:
    history = a_history(1, 2, 3)
    history.forget_before(3)
    assert [history.at(each) for each in (1, 2, 3)] == [None, None, BOX]


def test_from_a_frame_on_other_boxes_take_the_place_of_all() -> None:
    history, there = a_history(1, 2, 3, 4), BoundingBox(0.7, 0.7, 0.1, 0.1)
    history.replace([(2, there), (4, there)])
    assert [history.at(each) for each in (1, 2, 3, 4)] == [BOX, there, None, there]
    assert history.newest == there


def test_a_face_that_was_there_earlier_than_was_known_keeps_what_is_known() -> None:
    history, there = a_history(3, 4), BoundingBox(0.7, 0.7, 0.1, 0.1)
    history.begin_earlier([(1, there), (2, there), (3, there)])
    assert [history.at(each) for each in (1, 2, 3, 4)] == [there, there, BOX, BOX]
    assert history.newest == BOX
