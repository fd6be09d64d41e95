from __future__ import annotations

import pytest

from livecam.faces import BoundingBox, Emotion
from livecam.reports.seen import Moment, Span
from livecam.reports.spans import cells, joined, step_of


def moments(*times: float, emotion: Emotion | None = Emotion.SAD) -> list[Moment]:
    return [Moment(time, BoundingBox(0.1, 0.1, 0.1, 0.1), emotion, 70.0) for time in times]


def ends(spans: list[Span]) -> list[tuple[float, float]]:
    return [(round(span.start, 3), round(span.end, 3)) for span in spans]


def test_the_usual_step_is_the_median_of_all_instants() -> None:
    assert step_of([0, 1.0, 0.5, 0.5, 7.0, 7.5]) == 0.5


@pytest.mark.parametrize("times", [[], [3.0], [3.0, 3.0]])
def test_without_two_instants_half_a_second_is_taken(times: list[float]) -> None:
    assert step_of(times) == 0.5


def test_an_instant_stands_for_half_the_way_to_its_neighbours() -> None:
    assert ends(cells(moments(1.0, 1.5, 2.1), 0.5, 10)) == [(0.75, 1.25), (1.25, 1.8), (1.8, 2.35)]


def test_time_in_which_a_face_was_missed_is_not_claimed() -> None:
    assert ends(cells(moments(1.0, 2.5), 0.5, 10)) == [(0.75, 1.25), (2.25, 2.75)]


def test_nothing_is_claimed_before_the_video_or_after_it() -> None:
    assert ends(cells(moments(0.0, 0.5), 0.5, 0.6)) == [(0.0, 0.25), (0.25, 0.6)]


def test_spans_that_say_the_same_are_one() -> None:
    spans = cells(moments(0.0, 0.5, 1.0), 0.5, 10)
    assert joined(spans) == (Span(0.0, 1.25, Emotion.SAD, 70.0),)


def test_another_emotion_another_clearness_and_a_gap_begin_another_span() -> None:
    spans = [
        Span(0, 1, Emotion.SAD, 70.0),
        Span(1, 2, Emotion.HAPPY, 70.0),
        Span(2, 3, Emotion.HAPPY, 90.0),
        Span(4, 5, Emotion.HAPPY, 90.0),
        Span(5, 6, None, None),
    ]
    assert joined(spans) == tuple(spans)


def test_a_span_too_short_to_be_seen_is_a_part_of_the_one_before() -> None:
    spans = [Span(0, 1, Emotion.SAD, 70.0), Span(1, 1.1, None, None), Span(1.1, 2, Emotion.SAD, 70.0)]
    assert joined(spans, least=0.2) == (Span(0, 2, Emotion.SAD, 70.0),)
