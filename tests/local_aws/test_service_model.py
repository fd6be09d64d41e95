from __future__ import annotations

import base64
import copy
import math
from typing import Any

import numpy as np
import pytest
from botocore.loaders import Loader  # type: ignore[import-untyped]
from botocore.model import ServiceModel as BotocoreModel  # type: ignore[import-untyped]
from botocore.validate import ParamValidator  # type: ignore[import-untyped]

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.service_errors import ServiceError
from livecam.local_aws.service_model import rekognition

PICTURE = base64.b64encode(b"abc").decode()
ANSWER: dict[str, Any] = {"FaceDetails": CannedEyes().look(np.zeros((8, 8, 3), np.uint8))}


def changed(value: object, *keys: str | int) -> dict[str, Any]:
    answer = copy.deepcopy(ANSWER)
    place: Any = answer["FaceDetails"][0]
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    return answer


def test_a_request_is_decoded_and_what_the_service_does_not_know_is_left_out() -> None:
    request = {"Image": {"Bytes": PICTURE}, "Attributes": ["ALL"], "New": 1, "Image2": None}
    read = rekognition().read_request("DetectFaces", request)
    assert read == {"Image": {"Bytes": b"abc"}, "Attributes": ["ALL"]}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({}, "InvalidParameterException"),
        ({"Image": {"Bytes": ""}}, "InvalidParameterException"),
        ({"Image": {"Bytes": PICTURE}, "Attributes": ["MOOD"]}, "InvalidParameterException"),
        ({"Image": {"S3Object": {"Bucket": "a", "Name": "b"}}}, "InvalidParameterException"),
        ({"Image": {"S3Object": {"Bucket": "a b c", "Name": "b"}}}, "InvalidParameterException"),
        ({"Image": {"Bytes": "%%%"}}, "SerializationException"),
        ({"Image": {"Bytes": 5}}, "SerializationException"),
        ({"Image": []}, "SerializationException"),
        ({"Image": {"Bytes": PICTURE}, "Attributes": "ALL"}, "SerializationException"),
    ],
)
def test_a_request_that_breaks_the_model_is_refused(request_: dict[str, Any], code: str) -> None:
    with pytest.raises(ServiceError) as caught:
        rekognition().read_request("DetectFaces", request_)
    assert caught.value.code == code


def test_a_picture_above_the_limit_is_left_to_the_operation_which_has_an_error_for_it() -> None:
    large = base64.b64encode(b"x" * 5_300_000).decode()
    assert rekognition().read_request("DetectFaces", {"Image": {"Bytes": large}})


def test_a_good_answer_is_valid_to_us_and_to_botocore() -> None:
    assert rekognition().problems_of_answer("DetectFaces", ANSWER) == []
    model = BotocoreModel(Loader().load_service_model("rekognition", "service-2"))
    shape = model.operation_model("DetectFaces").output_shape
    assert ParamValidator().validate(ANSWER, shape).generate_report() == ""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (changed(101.0, "Confidence"), "Confidence is 101.0, above 100"),
        (changed(-1.0, "Confidence"), "below 0"),
        (changed(math.nan, "BoundingBox", "Left"), "BoundingBox.Left is nan"),
        (changed(10**400, "BoundingBox", "Left"), "BoundingBox.Left is 1000"),
        (changed(True, "Confidence"), "no float"),
        (changed(30.5, "AgeRange", "Low"), "no integer"),
        (changed("BORED", "Emotions", 0, "Type"), "Emotions[0].Type is 'BORED'"),
        (changed(1, "Mood"), "Mood is not known"),
        (changed(None, "Pose"), "Pose is None"),
        (changed(181.0, "Pose", "Yaw"), "above 180"),
    ],
)
def test_an_answer_that_breaks_the_model_is_told(answer: dict[str, Any], said: str) -> None:
    (problem,) = rekognition().problems_of_answer("DetectFaces", answer)
    assert said in problem


def test_operations_are_known_by_name() -> None:
    assert rekognition().knows("CompareFaces")
    assert not rekognition().knows("ReadMinds")
