"""Where Rekognition's face analysis exists, as the AWS General Reference had it in 2026. Pure.

Regions are added: one that is not here is told, never refused.
"""

from __future__ import annotations

STORED_VIDEO_TOO = frozenset({
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-1", "ap-northeast-2",
    "ap-southeast-1", "ap-southeast-2", "ap-southeast-5", "ap-southeast-7", "eu-central-1", "eu-west-1",
    "eu-west-2", "sa-east-1", "us-gov-west-1",
})  # fmt: skip
"""DetectFaces and StartFaceDetection."""
IMAGES_ONLY = frozenset({"ca-central-1", "il-central-1"})
"""DetectFaces, but no stored video."""
STORED_VIDEO_UNCLEAR = frozenset({"eu-south-2"})
"""DetectFaces; the page's table of quotas leaves it out for stored video."""
FAST = frozenset({"us-east-1", "us-west-2", "eu-west-1"})
CALLS_PER_SECOND = 25
"""Default quota of DetectFaces per account; adjustable by request."""
CALLS_PER_SECOND_IN_FAST = 100


def is_known(region: str) -> bool:
    """Say whether the page names a Region."""
    return region in STORED_VIDEO_TOO | IMAGES_ONLY | STORED_VIDEO_UNCLEAR


def calls_per_second(region: str) -> int:
    """Return the default quota of DetectFaces calls a second."""
    return CALLS_PER_SECOND_IN_FAST if region in FAST else CALLS_PER_SECOND
