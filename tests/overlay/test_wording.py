from __future__ import annotations

from dataclasses import replace

import pytest

from livecam.faces import Emotion
from livecam.overlay import wording
from tests.overlay.samples import BARE, STATUS, a_label, unanswered, unclear

APPROXIMATE = replace(a_label(), is_approximate=True)


def test_a_label_says_what_a_face_appears_to_express() -> None:
    assert wording.headline(a_label()) == "appears happy 83 %"
    assert wording.short(a_label()) == "happy 83 %"
    assert wording.tiny(a_label()) == "happy"


@pytest.mark.parametrize(
    ("emotion", "word"),
    [
        (Emotion.HAPPY, "happy"),
        (Emotion.SAD, "sad"),
        (Emotion.ANGRY, "angry"),
        (Emotion.CONFUSED, "confused"),
        (Emotion.DISGUSTED, "disgusted"),
        (Emotion.SURPRISED, "surprised"),
        (Emotion.CALM, "calm"),
        (Emotion.FEAR, "afraid"),
        (Emotion.UNKNOWN, "unclear"),
    ],
)
def test_every_emotion_has_its_adjective(emotion: Emotion, word: str) -> None:
    assert wording.adjective(replace(a_label(), emotion=emotion)) == word


def test_an_unclear_face_is_called_unclear_without_a_number() -> None:
    face = unclear(a_label())
    assert {wording.headline(face), wording.short(face), wording.tiny(face)} == {"unclear"}
    assert wording.headline(replace(a_label(), emotion=Emotion.UNKNOWN)) == "unclear"


def test_a_face_without_an_answer_is_new_and_has_no_age() -> None:
    face = unanswered(a_label())
    assert wording.headline(face) == "new"
    assert wording.aside(face) == "#3"


def test_an_answered_face_without_an_emotion_is_unclear_and_not_new() -> None:
    assert wording.headline(replace(a_label(), emotion=None)) == "unclear"


def test_an_approximate_label_says_so_in_every_form() -> None:
    assert wording.aside(APPROXIMATE) == "#3 · 0.4 s · approx."
    assert wording.short(APPROXIMATE) == "≈ happy 83 %"
    assert wording.tiny(APPROXIMATE) == "≈ happy"


def test_what_claims_nothing_needs_no_sign_of_approximation() -> None:
    assert wording.short(unclear(APPROXIMATE)) == "unclear"
    assert wording.aside(unanswered(APPROXIMATE)) == "#3"


def test_an_emotion_without_a_score_is_named_without_a_number() -> None:
    assert wording.headline(replace(a_label(), confidence=None)) == "appears happy"


def test_the_second_line_has_the_id_and_the_age_in_seconds() -> None:
    assert wording.aside(a_label()) == "#3 · 0.4 s"


def test_the_hud_says_how_the_run_is_doing() -> None:
    assert wording.hud_lines(STATUS) == (
        "29.9 fps · 1280x720 camera 0 · live",
        "on-device, approximate: 9.8 calls/s · 212 calls · 1 failed",
        "latency p50 34 ms p95 51 ms · 0 dropped",
    )


def test_the_hud_leaves_out_what_is_not_known_yet() -> None:
    assert wording.hud_lines(BARE) == ("camera 0 · live", "on-device: 0 calls", "0 dropped")


def test_the_hud_tells_how_far_an_aligned_picture_is_behind() -> None:
    first, *_ = wording.hud_lines(replace(STATUS, delay=0.4149))
    assert first == "29.9 fps · 1280x720 camera 0 · live · aligned, 0.41 s behind"


def test_the_hud_tells_the_finder_and_what_is_saved_on_following() -> None:
    _, second, third = wording.hud_lines(replace(BARE, finder_rate=5.0, effort="fewer points"))
    assert second == "on-device: 0 calls · finder 5.0/s"
    assert third == "0 dropped · following faces with fewer points"
    assert "in every second frame" in wording.hud_lines(replace(BARE, effort="every second frame"))[2]


def test_the_hud_tells_what_paid_calls_cost() -> None:
    cost = replace(BARE, cost_usd=0.042, cost_per_hour=3.6)
    assert wording.hud_lines(cost)[2] == "$0.042 · $3.60/h"
    assert wording.hud_lines(replace(cost, budget_usd=0.458))[2] == "$0.042 · $3.60/h · $0.46 left"
    assert wording.hud_lines(replace(BARE, cost_usd=0.0))[2] == "$0.00"


def test_one_call_is_not_called_calls() -> None:
    assert wording.hud_lines(replace(BARE, calls=1))[1] == "on-device: 1 call"


def test_the_hud_tells_the_largest_parts_of_a_call() -> None:
    timing = (("encode", 0.0008), ("send", 0.02), ("wait", 0.3), ("read", 0.002), ("parse", 0.004))
    (last,) = [line for line in wording.hud_lines(replace(STATUS, timing=timing)) if "wait" in line]
    assert "wait 300 + send 20 + parse 4 ms" in last


def test_a_call_of_one_part_is_not_split() -> None:
    assert not [
        line for line in wording.hud_lines(replace(STATUS, timing=(("other", 0.02),))) if "other" in line
    ]


def test_the_hud_tells_a_pace_that_was_lowered_and_a_pause() -> None:
    lines = "|".join(wording.hud_lines(replace(STATUS, pace=1.36, is_paused=True)))
    assert "sending paused" in lines
    assert "slowed to 1.4/s" in lines


def test_the_hud_tells_the_rate_that_the_user_has_set() -> None:
    lines = "|".join(wording.hud_lines(replace(STATUS, call_rate=1.4, asked_rate=5.0)))
    assert "1.4 of 5 calls/s" in lines


def test_a_face_whose_answer_is_too_old_and_one_that_was_not_scored_say_so() -> None:
    silent = replace(a_label(), emotion=None, confidence=None, emotion_source=None, scores=())
    assert wording.headline(silent) == "not scored"
    assert wording.headline(replace(silent, is_outdated=True)) == "no answer"
    assert not wording.claims(silent)


def test_the_hud_begins_with_the_clip_that_is_recorded() -> None:
    first, *_ = wording.hud_lines(replace(STATUS, recording=42.9))
    assert first == "● REC 0:42 · 29.9 fps · 1280x720 camera 0 · live"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0:00"),
        (9.99, "0:09"),
        (63.0, "1:03"),
        (3599.9, "59:59"),
        (3725.0, "1:02:05"),
        (90000, "25:00:00"),
    ],
)
def test_a_duration_is_told_as_a_clock_shows_it(seconds: float, text: str) -> None:
    assert wording.clock_text(seconds) == text
