from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.bench.latency.agreement import Agreement, pairs
from livecam.bench.latency.samples import FoundFace
from tests.bench.latency.runs import BASE, LEFT, RIGHT, run_of, sample

SMALL, LARGE = replace(BASE, width=320), replace(BASE, width=1280)
shares = st.floats(0, 1)
faces = st.builds(FoundFace, shares, shares, shares, shares, st.just(99.0))


def test_faces_are_paired_so_that_most_have_a_partner() -> None:
    # The first overlaps both; taking its nearest greedily would leave the second without one.
    true = [FoundFace(0.0, 0, 0.2, 0.2, 99), FoundFace(0.06, 0, 0.2, 0.2, 99)]
    found = [FoundFace(0.04, 0, 0.2, 0.2, 99), FoundFace(0.11, 0, 0.2, 0.2, 99)]
    assert pairs(found, true) == 2


def test_boxes_that_overlap_by_less_than_half_are_not_of_one_face() -> None:
    assert pairs([replace(LEFT, left=LEFT.left + 0.06)], [LEFT]) == 1
    assert pairs([replace(LEFT, left=LEFT.left + 0.08)], [LEFT]) == 0
    assert pairs([replace(LEFT, width=0.0)], [replace(LEFT, width=0.0)]) == 0


@given(st.lists(faces, max_size=5), st.lists(faces, max_size=5))
def test_pairs_are_the_same_from_both_sides_and_at_most_as_many_as_faces(
    found: list[FoundFace], true: list[FoundFace]
) -> None:
    assert pairs(found, true) == pairs(true, found) <= min(len(found), len(true))


def test_half_of_the_faces_found_is_two_thirds_of_agreement() -> None:
    answers = [sample(0, 0, 0.3, faces=(LEFT,)), sample(1, 0, 0.4)]
    agreement = Agreement(run_of([SMALL, LARGE], answers), answers)
    assert agreement.reference == 1
    assert agreement.of(0) == pytest.approx(2 / 3)
    assert agreement.of(1) == 1.0


def test_a_face_that_is_none_counts_against_who_found_it() -> None:
    ghost = FoundFace(0.4, 0.7, 0.1, 0.1, 60)
    answers = [sample(0, 0, 0.3, faces=(LEFT, RIGHT, ghost)), sample(1, 0, 0.4)]
    assert Agreement(run_of([SMALL, LARGE], answers), answers).of(0) == pytest.approx(4 / 5)


def test_answers_are_compared_about_the_same_picture_only() -> None:
    answers = [sample(0, 0, 0.3, picture=1), sample(1, 0, 0.4, picture=0)]
    assert Agreement(run_of([SMALL, LARGE], answers), answers).of(0) is None


def test_one_odd_answer_of_the_reference_does_not_count() -> None:
    answers = [sample(1, 0, 0.4, faces=()), sample(1, 1, 0.4), sample(1, 2, 0.4), sample(0, 0, 0.3)]
    agreement = Agreement(run_of([SMALL, LARGE], answers), answers)
    assert (agreement.of(0), agreement.of(1)) == (1.0, 1.0)


def test_the_reference_is_of_the_same_attributes_and_region_where_there_is_one() -> None:
    conditions = [SMALL, replace(LARGE, attributes=("ALL",)), LARGE]
    answers = [sample(0, 0, 0.3, faces=(LEFT,)), sample(1, 0, 0.4), sample(2, 0, 0.4, faces=(LEFT,))]
    assert Agreement(run_of(conditions, answers), answers).of(0) == 1.0
    answers = [sample(0, 0, 0.3, faces=(LEFT,)), sample(1, 0, 0.4)]
    assert Agreement(run_of(conditions, answers), answers).of(0) == pytest.approx(2 / 3)


def test_the_next_largest_is_the_reference_where_the_largest_was_not_answered() -> None:
    answers = [sample(0, 0, 0.3), sample(1, 0, 0.3)]
    conditions = [SMALL, replace(SMALL, quality=90), LARGE]
    agreement = Agreement(run_of(conditions, answers), answers)
    assert agreement.reference == 1
    assert agreement.of(2) is None


def test_without_an_answer_nothing_is_compared() -> None:
    agreement = Agreement(run_of([SMALL], []), [])
    assert (agreement.reference, agreement.of(0)) == (None, None)


def test_where_nobody_finds_a_face_nothing_is_said() -> None:
    answers = [sample(0, 0, 0.3, faces=()), sample(1, 0, 0.4, faces=())]
    assert Agreement(run_of([SMALL, LARGE], answers), answers).of(0) is None
