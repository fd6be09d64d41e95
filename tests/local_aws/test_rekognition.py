"""What an unmodified boto3 sees."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from botocore.loaders import Loader  # type: ignore[import-untyped]
from botocore.validate import ParamValidator  # type: ignore[import-untyped]

from livecam.errors import ModelMissing
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import FaultPlan, plan_from
from livecam.local_aws.server import in_background
from tests.local_aws import clients
from tests.local_aws.clients import a_jpeg, answer_from, connected, signed_request

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image
    from livecam.local_aws.operations import FaceDetail
    from livecam.local_aws.server import Running
    from tests.local_aws.clients import Client


def refusal(rekognition: Client, **request: object) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as caught:
        rekognition.detect_faces(**({"Image": {"Bytes": a_jpeg()}} | request))
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def test_an_answer_is_valid_and_tells_its_id_and_service_time(rekognition: Client, endpoint: Running) -> None:
    answer = rekognition.detect_faces(Image={"Bytes": a_jpeg()}, Attributes=["ALL"])
    meta = answer.pop("ResponseMetadata")
    shape = rekognition.meta.service_model.operation_model("DetectFaces").output_shape
    assert ParamValidator().validate(answer, shape).generate_report() == ""
    assert len(answer["FaceDetails"]) == 1
    (entry,) = endpoint.requests()
    assert meta["RequestId"] == entry.request_id
    said = float(meta["HTTPHeaders"]["x-livecam-service-time"])
    assert said == pytest.approx(entry.service_time, abs=1e-6)
    assert (entry.operation, entry.outcome, entry.status) == ("DetectFaces", "ok", 200)
    assert entry.bytes_received > len(a_jpeg())
    assert entry.bytes_sent == int(meta["HTTPHeaders"]["content-length"])
    assert "GMT" in meta["HTTPHeaders"]["date"]


def test_a_wrong_secret_and_an_unknown_key_are_refused(endpoint: Running) -> None:
    with closing(clients.client("rekognition", endpoint.url, secret="wrong")) as client:  # noqa: S106
        assert refusal(client)[:2] == ("InvalidSignatureException", 400)
    with closing(clients.client("rekognition", endpoint.url, key="nobody")) as client:
        assert refusal(client)[:2] == ("UnrecognizedClientException", 400)


def test_an_operation_that_is_not_served_is_told(rekognition: Client) -> None:
    with pytest.raises(ClientError, match="UnknownOperationException"):
        rekognition.list_collections()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a", "InvalidImageFormatException"),
        (b"\xff\xd8\xff".ljust(5_242_881, b"\x00"), "ImageTooLargeException"),
        (a_jpeg(79, 79), "InvalidParameterException"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused_as_documented(
    content: bytes, code: str, rekognition: Client
) -> None:
    assert refusal(rekognition, Image={"Bytes": content})[:2] == (code, 400)


def test_an_attribute_that_there_is_not_is_refused(rekognition: Client) -> None:
    code, _, message = refusal(rekognition, Attributes=["MOOD"])
    assert code == "InvalidParameterException"
    assert "'MOOD'" in message


def documented() -> list[tuple[str, int]]:
    model = Loader().load_service_model("rekognition", "service-2")
    names = {error["shape"] for error in model["operations"]["DetectFaces"]["errors"]}
    names |= {error["shape"] for error in model["operations"]["StartFaceDetection"]["errors"]}
    return sorted((name, 500 if model["shapes"][name].get("fault") else 400) for name in names)


@pytest.mark.parametrize(("code", "status"), documented())
def test_every_documented_error_reaches_the_client_as_its_own_exception(
    code: str, status: int, rekognition: Client, endpoint: Running
) -> None:
    endpoint.change_faults(plan_from({"faults": [{"kind": "error", "code": code}]}, "test"))
    with pytest.raises(getattr(rekognition.exceptions, code)):
        rekognition.detect_faces(Image={"Bytes": a_jpeg()})
    (entry,) = endpoint.requests()
    assert (entry.outcome, entry.status) == (code, status)


def test_an_error_may_have_another_status_and_sentence(rekognition: Client, endpoint: Running) -> None:
    fault = {"kind": "error", "code": "ThrottlingException", "status": 400, "message": "Slow down"}
    endpoint.change_faults(plan_from({"faults": [fault]}, "test"))
    assert refusal(rekognition) == ("ThrottlingException", 400, "Slow down")


def test_calls_above_the_quota_are_refused_at_once(rekognition: Client, endpoint: Running) -> None:
    plan = {"quota": {"per_second": 0.01, "burst": 2}, "latency": {"seconds": 0.05}}
    endpoint.change_faults(plan_from(plan, "test"))
    for _ in range(2):
        rekognition.detect_faces(Image={"Bytes": a_jpeg()})
    assert refusal(rekognition)[:2] == ("ProvisionedThroughputExceededException", 400)
    times = [entry.service_time for entry in endpoint.requests()]
    assert [time is not None and time >= 0.05 for time in times] == [True, True, False]


def test_a_latency_counts_from_the_last_byte_and_holds_the_work_within_it(
    rekognition: Client, endpoint: Running
) -> None:
    endpoint.change_faults(plan_from({"latency": {"seconds": 0.2}}, "test"))
    rekognition.detect_faces(Image={"Bytes": a_jpeg()})
    (entry,) = endpoint.requests()
    assert entry.service_time is not None
    assert entry.service_time >= 0.2


def test_a_latency_counts_from_the_end_of_a_stall(rekognition: Client, endpoint: Running) -> None:
    plan = {"stall": {"every": 2, "seconds": 0.2}, "latency": {"seconds": 0.05}}
    endpoint.change_faults(plan_from(plan, "test"))
    for _ in range(2):
        rekognition.detect_faces(Image={"Bytes": a_jpeg()})
    usual, stalled = endpoint.requests()
    assert usual.answered_at is not None
    assert stalled.answered_at is not None
    assert usual.answered_at - usual.arrived_at >= 0.05
    assert stalled.answered_at - stalled.arrived_at >= 0.25


def test_a_latency_may_be_that_of_the_region_that_a_request_is_signed_for(
    rekognition: Client, endpoint: Running
) -> None:
    endpoint.change_faults(plan_from({"latency": {"by_region": {rekognition.meta.region_name: 0.2}}}, "test"))
    rekognition.detect_faces(Image={"Bytes": a_jpeg()})
    (entry,) = endpoint.requests()
    assert entry.service_time is not None
    assert entry.service_time >= 0.2


@pytest.mark.parametrize("body", [b"[1]", b"{", b"null"])
def test_a_body_that_is_no_json_object_is_refused(body: bytes, endpoint: Running) -> None:
    endpoint.change_faults(FaultPlan())
    request = signed_request(endpoint.url, content={})
    assert request.endswith(b"{}")
    # The signature no longer fits, which is told first; what a signed one gets is in test_service_model.
    with connected(endpoint.port) as wire:
        wire.sendall(request[:-2].replace(b"Content-Length: 2", b"Content-Length: %d" % len(body)) + body)
        assert answer_from(wire)[0] == 400


class BrokenEyes:
    """Fail, or see what the service never says."""

    def __init__(self, outcome: Exception | list[FaceDetail]) -> None:
        self._outcome = outcome

    def look(self, image: Image) -> list[FaceDetail]:
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (ModelMissing("the model is gone; run: livecam models install"), "livecam models install"),
        (ZeroDivisionError(), "Internal server error"),
        ([{"Confidence": 101.0}], "Confidence is 101.0, above 100"),
    ],
)
def test_what_fails_inside_is_an_internal_error_that_says_what_it_may(
    outcome: Exception | list[FaceDetail], said: str
) -> None:
    with (
        in_background(Setup(eyes=BrokenEyes(outcome), with_moto=False)) as endpoint,
        closing(clients.client("rekognition", endpoint.url)) as client,
    ):
        code, status, message = refusal(client)
    assert (code, status) == ("InternalServerError", 500)
    assert said in message


def test_the_endpoints_own_eyes_see_the_faces_of_a_real_picture(media: Path, models: Path) -> None:
    with (
        in_background(Setup(with_moto=False)) as endpoint,
        closing(clients.client("rekognition", endpoint.url)) as client,
    ):
        content = (media / "img_multi4_family.jpg").read_bytes()
        answer = client.detect_faces(Image={"Bytes": content}, Attributes=["ALL"])
    assert len(answer["FaceDetails"]) == 4
    assert all(len(face["Landmarks"]) == 30 for face in answer["FaceDetails"])


@pytest.mark.parametrize("depth", [500, 2_000, 200_000])
@pytest.mark.parametrize("opening", [b"[", b'{"Image":'])
def test_a_body_that_is_nested_too_deeply_is_refused_like_any_other(
    opening: bytes, depth: int, endpoint: Running
) -> None:
    closing_too = b"1" + {b"[": b"]"}.get(opening, b"}") * depth
    with connected(endpoint.port) as wire:
        wire.sendall(signed_request(endpoint.url, body=opening * depth + closing_too))
        assert answer_from(wire)[0] == 400
