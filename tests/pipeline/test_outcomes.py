from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from livecam.detections import Detection
from livecam.errors import CloudError, DeadlineExceeded
from livecam.events import DetectionCompleted, DetectionFailed
from livecam.pipeline.outcomes import TELL_AGAIN, Outcomes, code_of
from livecam.testing.clock import FakeClock
from tests.builders import DETECTOR, a_face, a_frame
from tests.pipeline.parts import Happenings

EXPIRED = CloudError("the token expired", code="ExpiredTokenException", blame="user", is_lasting=True)
BROKEN = CloudError("the service failed", code="InternalServerError", blame="service")


def completed(detection: Detection) -> DetectionCompleted:
    happenings = Happenings()
    outcomes = Outcomes(clock=FakeClock(100.3), publish=happenings)
    outcomes.answered(DETECTOR, a_frame(4, at=99.9), 100.0, detection)
    (event,) = happenings.events
    assert isinstance(event, DetectionCompleted)
    return event


def test_an_answer_is_kept_until_it_is_taken() -> None:
    outcomes, detection = Outcomes(clock=FakeClock(100.3), publish=Happenings()), Detection((a_face(),))
    outcomes.answered(DETECTOR, a_frame(4, at=99.9), 100.0, detection)
    (answer,) = outcomes.take()
    assert (answer.detector, answer.sequence, answer.captured_at) == (DETECTOR, 4, 99.9)
    assert (answer.requested_at, answer.responded_at) == (100.0, 100.3)
    assert answer.detection is detection
    assert outcomes.take() == []


def test_what_is_known_of_the_sending_is_told() -> None:
    event = completed(Detection((), {"wait": 0.3}, 100.004, 60_140, "b8f9e1a6", is_cold=True))
    assert event.frame_age == pytest.approx(0.104)
    assert (event.bytes_sent, event.request_id, event.is_cold) == (60_140, "b8f9e1a6", True)
    assert event.timing == {"wait": 0.3}


def test_a_frame_that_was_sent_at_an_unknown_instant_is_at_least_as_old_as_when_the_call_began() -> None:
    assert completed(Detection((), bytes_sent=60_140)).frame_age == pytest.approx(0.1)


def test_a_frame_that_was_sent_nowhere_has_no_age_when_sent() -> None:
    assert completed(Detection(())).frame_age is None


@pytest.mark.parametrize(("is_paid", "cost"), [(True, 0.001), (False, 0.0)])
def test_an_answer_that_is_paid_tells_what_it_cost(*, is_paid: bool, cost: float) -> None:
    happenings = Happenings()
    outcomes = Outcomes(clock=FakeClock(100.3), publish=happenings, price_usd=0.001)
    outcomes.answered(replace(DETECTOR, is_paid=is_paid), a_frame(4), 100.0, Detection(()))
    assert [event.cost_usd for event in happenings.of(DetectionCompleted)] == [cost]


def test_a_failure_has_the_service_s_own_code_or_our_name() -> None:
    assert code_of(EXPIRED) == "ExpiredTokenException"
    assert code_of(DeadlineExceeded("no answer within 3 s")) == "DeadlineExceeded"
    happenings = Happenings()
    Outcomes(clock=FakeClock(), publish=happenings).failed(DETECTOR, a_frame(4), EXPIRED)
    (event,) = happenings.events
    assert isinstance(event, DetectionFailed)
    assert (event.frame, event.error, event.message) == (4, "ExpiredTokenException", "the token expired")


def test_the_log_has_one_sentence_per_kind_of_failure_now_and_then(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    clock = FakeClock()
    outcomes = Outcomes(clock=clock, publish=Happenings())
    for sequence in range(3):
        outcomes.failed(DETECTOR, a_frame(sequence), BROKEN)
        outcomes.failed(DETECTOR, a_frame(sequence), DeadlineExceeded("no answer within 3 s"))
        outcomes.answered(DETECTOR, a_frame(4), 100.0, Detection(()))
    assert len(caplog.messages) == 2
    clock.advance(TELL_AGAIN)
    outcomes.failed(DETECTOR, a_frame(5), BROKEN)
    assert caplog.messages[2:] == ["frame 5 was not answered: the service failed"]


def test_a_lasting_failure_is_left_to_the_guard_to_tell(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Outcomes(clock=FakeClock(), publish=Happenings()).failed(DETECTOR, a_frame(0), EXPIRED)
    assert caplog.messages == []


def test_only_a_foreign_error_is_logged_with_where_it_came_from(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    outcomes = Outcomes(clock=FakeClock(), publish=Happenings())
    outcomes.failed(DETECTOR, a_frame(0), BROKEN)
    outcomes.failed(DETECTOR, a_frame(1), ValueError("x"))
    assert [bool(record.exc_info) for record in caplog.records] == [False, True]
