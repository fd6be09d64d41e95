from __future__ import annotations

import pytest

from livecam.bench.overlay.matches import matched
from tests.bench.overlay.faces import a_shown_face, a_true_face


def test_each_box_goes_to_the_face_it_is_on() -> None:
    frame = matched([a_true_face(0, 0.1), a_true_face(1, 0.5)], [a_shown_face(7, 0.5), a_shown_face(8, 0.1)])

    assert [(match.true.person, match.shown.track_id) for match in frame.matches] == [(0, 8), (1, 7)]
    assert [match.iou for match in frame.matches] == pytest.approx([1.0, 1.0])
    assert (frame.ghosts, frame.shown) == (0, 2)


def test_the_pairing_is_the_best_as_a_whole() -> None:
    """The nearest pair alone would leave the other two with nothing."""
    frame = matched(
        [a_true_face(0, 0.30), a_true_face(1, 0.45)], [a_shown_face(7, 0.35), a_shown_face(8, 0.2)]
    )

    assert [(match.true.person, match.shown.track_id) for match in frame.matches] == [(0, 8), (1, 7)]


def test_a_box_on_no_face_is_a_ghost() -> None:
    frame = matched([a_true_face(0, 0.1)], [a_shown_face(7, 0.6)])

    assert (frame.matches, frame.ghosts) == ((), 1)


def test_a_box_on_a_face_that_does_not_count_is_none() -> None:
    assert matched([a_true_face(0, 0.1, counts=False)], [a_shown_face(7, 0.1)]).ghosts == 0


def test_a_second_box_on_a_face_is_unpaired_but_no_ghost() -> None:
    frame = matched([a_true_face(0, 0.1)], [a_shown_face(7, 0.1), a_shown_face(8, 0.12)])

    assert [match.shown.track_id for match in frame.matches] == [7]
    assert frame.ghosts == 0


def test_a_box_that_barely_touches_a_face_is_a_ghost() -> None:
    frame = matched([a_true_face(0, 0.1)], [a_shown_face(7, 0.28)])

    assert frame.ghosts == 1
    assert frame.matches[0].iou == pytest.approx(1 / 19)


def test_without_faces_every_box_is_a_ghost() -> None:
    assert matched([], [a_shown_face(7), a_shown_face(8)]).ghosts == 2
    assert matched([a_true_face()], []).matches == ()


def test_a_person_is_asked_for_by_number() -> None:
    frame = matched([a_true_face(3, 0.1)], [a_shown_face(7, 0.1)])

    found = frame.of(3)
    assert found is not None
    assert found.shown.track_id == 7
    assert frame.of(4) is None
