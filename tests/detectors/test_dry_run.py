from __future__ import annotations

import threading

import pytest

from livecam.detectors.dry_run import INFO, DryRunDetector, with_eyes_where_there_are
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import DetectionAborted, ModelMissing
from livecam.testing.clock import FakeClock
from tests.builders import a_face, a_frame

EYES = ScriptedDetector(lambda _: (a_face(),))


class NoModels(ScriptedDetector):
    """Cannot be made ready."""

    def warm(self) -> None:
        raise ModelMissing("run: livecam models install")


def test_its_calls_are_not_paid_and_its_labels_are_no_more_than_hints() -> None:
    assert (INFO.is_paid, INFO.is_approximate, INFO.draws_as_finder) == (False, True, False)


def test_it_answers_with_what_is_seen_on_this_machine() -> None:
    detector = DryRunDetector(EYES, clock=FakeClock(), latency=0.0)
    detector.warm()
    answer = detector.detect(a_frame())
    assert answer.faces == (a_face(),)
    assert (answer.bytes_sent, answer.sent_at) == (None, None)


def test_without_models_it_answers_nobody() -> None:
    detector = with_eyes_where_there_are(NoModels(lambda _: (a_face(),)), clock=FakeClock())
    detector.warm()
    detector._latency = 0.0
    assert detector.detect(a_frame()).faces == ()
    with_eyes = with_eyes_where_there_are(EYES, clock=FakeClock())
    with_eyes._latency = 0.0
    assert with_eyes.detect(a_frame()).faces == (a_face(),)


def test_an_answer_takes_its_time_and_can_be_ended() -> None:
    begun, ended = threading.Event(), list[Exception]()

    def see(_: object) -> tuple[()]:
        begun.set()
        return ()

    detector = DryRunDetector(ScriptedDetector(see), clock=FakeClock(), latency=600.0)

    def call() -> None:
        try:
            detector.detect(a_frame(3))
        except DetectionAborted as error:
            ended.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    assert begun.wait(20)
    detector.abort(a_frame(4))
    assert thread.is_alive()
    detector.abort(a_frame(3))
    thread.join(20)
    assert str(ended[0]) == "the call about frame 3 was ended"
    detector.abort(a_frame(3))


def test_what_whoever_sees_takes_is_part_of_the_time() -> None:
    clock = FakeClock()

    def see(_: object) -> tuple[()]:
        clock.advance(5.0)
        return ()

    answer = DryRunDetector(ScriptedDetector(see), clock=clock, latency=0.34).detect(a_frame())
    assert answer.timing == {"wait": pytest.approx(5.0)}
