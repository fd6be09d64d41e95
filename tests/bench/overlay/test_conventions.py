from __future__ import annotations

import statistics

import pytest

from livecam.bench.overlay.conventions import OTHER, SAME, BoxConvention, parse_convention
from livecam.errors import UsageError
from livecam.faces import BoundingBox
from tests.bench.overlay.faces import a_box


def test_the_same_convention_leaves_a_box_as_it_is() -> None:
    drawn = SAME.of_person(0, 3).drawn(a_box())

    assert drawn.iou(a_box()) == pytest.approx(1.0)


def test_another_convention_is_higher_narrower_and_farther_up() -> None:
    convention = BoxConvention(height=1.15, up=0.08, width=0.92)

    drawn = convention.of_person(0, 0).drawn(BoundingBox(0.4, 0.4, 0.2, 0.2))

    assert (drawn.width, drawn.height) == pytest.approx((0.184, 0.23))
    assert drawn.center == pytest.approx((0.5, 0.5 - 0.08 * 0.2))


def test_a_person_deviates_always_alike_and_another_one_otherwise() -> None:
    assert OTHER.of_person(7, 1) == OTHER.of_person(7, 1)
    assert OTHER.of_person(7, 1) != OTHER.of_person(7, 2)
    assert OTHER.of_person(7, 1) != OTHER.of_person(8, 1)


def test_persons_deviate_by_the_spread_and_in_position_by_three_quarters_of_it() -> None:
    persons = [BoxConvention(spread=0.04).of_person(0, person) for person in range(2000)]

    assert statistics.stdev(person.height for person in persons) == pytest.approx(0.04, rel=0.1)
    assert statistics.stdev(person.dx for person in persons) == pytest.approx(0.03, rel=0.1)


@pytest.mark.parametrize(
    ("text", "convention"),
    [
        ("same", SAME),
        ("Other", OTHER),
        ("height=1.15,up=0.08,width=0.92,spread=0.04", OTHER),
        ("height = 1.2", BoxConvention(height=1.2)),
        ("up=-0.1, spread=0.02", BoxConvention(up=-0.1, spread=0.02)),
    ],
)
def test_a_convention_is_named_or_spelt_out(text: str, convention: BoxConvention) -> None:
    assert parse_convention(text) == convention


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "give same, other"),
        ("third", "'third' is not understood"),
        ("depth=2", "'depth=2' is not understood"),
        ("height", "height= must be a number"),
        ("height=tall", "height=tall must be a number"),
        ("height=nan", "height=nan must be a number"),
        ("width=9", "from 0.3 to 3.0"),
        ("spread=-1", "from 0.0 to 0.5"),
    ],
)
def test_a_convention_that_is_neither_is_refused_in_a_sentence(text: str, part: str) -> None:
    with pytest.raises(UsageError, match=part):
        parse_convention(text)
