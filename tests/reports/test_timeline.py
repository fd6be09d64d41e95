from __future__ import annotations

import pytest

from livecam.faces import Emotion
from livecam.reports.persons import persons_of
from livecam.reports.timeline import LEFT, MOST_ROWS, RIGHT, chosen, timeline_of
from tests.reports.files import a_seen_face, tenths


def test_bars_lie_where_their_time_is_on_the_axis() -> None:
    persons = persons_of([a_seen_face(times=(2.0, 3.0, 4.0))], [])
    timeline = timeline_of(persons, 8.0, has_live=True, has_stored=False)
    (bar,) = timeline.rows[0].lanes[0].bars
    assert bar.x == pytest.approx(LEFT + (RIGHT - LEFT) / 4)
    assert bar.width == pytest.approx((RIGHT - LEFT) / 4)
    assert (bar.kind, bar.word, bar.title) == ("happy", "happy", "2.0 to 4.0 s: appears happy 90 %")


def test_both_sources_have_a_lane_and_a_third_says_where_they_agree() -> None:
    persons = persons_of(
        [a_seen_face(times=tenths(0, 4))], [a_seen_face("stored", times=(0, 0.5, 1), emotion=Emotion.SAD)]
    )
    (row,) = timeline_of(persons, 4.0, has_live=True, has_stored=True).rows
    assert [lane.name for lane in row.lanes] == ["live", "stored", "same?"]
    assert [bar.kind for bar in row.lanes[2].bars] == ["differs"]
    assert row.heading == "Person 1: live 1, stored 1, same for 0 % of 1.0 s"


def test_a_face_about_which_nothing_is_claimed_is_shown_as_there() -> None:
    timeline = timeline_of(persons_of([a_seen_face(emotion=None)], []), 1.0, has_live=True, has_stored=False)
    (bar,) = timeline.rows[0].lanes[0].bars
    assert (bar.kind, bar.word) == ("unclear", "")


def test_a_word_that_does_not_fit_is_left_out() -> None:
    timeline = timeline_of(persons_of([a_seen_face()], []), 600.0, has_live=True, has_stored=False)
    assert timeline.rows[0].lanes[0].bars[0].word == ""


def test_what_lies_after_the_video_is_drawn_at_its_end() -> None:
    timeline = timeline_of(persons_of([a_seen_face()], []), 0.5, has_live=True, has_stored=False)
    bar = timeline.rows[0].lanes[0].bars[0]
    assert bar.x + bar.width <= RIGHT + 0.01


@pytest.mark.parametrize("duration", [0.0, 0.3, 4.2, 20.0, 61.0, 3600.0, 21_600.0, 100_000.0])
def test_the_axis_has_a_few_marks_whatever_the_length(duration: float) -> None:
    ticks = timeline_of((), duration, has_live=True, has_stored=True).ticks
    assert 1 <= len(ticks) <= 11
    assert ticks[0].text == "0 s"


def test_of_a_crowd_those_who_stayed_longest_are_drawn_in_order() -> None:
    faces = [
        a_seen_face(number=number + 1, times=(0.0, 0.5 if number == 3 else 1.0 + number), left=0.03 * number)
        for number in range(MOST_ROWS + 1)
    ]
    persons = persons_of(faces, [])
    drawn = chosen(persons)
    assert [person.number for person in drawn] == [n for n in range(1, MOST_ROWS + 2) if n != 4]
    assert timeline_of(persons, 60.0, has_live=True, has_stored=False).left_out == 1
