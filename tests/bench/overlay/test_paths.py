from __future__ import annotations

import pytest

from livecam.bench.overlay.paths import filled, smoothed
from livecam.bench.overlay.truth import ReferenceFace
from tests.bench.overlay.faces import a_box


def a_path(*lefts: float | None) -> dict[int, ReferenceFace]:
    return {index: ReferenceFace(a_box(left)) for index, left in enumerate(lefts) if left is not None}


def lefts_of(path: dict[int, ReferenceFace]) -> list[float]:
    return [path[frame].box.left for frame in sorted(path)]


def test_noise_is_taken_out_where_there_are_two_frames_on_both_sides() -> None:
    path = smoothed(a_path(0.4, 0.4, 0.435, 0.4, 0.4))

    assert lefts_of(path) == pytest.approx([0.4, 0.4, 0.417, 0.4, 0.4])


def test_a_curve_stays_as_it_is() -> None:
    lefts = [0.1 + 0.01 * frame + 0.002 * frame**2 for frame in range(9)]

    assert lefts_of(smoothed(a_path(*lefts))) == pytest.approx(lefts)


def test_nothing_is_smoothed_over_a_gap() -> None:
    path = a_path(0.1, 0.5, 0.1, None, 0.5, 0.1)

    assert smoothed(path) == path


def test_a_gap_is_filled_on_the_straight_line_by_faces_that_need_not_be_shown() -> None:
    path = filled(a_path(0.1, None, None, 0.4))

    assert lefts_of(path) == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert [path[frame].score for frame in range(4)] == [1.0, 0.0, 0.0, 1.0]


def test_without_a_gap_nothing_is_filled() -> None:
    assert filled(a_path(0.1, 0.2)) == a_path(0.1, 0.2)
    assert filled({}) == {}
