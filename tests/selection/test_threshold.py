from __future__ import annotations

import pytest

from livecam.selection.threshold import FixedThreshold, LearningThreshold


def learnt(*lessons: tuple[bool, bool]) -> float:
    threshold = LearningThreshold(0.02)
    for had_changed, is_other_label in lessons:
        threshold.learn(had_changed=had_changed, is_other_label=is_other_label)
    return threshold.value


@pytest.mark.parametrize(
    ("had_changed", "is_other_label", "factor"),
    [(True, False, 1.12), (True, True, 0.75), (False, True, 0.7), (False, False, 1.0)],
)
def test_one_answer_teaches(had_changed: bool, is_other_label: bool, factor: float) -> None:  # noqa: FBT001
    assert learnt((had_changed, is_other_label)) == pytest.approx(0.02 * factor)


def test_what_was_missed_makes_it_finer_than_what_was_right() -> None:
    coarse = [(True, False)] * 5
    assert learnt(*coarse, (False, True)) == pytest.approx(0.02 * 1.12**5 * 0.6)
    assert learnt(*coarse, (True, True)) == pytest.approx(0.02 * 1.12**5 * 0.75)


def test_it_stays_within_bounds_and_comes_back_from_them_at_once() -> None:
    assert learnt(*[(True, False)] * 100) == pytest.approx(0.06)
    assert learnt(*[(True, False)] * 100, (True, True)) == pytest.approx(0.045)
    assert learnt(*[(False, True)] * 100) == pytest.approx(0.014)


def test_a_fixed_one_learns_nothing() -> None:
    threshold = FixedThreshold(0.03)
    threshold.learn(had_changed=True, is_other_label=False)
    threshold.learn(had_changed=False, is_other_label=True)
    assert threshold.value == 0.03
