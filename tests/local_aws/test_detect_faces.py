from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.loaders import Loader  # type: ignore[import-untyped]

from livecam.local_aws import detect_faces as module
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.detect_faces import detect_faces, members_for
from livecam.local_aws.operations import Context
from livecam.local_aws.service_errors import ServiceError
from livecam.testing.clock import FakeClock
from tests.local_aws.clients import a_jpeg

if TYPE_CHECKING:
    from collections.abc import Coroutine

DEFAULT = {"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"}


async def _publish(_topic: str, _message: str) -> None:
    raise AssertionError


def _start(_work: Coroutine[Any, Any, None]) -> None:
    raise AssertionError


def a_context(objects: dict[tuple[str, str, str | None], bytes] | None = None) -> Context:
    async def read_object(bucket: str, key: str, version: str | None) -> bytes:
        return (objects or {})[bucket, key, version]

    return Context(CannedEyes(2), FakeClock(), read_object, _publish, _start, "us-east-1")


async def asked(**attributes: object) -> list[dict[str, Any]]:
    request = {"Image": {"Bytes": a_jpeg()}, **attributes}
    return list((await detect_faces(request, a_context()))["FaceDetails"])


@pytest.mark.parametrize("attributes", [{}, {"Attributes": []}, {"Attributes": ["DEFAULT"]}])
async def test_without_attributes_there_are_the_default_members(attributes: dict[str, list[str]]) -> None:
    faces = await asked(**attributes)
    assert [set(face) for face in faces] == [DEFAULT, DEFAULT]


async def test_an_attribute_adds_its_member_and_no_other() -> None:
    (face, _) = await asked(Attributes=["EMOTIONS", "AGE_RANGE"])
    assert set(face) == DEFAULT | {"Emotions", "AgeRange"}


async def test_all_is_every_member_that_the_model_knows() -> None:
    shapes = Loader().load_service_model("rekognition", "service-2")["shapes"]
    (face, _) = await asked(Attributes=["ALL", "EMOTIONS"])
    assert set(face) == set(shapes["FaceDetail"]["members"])


def test_every_attribute_of_the_model_is_known() -> None:
    shapes = Loader().load_service_model("rekognition", "service-2")["shapes"]
    for attribute in shapes["Attribute"]["enum"]:
        assert members_for([attribute]) >= DEFAULT


async def test_a_picture_may_be_in_s3_and_then_be_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_OBJECT", 3_000)
    context = a_context({("b", "k", "v"): a_jpeg(), ("b", "k", None): a_jpeg().ljust(3_001, b"\x00")})
    place = {"Bucket": "b", "Name": "k"}
    answer = await detect_faces({"Image": {"S3Object": {**place, "Version": "v"}}}, context)
    assert len(answer["FaceDetails"]) == 2
    with pytest.raises(ServiceError, match="ImageTooLargeException"):
        await detect_faces({"Image": {"S3Object": place}}, context)


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ({}, "InvalidParameterException"),
        ({"Bytes": b"x", "S3Object": {}}, "InvalidParameterException"),
        ({"S3Object": {"Bucket": "b"}}, "InvalidS3ObjectException"),
        ({"Bytes": b"x"}, "InvalidImageFormatException"),
    ],
)
async def test_a_picture_that_is_not_said_in_one_way_is_refused(image: dict[str, Any], code: str) -> None:
    with pytest.raises(ServiceError) as caught:
        await detect_faces({"Image": image}, a_context())
    assert caught.value.code == code
