from __future__ import annotations

import math

import pytest

from livecam.bench.overlay.matches import MatchedFrame, matched
from livecam.bench.overlay.unrest import jitter
from tests.bench.overlay.faces import a_shown_face, a_true_face


def shown_at(*offsets: float, true_step: float = 0.0) -> list[MatchedFrame]:
    """Faces 0.2 wide, and boxes that are off by so much."""
    return [
        matched([a_true_face(0, 0.1 + true_step * i)], [a_shown_face(1, 0.1 + true_step * i + offset)])
        for i, offset in enumerate(offsets)
    ]


def test_a_box_that_goes_with_its_face_is_at_rest_wherever_it_is() -> None:
    assert jitter(shown_at(*[0.03] * 10, true_step=0.02)) == pytest.approx(0.0, abs=1e-9)


def test_a_box_that_drifts_steadily_is_at_rest() -> None:
    assert jitter(shown_at(*(0.002 * i for i in range(10)))) == pytest.approx(0.0, abs=1e-9)


def test_a_box_that_trembles_is_told_in_percent_of_the_face() -> None:
    """Two of the four edges go 1 % of the face to and fro: second differences of 4 %."""
    trembling = shown_at(*(0.001 * (-1) ** i for i in range(40)))

    assert jitter(trembling) == pytest.approx(100 * math.sqrt(2 * (4 * 0.005) ** 2 / 4))


def test_a_single_jump_in_many_frames_is_left_out() -> None:
    jumping = shown_at(*[0.0] * 100, *[0.1] * 100)

    assert jitter(jumping) == pytest.approx(0.0, abs=1e-9)


def test_without_three_frames_in_a_row_nothing_can_be_said() -> None:
    assert jitter(shown_at(0.0, 0.0)) is None
    assert jitter([]) is None
    assert jitter([matched([a_true_face(counts=False)], [a_shown_face()])] * 5) is None
