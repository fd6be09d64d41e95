"""DetectFaces: the faces of one picture, in the request or in S3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.local_aws.operations import in_thread
from livecam.local_aws.pictures import LARGEST_BYTES, LARGEST_OBJECT, decode
from livecam.local_aws.service_errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livecam.local_aws.operations import Context, FaceDetail

DEFAULT = ("BoundingBox", "Confidence", "Landmarks", "Pose", "Quality")
"""Members that are in every answer."""
MEMBER_BY_ATTRIBUTE = {
    "AGE_RANGE": "AgeRange",
    "BEARD": "Beard",
    "EMOTIONS": "Emotions",
    "EYE_DIRECTION": "EyeDirection",
    "EYEGLASSES": "Eyeglasses",
    "EYES_OPEN": "EyesOpen",
    "FACE_OCCLUDED": "FaceOccluded",
    "GENDER": "Gender",
    "MOUTH_OPEN": "MouthOpen",
    "MUSTACHE": "Mustache",
    "SMILE": "Smile",
    "SUNGLASSES": "Sunglasses",
}
"""What can be asked for besides."""


async def detect_faces(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """Answer a DetectFaces request; `OrientationCorrection` is always null, so it is left out.

    Raises:
        ServiceError: the picture cannot be used, or is not where the request says.
    """
    content, largest = await _content(request["Image"], context)
    members = members_for(request.get("Attributes", ()))
    # Looking takes tens of milliseconds; other requests go on meanwhile.
    faces = await in_thread(_look, content, largest, context)
    return {"FaceDetails": [{key: face[key] for key in face if key in members} for face in faces]}


def members_for(attributes: Iterable[str]) -> frozenset[str]:
    """Return the members of a FaceDetail that these attributes ask for."""
    wanted = set(attributes)
    if "ALL" in wanted:
        return frozenset((*DEFAULT, *MEMBER_BY_ATTRIBUTE.values()))
    return frozenset((*DEFAULT, *(MEMBER_BY_ATTRIBUTE[each] for each in wanted - {"DEFAULT"})))


def _look(content: bytes, largest: int, context: Context) -> list[FaceDetail]:
    return context.eyes.look(decode(content, largest=largest))


async def _content(image: dict[str, Any], context: Context) -> tuple[bytes, int]:
    """Return the picture's file, and how large it may be."""
    if ("Bytes" in image) == ("S3Object" in image):
        raise ServiceError(
            "InvalidParameterException",
            "Request has invalid parameters: Image needs either Bytes or S3Object",
        )
    if "Bytes" in image:
        return image["Bytes"], LARGEST_BYTES
    place = image["S3Object"]
    if "Bucket" not in place or "Name" not in place:
        raise ServiceError("InvalidS3ObjectException")
    return await context.read_object(place["Bucket"], place["Name"], place.get("Version")), LARGEST_OBJECT
