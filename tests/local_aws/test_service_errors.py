from __future__ import annotations

import json

from botocore.loaders import Loader  # type: ignore[import-untyped]

from livecam.local_aws.service_errors import DOCUMENTED_MESSAGES, STATUS_BY_CODE, ServiceError


def test_the_status_is_500_where_the_model_says_fault_and_400_elsewhere() -> None:
    shapes = Loader().load_service_model("rekognition", "service-2")["shapes"]
    for name, shape in shapes.items():
        if shape.get("exception"):
            assert ServiceError(name).status == (500 if shape.get("fault") else 400), name
    assert STATUS_BY_CODE["ServiceUnavailableException"] == 503


def test_every_error_of_the_three_operations_has_a_sentence_of_its_own() -> None:
    operations = Loader().load_service_model("rekognition", "service-2")["operations"]
    for name in ("DetectFaces", "StartFaceDetection", "GetFaceDetection"):
        for error in operations[name]["errors"]:
            assert error["shape"] in DOCUMENTED_MESSAGES


def test_the_body_names_the_error_where_sdks_look_for_it() -> None:
    body = json.loads(ServiceError("ImageTooLargeException", "too large").body("id-1"))
    assert body == {
        "__type": "ImageTooLargeException",
        "Code": "ImageTooLargeException",
        "Logref": "id-1",
        "Message": "too large",
    }
