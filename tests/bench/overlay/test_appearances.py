from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay.appearances import Appearance, appearances, id_changes
from livecam.bench.overlay.matches import matched
from tests.bench.overlay.faces import a_shown_face, a_shown_frame, a_true_face

if TYPE_CHECKING:
    from livecam.bench.overlay.results import ShownFace


def shown_as(*ids: int | None, counts_from: int = 0, left: float = 0.4) -> list[Appearance]:
    """One person at 10 frames a second, and the id of the box on them on each frame."""
    faces: list[tuple[ShownFace, ...]] = [() if each is None else (a_shown_face(each, left),) for each in ids]
    frames = [matched([a_true_face(counts=index >= counts_from)], shown) for index, shown in enumerate(faces)]
    return appearances([a_shown_frame(index, *shown) for index, shown in enumerate(faces)], frames)


def test_the_first_box_is_timed_from_the_first_frame() -> None:
    (person,) = shown_as(None, None, None, 1, 1)

    assert person.first_box == pytest.approx(0.3)


def test_a_box_that_is_hardly_on_them_does_not_count() -> None:
    (person,) = shown_as(1, 1, 1, left=0.52)

    assert person.first_box is None


def test_who_is_shown_before_they_count_is_shown_at_once() -> None:
    (person,) = shown_as(None, 1, 1, 1, counts_from=3)

    assert person.first_box == 0.0
    assert person.begins_at == pytest.approx(0.3)


def test_who_never_counts_is_not_asked_for() -> None:
    assert shown_as(1, 1, counts_from=5) == []


def test_each_change_of_the_id_counts_and_a_pause_does_not() -> None:
    assert id_changes(shown_as(1, 1, None, 1, 1)) == 0
    assert id_changes(shown_as(1, 2, None, 2, 1)) == 2


def test_two_persons_who_swap_ids_are_two_changes() -> None:
    true = [a_true_face(0, 0.1), a_true_face(1, 0.6)]
    before = (a_shown_face(1, 0.1), a_shown_face(2, 0.6))
    after = (a_shown_face(2, 0.1), a_shown_face(1, 0.6))
    shown = [a_shown_frame(0, *before), a_shown_frame(1, *after)]

    assert id_changes(appearances(shown, [matched(true, before), matched(true, after)])) == 2


def test_a_moment_is_brief() -> None:
    assert shown_as(1, 1)[0].is_brief
    assert not shown_as(1, 1, 1)[0].is_brief
