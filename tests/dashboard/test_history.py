from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.dashboard.history import GAP, MOST_FACES, MOST_SPELLS, SPAN, EmotionTimeline, Timeline
from livecam.events import DetectionCompleted, DetectionFailed, FrameDropped, SceneCut
from livecam.faces import Emotion
from tests.builders import a_frame, a_label, a_picture

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel, Picture


def a_call(
    at: float, seconds: float = 0.2, *, detector: str = "own", is_cold: bool = False, cost_usd: float = 0.0
) -> DetectionCompleted:
    return DetectionCompleted(
        at=at,
        source="cam",
        frame=0,
        detector=detector,
        faces=1,
        captured_at=at - seconds,
        requested_at=at - seconds,
        responded_at=at,
        timing={"wait": seconds / 2},
        is_cold=is_cold,
        cost_usd=cost_usd,
    )


def shown(at: float, *labels: FaceLabel) -> Picture:
    return replace(a_picture(a_frame(), *labels), displayed_at=at)


def test_a_slice_has_the_percentiles_of_its_calls_and_of_their_parts() -> None:
    timeline = Timeline(1.0, 10)
    for number in range(5):
        timeline.note(a_call(100.0 + number / 10, 0.1 * (number + 1)))
    timeline.note(a_call(101.5, 0.7))
    first, second = timeline.as_dict(101.6)["slices"]
    assert (first["at"], first["calls"]) == (100.0, 5)
    assert first["p50"] == pytest.approx(0.3)
    assert first["p95"] == pytest.approx(0.48)
    assert first["timing"] == {"wait": pytest.approx(0.15)}
    assert (second["calls"], second["p50"]) == (1, pytest.approx(0.7))


def test_pictures_drops_failures_and_cost_are_counted_where_they_happened() -> None:
    timeline = Timeline(2.0, 10)
    for number in range(60):
        timeline.shown(100.0 + number / 30)
    timeline.note(a_call(100.1, cost_usd=0.001))
    timeline.note(a_call(100.2, cost_usd=0.001, is_cold=True))
    timeline.note(FrameDropped(at=100.3, source="cam", frame=1, reason="picture path busy"))
    timeline.note(DetectionFailed(at=102.5, source="cam", frame=1, detector="own", error="E", message="m"))
    first, second = timeline.as_dict(103.0)["slices"]
    assert (first["fps"], first["dropped"], first["failed"]) == (30.0, 1, 0)
    assert first["cost_usd"] == pytest.approx(0.002)
    assert (second["fps"], second["failed"], second["p50"]) == (0.0, 1, None)


def test_cold_calls_and_those_of_a_stand_in_are_no_latency() -> None:
    timeline = Timeline(1.0, 10, detector="own")
    timeline.note(a_call(100.0, 9.0, is_cold=True))
    timeline.note(a_call(100.1, 8.0, detector="other"))
    timeline.note(a_call(100.2, 0.2))
    (only,) = timeline.as_dict(100.5)["slices"]
    assert (only["calls"], only["p95"]) == (1, pytest.approx(0.2))


def test_the_slice_under_way_has_its_rate_by_the_time_that_has_passed() -> None:
    timeline = Timeline(10.0, 3)
    for number in range(30):
        timeline.shown(100.0 + number / 30)
    assert timeline.as_dict(101.0)["slices"][-1]["fps"] == 30.0


def test_silence_leaves_empty_slices_and_only_the_newest_are_kept() -> None:
    timeline = Timeline(1.0, 3)
    timeline.shown(100.0)
    assert [each["at"] for each in timeline.as_dict(102.5)["slices"]] == [100.0, 101.0, 102.0]
    assert [each["at"] for each in timeline.as_dict(106.0)["slices"]] == [103.0, 104.0, 105.0, 106.0]


def test_a_night_of_silence_is_passed_over_at_once() -> None:
    timeline = Timeline(1.0, 3)
    timeline.shown(100.0)
    slices = timeline.as_dict(1e9 + 0.5)["slices"]
    assert [each["at"] for each in slices] == [1e9 - 3, 1e9 - 2, 1e9 - 1, 1e9]
    assert {each["fps"] for each in slices} == {0.0}


def test_nothing_told_is_no_slice_and_other_events_are_left_alone() -> None:
    timeline = Timeline(1.0, 3)
    timeline.note(SceneCut(at=1.0, source="cam", frame=1))
    assert timeline.as_dict(5.0) == {"width": 1.0, "slices": []}


def test_an_event_that_comes_late_counts_in_the_slice_under_way() -> None:
    timeline = Timeline(1.0, 3)
    timeline.shown(100.0)
    timeline.shown(101.2)
    timeline.note(a_call(100.9))
    assert [each["calls"] for each in timeline.as_dict(101.3)["slices"]] == [0, 1]


def test_an_emotion_that_stays_is_one_spell_with_its_highest_score() -> None:
    emotions = EmotionTimeline()
    for number in range(10):
        score = 95.0 if number == 4 else 80.0
        emotions.note(shown(100.0 + number, replace(a_label(), confidence=score)))
    # A look at every second: GAP is longer.
    assert emotions.as_list() == [{"track_id": 1, "spells": [[100.0, 109.0, "HAPPY", 95.0]]}]


def test_another_emotion_begins_where_the_one_before_ends() -> None:
    emotions = EmotionTimeline()
    emotions.note(shown(100.0, a_label()))
    emotions.note(shown(101.0, a_label(emotion=Emotion.SAD)))
    emotions.note(shown(102.0, a_label(emotion=None)))
    (face,) = emotions.as_list()
    assert [spell[:3] for spell in face["spells"]] == [
        [100.0, 101.0, "HAPPY"],
        [101.0, 102.0, "SAD"],
        [102.0, 102.0, None],
    ]


def test_a_face_that_was_away_leaves_a_gap() -> None:
    emotions = EmotionTimeline()
    emotions.note(shown(100.0, a_label()))
    emotions.note(shown(101.0 + GAP, a_label()))
    (face,) = emotions.as_list()
    assert [spell[:2] for spell in face["spells"]] == [[100.0, 100.0], [101.0 + GAP, 101.0 + GAP]]


def test_a_face_that_nobody_answered_about_appears_to_express_nothing() -> None:
    emotions = EmotionTimeline()
    emotions.note(shown(100.0, replace(a_label(emotion=None), unclear=False, emotion_source=None)))
    assert emotions.as_list() == []


def test_pictures_between_two_looks_are_passed_over() -> None:
    emotions = EmotionTimeline()
    emotions.note(shown(100.0, a_label()))
    emotions.note(shown(100.1, a_label(2)))
    assert [face["track_id"] for face in emotions.as_list()] == [1]


def test_what_is_older_than_ten_minutes_is_forgotten() -> None:
    emotions = EmotionTimeline()
    emotions.note(shown(100.0, a_label(1)))
    for number in range(800):
        emotions.note(shown(101.0 + number, a_label(2)))
    assert emotions.as_list() == [{"track_id": 2, "spells": [[900.0 - SPAN, 900.0, "HAPPY", 91.2]]}]


def test_only_the_faces_that_were_there_last_are_kept() -> None:
    emotions = EmotionTimeline()
    for number in range(MOST_FACES + 5):
        emotions.note(shown(100.0 + number, a_label(number + 1)))
    assert [face["track_id"] for face in emotions.as_list()] == list(range(6, MOST_FACES + 6))


def test_a_face_that_changes_all_the_time_is_thinned_and_keeps_what_lasted() -> None:
    emotions, at = EmotionTimeline(), 100.0
    for number in range(400):
        emotion = Emotion.CALM if 100 <= number < 130 else (Emotion.HAPPY, Emotion.SAD)[number % 2]
        emotions.note(shown(at, a_label(emotion=emotion)))
        at += 1.0
    (face,) = emotions.as_list()
    spells = face["spells"]
    assert len(spells) <= MOST_SPELLS
    assert all(one[1] == other[0] for one, other in itertools.pairwise(spells))
    assert any(spell[2] == "CALM" and spell[1] - spell[0] >= 30 for spell in spells)
    assert spells[-1][1] == at - 1.0
