from __future__ import annotations

import dataclasses

import pytest

from livecam.face_record import age_at, face_record
from tests.builders import a_label


def test_a_face_is_written_with_rounded_numbers_and_the_age_of_its_answer() -> None:
    assert face_record(a_label(3), 100.5) == {
        "track_id": 3,
        "box": [0.25, 0.25, 0.5, 0.5],
        "box_source": "scripted",
        "emotion": "HAPPY",
        "confidence": 91.23,
        "unclear": False,
        "emotion_source": "scripted",
        "age": 0.5,
    }


def test_what_was_never_answered_has_no_age_and_no_confidence() -> None:
    new = dataclasses.replace(a_label(emotion=None), answered_at=None, confidence=None, emotion_source=None)
    record = face_record(new, 100.5)
    assert (record["age"], record["confidence"], record["emotion"]) == (None, None, None)


@pytest.mark.parametrize(("answered_at", "age"), [(None, None), (100.0, 0.12346), (100.12346, 0.0)])
def test_an_age_is_counted_to_what_was_displayed(answered_at: float | None, age: float | None) -> None:
    told = age_at(100.12346, answered_at)
    assert told == (None if age is None else pytest.approx(age, abs=1e-4))
