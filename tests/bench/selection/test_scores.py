from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.selection.results import Call, Observation, Run, Scores
from livecam.bench.selection.scores import scored
from tests.bench.selection.samples import CALM, FPS, HAPPY, SAD, lasting

if TYPE_CHECKING:
    from livecam.faces import Emotion

CLIP = lasting((CALM, 3), (HAPPY, 3), (SAD, 3))
PRICE = 0.001


def shown(clip: Observation, *spans: tuple[Emotion | None, float], calls: int = 3) -> Run:
    """Return a run in which the label says each emotion for so many seconds."""
    labels = [{0: emotion} for emotion, seconds in spans for _ in range(round(seconds * FPS))]
    asked = tuple(Call(index * 10, "changed" if index else "new face") for index in range(calls))
    return Run("smart", asked, {"unchanged": 60}, tuple(labels))


def scores_of(run: Run, baseline: Run | None = None, clip: Observation = CLIP) -> Scores:
    return scored(clip, run, baseline or run, price_usd=PRICE).scores


def test_the_delay_is_from_the_change_to_its_label() -> None:
    scores = scores_of(shown(CLIP, (CALM, 3.5), (HAPPY, 3.5), (SAD, 2)))
    assert (scores.changes, scores.seen) == (2, 1.0)
    assert scores.delay_median == pytest.approx(0.75)
    assert scores.delay_p95 == pytest.approx(1.0)


def test_a_label_that_comes_too_late_has_a_delay_but_was_not_seen_in_time() -> None:
    scores = scores_of(shown(CLIP, (CALM, 5), (HAPPY, 1.5), (SAD, 2.5)))
    assert scores.seen == 0.5
    assert scores.delay_p95 == pytest.approx(2.0)


def test_a_change_that_was_never_shown_has_no_delay() -> None:
    scores = scores_of(shown(CLIP, (CALM, 9)))
    assert (scores.seen, scores.delay_median, scores.delay_p95) == (0.0, None, None)


def test_a_label_in_time_counts_though_the_face_has_changed_again() -> None:
    clip = lasting((CALM, 3), (HAPPY, 1), (SAD, 5))
    assert scores_of(shown(clip, (CALM, 4.2), (HAPPY, 0.4), (SAD, 4.4)), clip=clip).seen == 1.0


def test_what_was_seen_and_asked_is_compared_with_the_baseline() -> None:
    half = shown(CLIP, (CALM, 6.5), (SAD, 2.5))
    every = shown(CLIP, (CALM, 3.5), (HAPPY, 3), (SAD, 2.5), calls=9)
    scores = scores_of(half, every)
    assert (scores.seen, scores.seen_share) == (0.5, 0.5)
    assert scores.calls_share == pytest.approx(3 / 9)
    assert scores_of(every).seen_share == 1.0


def test_calls_cost_what_they_cost() -> None:
    scores = scores_of(shown(CLIP, (CALM, 9)))
    assert scores.calls == 3
    assert scores.cost_usd == pytest.approx(0.003)
    assert scores.calls_per_hour == pytest.approx(1200)
    assert scores.cost_per_hour == pytest.approx(1.2)


def test_a_label_is_right_while_it_says_the_truth() -> None:
    run = shown(CLIP, (None, 0.9), (CALM, 3.6), (HAPPY, 1.5), (SAD, 3))
    assert scores_of(run).right == pytest.approx((2.1 + 1.5 + 3) / 9)
    assert scores_of(run).first_label_median == pytest.approx(0.9)


def test_without_changes_or_anybody_there_is_nothing_to_count() -> None:
    nobody = lasting((None, 2))
    scores = scores_of(Run("smart", (), {}, ({},) * 20), clip=nobody)
    assert (scores.seen, scores.seen_share, scores.right, scores.first_label_median) == (None,) * 4
    assert scores.calls_share is None


def test_calls_are_counted_by_activity_and_by_reason() -> None:
    clip = lasting((None, 3), (CALM, 6))
    run = Run(
        "smart",
        (Call(0, "nobody for long"), Call(30, "new face"), Call(50, "changed")),
        {"nobody": 29},
        ({},) * 90,
    )
    found = scored(clip, run, run, price_usd=PRICE)
    assert found.calls_per_minute == {"nobody": pytest.approx(20), "work": pytest.approx(20)}
    assert found.reasons == {"nobody for long": 1, "new face": 1, "changed": 1}
    assert found.passed_over == {"nobody": 29}
