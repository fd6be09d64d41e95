from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError  # type: ignore[import-untyped]

from livecam.aws.broken_answer import BrokenAnswer
from livecam.aws.error_mapping import CallTarget
from livecam.aws.live_calls import LiveCall
from livecam.errors import CloudError, DetectionAborted
from livecam.testing.clock import FakeClock

TARGET = CallTarget("rekognition:DetectFaces", "eu-west-1")


def a_call() -> LiveCall:
    return LiveCall(FakeClock())


def raising(error: Exception) -> Any:  # noqa: ANN401
    def call(**_: object) -> dict[str, Any]:
        raise error

    return call


def test_an_answer_is_returned_as_it_came() -> None:
    assert a_call().make(dict, {"FaceDetails": []}, target=TARGET) == {"FaceDetails": []}


def test_a_failure_is_a_sentence_with_its_cause() -> None:
    error = ReadTimeoutError(endpoint_url="x")
    with pytest.raises(CloudError, match="did not answer in time") as caught:
        a_call().make(raising(error), {}, target=TARGET)
    assert caught.value.__cause__ is error


def test_what_failed_after_an_abort_was_aborted() -> None:
    call = a_call()

    def fail(**_: object) -> dict[str, Any]:
        call.abort()
        raise BrokenAnswer("TruncatedAnswer", "cut")

    with pytest.raises(DetectionAborted):
        call.make(fail, {}, target=TARGET)


def test_an_answer_that_came_with_an_abort_is_not_taken() -> None:
    call = a_call()

    def answer(**_: object) -> dict[str, Any]:
        call.abort()
        return {}

    with pytest.raises(DetectionAborted):
        call.make(answer, {}, target=TARGET)


def test_a_call_that_was_aborted_before_is_not_made() -> None:
    call = a_call()
    call.abort()
    with pytest.raises(DetectionAborted):
        call.make(raising(AssertionError("it was made")), {}, target=TARGET)


def test_botocores_stumbling_over_an_answer_is_a_malformed_answer() -> None:
    call = a_call()

    def stumble(**_: object) -> dict[str, Any]:
        call.marks.read()
        raise AttributeError("int has no get")

    with pytest.raises(CloudError) as caught:
        call.make(stumble, {}, target=TARGET)
    assert caught.value.code == "MalformedAnswer"


def test_stumbling_before_there_is_an_answer_is_not_the_services() -> None:
    with pytest.raises(CloudError) as caught:
        a_call().make(raising(IndexError("x")), {}, target=TARGET)
    assert (caught.value.code, caught.value.blame) == ("IndexError", "livecam")
