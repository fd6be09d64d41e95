import itertools
import random

import pytest

from livecam.faces import BoundingBox
from livecam.tracking.matching import affinity, assign, match

FACE = BoundingBox(0.4, 0.4, 0.1, 0.1)


def a_box(left: float, top: float = 0.4, size: float = 0.1) -> BoundingBox:
    return BoundingBox(left, top, size, size)


def best_sum(scores: list[list[float]]) -> float:
    rows, columns = len(scores), len(scores[0])
    if rows > columns:
        return best_sum([list(column) for column in zip(*scores, strict=True)])
    ways = itertools.permutations(range(columns), rows)
    return max(sum(scores[i][j] for i, j in enumerate(way)) for way in ways)


def test_the_pairing_is_the_best_as_a_whole() -> None:
    chance = random.Random(7)  # noqa: S311  the same in every run
    for _ in range(300):
        rows, columns = chance.randint(1, 5), chance.randint(1, 5)
        scores = [[chance.choice([0.0, chance.random()]) for _ in range(columns)] for _ in range(rows)]
        pairs = assign(scores)
        assert sum(scores[i][j] for i, j in pairs) == pytest.approx(best_sum(scores))
        assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


def test_what_scores_nothing_is_never_paired() -> None:
    assert assign([[0.0, 0.0], [0.0, 0.3]]) == [(1, 1)]
    assert assign([]) == assign([[], []]) == []


def test_a_hundred_faces_can_be_paired() -> None:
    scores = [[1.0 / (1 + abs(i - j)) for j in range(100)] for i in range(100)]
    assert assign(scores) == [(i, i) for i in range(100)]


def test_two_faces_that_crossed_are_each_the_nearer_one() -> None:
    assert match([a_box(0.40), a_box(0.45)], [a_box(0.46), a_box(0.41)]) == {0: 1, 1: 0}


def test_greedy_would_leave_one_alone_that_has_a_partner() -> None:
    # The nearest pair of all is the middle one, which would leave both others without.
    known, seen = [a_box(0.40), a_box(0.48)], [a_box(0.47), a_box(0.565)]
    assert match(known, seen) == {0: 0, 1: 1}


def test_a_near_box_may_be_the_face_even_without_overlap() -> None:
    small = a_box(0.4, size=0.02)
    assert affinity(small, BoundingBox(0.417, 0.4, 0.02, 0.02)) > 0
    assert affinity(small, BoundingBox(0.45, 0.4, 0.02, 0.02)) == 0


def test_a_box_of_twice_the_size_is_another_face() -> None:
    assert affinity(FACE, BoundingBox(0.35, 0.35, 0.21, 0.21)) == 0
    assert affinity(FACE, BoundingBox(0.36, 0.36, 0.18, 0.18)) > 0


def test_a_box_without_an_area_is_no_face() -> None:
    assert affinity(FACE, BoundingBox(0.4, 0.4, 0.0, 0.1)) == 0
