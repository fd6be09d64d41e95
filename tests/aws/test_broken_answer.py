from __future__ import annotations

from typing import Any, TypeAlias

import botocore.session  # type: ignore[import-untyped]
import pytest

from livecam.aws.broken_answer import BrokenAnswer, check_answer

Model: TypeAlias = Any
"""botocore has no types."""


@pytest.fixture(scope="module")
def model() -> Model:
    return botocore.session.get_session().get_service_model("rekognition").operation_model("DetectFaces")


def response(body: bytes, *, status: int = 200, length: object = None) -> dict[str, Any]:
    headers = {} if length is None else {"content-length": length}
    return {"body": body, "status_code": status, "headers": headers}


@pytest.mark.parametrize("body", [b"{}", b'{"FaceDetails": []}', b' {"FaceDetails": [{}], "New": 1}\n'])
def test_a_whole_object_passes(body: bytes, model: Model) -> None:
    check_answer(response(body, length=str(len(body))), model)


@pytest.mark.parametrize("length", ["9", "0", "100"])
def test_another_length_than_was_announced_is_truncation(length: str, model: Model) -> None:
    with pytest.raises(BrokenAnswer, match=f"TruncatedAnswer: 2 of {length} bytes"):
        check_answer(response(b"{}", length=length), model)


@pytest.mark.parametrize(
    "body", [b"", b"[1]", b"null", b"3", b'"a"', b'{"FaceDetails": [', b"<html>", b"\xff", b"[" * 100_000]
)
def test_a_success_that_is_no_object_is_malformed(body: bytes, model: Model) -> None:
    with pytest.raises(BrokenAnswer, match="MalformedAnswer"):
        check_answer(response(body), model)


@pytest.mark.parametrize("faces", [b"{}", b'""', b'"none"', b"5", b"null", b"false"])
def test_something_else_where_a_list_belongs_is_malformed(faces: bytes, model: Model) -> None:
    with pytest.raises(BrokenAnswer, match="FaceDetails is no list"):
        check_answer(response(b'{"FaceDetails": ' + faces + b"}"), model)


def of_operation(name: str) -> Model:
    return botocore.session.get_session().get_service_model("rekognition").operation_model(name)


@pytest.mark.parametrize(
    ("operation", "body"),
    [("GetFaceDetection", b'{"JobStatus": "IN_PROGRESS"}'), ("StartFaceDetection", b'{"JobId": "1"}')],
)
def test_an_answer_about_a_job_has_what_it_is_about(operation: str, body: bytes) -> None:
    check_answer(response(body), of_operation(operation))
    for other in (b"{}", b'{"JobStatus": null, "JobId": null, "Faces": []}'):
        with pytest.raises(BrokenAnswer, match="it has no Job"):
            check_answer(response(other), of_operation(operation))


def test_an_object_that_is_null_is_not_there() -> None:
    body = b'{"JobStatus": "FAILED", "VideoMetadata": null}'
    check_answer(response(body), of_operation("GetFaceDetection"))


@pytest.mark.parametrize("metadata", [b"[]", b"[1]", b'""', b'"h264"', b"0", b"false"])
def test_something_else_where_an_object_belongs_is_malformed(metadata: bytes) -> None:
    body = b'{"JobStatus": "FAILED", "VideoMetadata": ' + metadata + b"}"
    with pytest.raises(BrokenAnswer, match="VideoMetadata is no object"):
        check_answer(response(body), of_operation("GetFaceDetection"))


@pytest.mark.parametrize("status", [400, 500, 502])
def test_an_error_is_left_to_botocore_when_it_came_whole(status: int, model: Model) -> None:
    check_answer(response(b"<html>", status=status, length="6"), model)
    with pytest.raises(BrokenAnswer):
        check_answer(response(b"<html>", status=status, length="7"), model)


@pytest.mark.parametrize("length", ["", "two", "-2", "2, 2"])
def test_a_length_that_is_no_number_is_not_compared(length: str, model: Model) -> None:
    check_answer(response(b"{}", length=length), model)
