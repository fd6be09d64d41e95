"""What is said of calls; tests/test_tally.py tries the rest through the whole."""

from __future__ import annotations

from livecam.call_tally import TROUBLE_SHOWN_FOR, CallTally
from livecam.events import (
    CircuitClosed,
    CircuitOpened,
    DetectionCompleted,
    DetectionFailed,
    DetectorUnavailable,
    PaceChanged,
    SourceOpened,
)


def failed(*, at: float) -> DetectionFailed:
    return DetectionFailed(at=at, source="s", frame=0, detector="rekognition", error="E", message="no answer")


def test_a_failure_is_told_for_a_moment() -> None:
    calls = CallTally()
    calls.note(failed(at=100.0))
    assert calls.trouble(100.0) == "rekognition: no answer"
    assert calls.trouble(100.0 + TROUBLE_SHOWN_FOR + 0.1) is None


def test_failures_are_counted_by_error() -> None:
    calls = CallTally()
    calls.note(failed(at=100.0))
    calls.note(failed(at=101.0))
    assert calls.failures == {"E": 2}


def test_what_lasts_comes_before_what_passes_and_a_closed_circuit_ends_both() -> None:
    calls = CallTally()
    calls.note(failed(at=100.0))
    calls.note(
        CircuitOpened(
            at=100.0, source="s", detector="d", error="E", message="credentials expired", retry_in=5
        )
    )
    assert calls.trouble(100.0) == "credentials expired"
    calls.note(CircuitClosed(at=101.0, source="s", detector="d", lasted=1.0))
    assert calls.trouble(101.0) is None


def test_a_detector_that_cannot_be_used_is_told_to_the_end() -> None:
    calls = CallTally()
    calls.note(DetectorUnavailable(at=1.0, source="s", detector="d", error="E", message="model damaged"))
    assert calls.trouble(9e9) == "model damaged"


def test_what_does_not_concern_calls_is_nothing() -> None:
    calls = CallTally()
    before = calls.summary()
    calls.note(SourceOpened(at=1.0, source="s", description="d", width=1, height=1, fps=None))
    assert calls.summary() == before


def answered(detector: str, latency: float) -> DetectionCompleted:
    return DetectionCompleted(
        at=100.0,
        source="s",
        frame=0,
        detector=detector,
        faces=1,
        captured_at=99.0,
        requested_at=100.0 - latency,
        responded_at=100.0,
    )


def test_who_stands_in_does_not_flatter_the_latency_of_the_one_that_is_away() -> None:
    calls = CallTally("rekognition")
    calls.note(answered("rekognition", 0.34))
    calls.note(
        CircuitOpened(at=1.0, source="s", detector="rekognition", error="E", message="expired", retry_in=5)
    )
    for _ in range(50):
        calls.note(answered("on-device", 0.02))
    summary = calls.summary()
    assert (summary["calls"]["ok"], summary["calls"]["stood_in"]) == (1, {"on-device": 50})
    assert round(summary["latency"]["p50"], 3) == 0.34
    assert calls.status(100.0)["stand_in"] == "on-device"
    calls.note(CircuitClosed(at=2.0, source="s", detector="rekognition", lasted=1.0))
    assert calls.status(100.0)["stand_in"] is None


def test_a_rate_that_the_user_sets_is_no_slow_down() -> None:
    calls = CallTally()
    assert calls.status(100.0)["asked_rate"] is None
    calls.note(PaceChanged(at=1.0, source="s", rate=1.4, reason="throttled"))
    calls.note(PaceChanged(at=2.0, source="s", rate=5.0, reason="set by the user"))
    status = calls.status(100.0)
    assert (status["asked_rate"], status["pace"]) == (5.0, None)
    calls.note(PaceChanged(at=2.0, source="s", rate=1.4, reason="recovering"))
    status = calls.status(100.0)
    assert (status["asked_rate"], status["pace"]) == (5.0, 1.4)
