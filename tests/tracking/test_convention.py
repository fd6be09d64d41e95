import pytest

from livecam.tracking.convention import LEAST_PAIRS, LONGEST_MEMORY, Convention
from livecam.tracking.relation import Relation


def test_the_first_pair_is_all_that_is_known() -> None:
    assert Convention().learnt(Relation(0.1, -0.08, -0.08, 0.14)).relation == Relation(
        0.1, -0.08, -0.08, 0.14
    )


def test_it_is_the_mean_of_its_pairs() -> None:
    convention = Convention()
    for shift in (0.1, 0.2, 0.6):
        convention = convention.learnt(Relation(dx=shift))
    assert convention.relation.dx == pytest.approx(0.3)
    assert convention.count == LEAST_PAIRS
    assert convention.is_settled


def test_an_old_one_still_learns() -> None:
    old = Convention(Relation(), count=10_000)
    assert old.learnt(Relation(dx=0.3)).relation.dx == pytest.approx(0.3 / LONGEST_MEMORY)


def test_two_pairs_settle_nothing() -> None:
    assert not Convention(Relation(), 2).is_settled
