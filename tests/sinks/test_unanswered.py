"""A failed call is never read as "no face"."""

from __future__ import annotations

from livecam.events import DetectionCompleted, DetectionFailed, DetectorUnavailable
from livecam.sinks.unanswered import Unanswered


def test_an_answer_is_an_answer() -> None:
    unanswered = Unanswered(has_detector=True)
    unanswered(
        DetectionCompleted(
            at=1.0,
            source="s",
            frame=3,
            detector="d",
            faces=0,
            captured_at=0.0,
            requested_at=0.0,
            responded_at=1.0,
        )
    )
    assert unanswered.why(3) is None


def test_a_failure_has_its_reason() -> None:
    unanswered = Unanswered(has_detector=True)
    unanswered(DetectionFailed(at=1.0, source="s", frame=3, detector="d", error="E", message="no answer"))
    assert unanswered.why(3) == "no answer"


def test_without_a_detector_nobody_answers() -> None:
    assert Unanswered(has_detector=False).why(0) == "no detector"


def test_a_detector_that_could_not_be_made_ready_answers_nothing() -> None:
    unanswered = Unanswered(has_detector=True)
    unanswered(DetectorUnavailable(at=1.0, source="s", detector="d", error="E", message="model damaged"))
    assert unanswered.why(7) == "model damaged"


def test_who_was_never_asked_did_not_say_no_face() -> None:
    assert Unanswered(has_detector=True).why(7) is not None
