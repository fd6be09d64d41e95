import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.faces import BoundingBox
from livecam.tracking.relation import SAME, Relation

BASE = BoundingBox(0.2, 0.3, 0.1, 0.2)
parts = st.floats(-0.6, 0.6)
boxes = st.builds(BoundingBox, st.floats(-0.5, 1), st.floats(-0.5, 1), st.floats(0.01, 1), st.floats(0.01, 1))


def sides(box: BoundingBox) -> tuple[float, ...]:
    return (box.left, box.top, box.width, box.height)


def test_it_says_how_one_box_lies_to_another_in_units_of_the_first() -> None:
    other = BoundingBox(0.25, 0.3, 0.1, 0.4)
    relation = Relation.between(BASE, other)
    assert relation.dx == pytest.approx(0.5)
    assert relation.dy == pytest.approx(0.5)
    assert relation.log_width == pytest.approx(0.0)
    assert relation.log_height == pytest.approx(math.log(2))


@given(boxes, boxes)
def test_applied_to_the_first_box_it_gives_the_other(base: BoundingBox, other: BoundingBox) -> None:
    assert sides(Relation.between(base, other).applied_to(base)) == pytest.approx(sides(other), abs=1e-9)


@given(boxes, st.builds(Relation, parts, parts, parts, parts))
def test_undoing_takes_back_what_applying_did(box: BoundingBox, relation: Relation) -> None:
    assert sides(relation.undone_from(relation.applied_to(box))) == pytest.approx(sides(box), abs=1e-9)


def test_it_fits_boxes_of_any_size_and_place() -> None:
    relation = Relation.between(BASE, BoundingBox(0.21, 0.28, 0.1, 0.2))
    there = relation.applied_to(BoundingBox(0.6, 0.6, 0.2, 0.4))
    assert sides(there) == pytest.approx((0.62, 0.56, 0.2, 0.4))


def test_a_share_of_it_is_a_share_of_the_way() -> None:
    full = Relation(0.2, -0.1, 0.4, 0.0)
    assert full.scaled(0.5) == Relation(0.1, -0.05, 0.2, 0.0)
    assert SAME.towards(full, 0.25) == full.scaled(0.25)


def test_its_size_is_its_greatest_part() -> None:
    wild = Relation(0.1, -2.0, 0.7, 0.2)
    assert wild.size == 2.0
