"""Check of what whoever calls may do, by the policies that IAM knows; no call is made to try it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.aws.wiring import Wanted, is_no_role
from livecam.doctor.account import NOT_KNOWN
from livecam.doctor.examination import Finding
from livecam.errors import CloudError, LivecamError

if TYPE_CHECKING:
    from livecam.config.settings import Settings
    from livecam.doctor.storage import CloudClips

_JOBS = ("rekognition:StartFaceDetection", "rekognition:GetFaceDetection")
_CLIPS = (
    "s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", "s3:ListMultipartUploadParts",
    "s3:AbortMultipartUpload",
)  # fmt: skip
_KEY = ("kms:GenerateDataKey", "kms:Decrypt")
_QUEUE = ("sqs:ReceiveMessage", "sqs:DeleteMessage")
_PURGE_BUCKET = ("s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
_PURGE = ("s3:DeleteObject", "s3:DeleteObjectVersion")


def permissions(clips: CloudClips) -> Finding:
    """Say which permission is missing for what the settings ask for, and whether clips may be deleted.

    Raises:
        CloudError: AWS is not reached.
    """
    skipped = clips.why_not_asked()
    if skipped is not None:
        return skipped
    if clips.settings is None:
        return Finding("skip", NOT_KNOWN)
    try:
        identity = clips.account.identity().arn
    except LivecamError:  # the check of the identity tells
        return Finding("skip", NOT_KNOWN)
    if identity.endswith(":root"):
        return Finding("skip", "the root user may do everything")
    return _looked_up(clips, clips.settings, identity)


def needed(settings: Settings, region: str, identity: str) -> list[Wanted]:
    """Return what a run with these settings is to be allowed.

    Args:
        settings: as the run has them.
        region: that is called.
        identity: ARN of who calls; says the account.
    """
    wanted = [Wanted(("rekognition:DetectFaces",))]
    if settings.upload is None:
        return wanted
    bucket, objects = _arns(settings.upload, identity)
    tagging = ("s3:PutObjectTagging",) if settings.tag else ()
    wanted += [Wanted(("s3:ListBucket",), bucket), Wanted(_CLIPS + tagging, objects), Wanted(_JOBS)]
    if settings.encryption == "aws:kms" and (settings.kms_key or "").startswith("arn:"):
        wanted.append(Wanted(_KEY, settings.kms_key or ""))
    if settings.role_arn:
        context = {"iam:PassedToService": "rekognition.amazonaws.com"}
        wanted.append(Wanted(("iam:PassRole",), settings.role_arn, context))
    if settings.queue_url:
        wanted.append(Wanted(_QUEUE, _queue_arn(settings.queue_url, region, identity)))
    return wanted


def _looked_up(clips: CloudClips, settings: Settings, identity: str) -> Finding:
    try:
        principal = clips.wiring.principal_of(identity)
        if principal is None:
            return Finding("skip", f"not known: IAM cannot say it of {identity}")
        missing = clips.wiring.not_allowed(principal, needed(settings, clips.region(), identity))
        if not missing and settings.upload is not None:
            return _with_purge(clips, principal, *_arns(settings.upload, identity))
    except CloudError as error:
        if is_no_role(error):
            return Finding("skip", f"not known: IAM does not find who calls ({identity})")
        return clips.unknown(error)
    if missing:
        return Finding(
            "fail",
            f"no policy allows {', '.join(missing)}",
            f"attach {' and '.join(_files(missing))} to {principal}: docs/aws-setup.md",
        )
    return Finding("ok", "rekognition:DetectFaces is allowed, which is all that is needed")


def _with_purge(clips: CloudClips, principal: str, bucket: str, objects: str) -> Finding:
    missing = clips.wiring.not_allowed(principal, [Wanted(_PURGE_BUCKET, bucket), Wanted(_PURGE, objects)])
    told = "all that live pictures, clips and jobs need is allowed"
    if not missing:
        return Finding("ok", f"{told}, and to delete clips")
    return Finding(
        "ok",
        f"{told}; `livecam clips purge` leaves clips on S3 without {', '.join(missing)}",
        "docs/aws/policy-purge.json allows it",
    )


def _files(missing: list[str]) -> list[str]:
    """Return the policies that have what is missing."""
    kinds = {"live": {"rekognition:DetectFaces"}, "key": set(_KEY)}
    found = [f"docs/aws/policy-{kind}.json" for kind, actions in kinds.items() if actions & set(missing)]
    others = set(missing) - kinds["live"] - kinds["key"]
    return [*found, "docs/aws/policy-clips.json"] if others else found


def _arns(upload: str, identity: str) -> tuple[str, str]:
    """Return the ARN of the bucket, and that of all objects under the prefix."""
    bucket, _, prefix = upload.removeprefix("s3://").partition("/")
    arn = f"arn:{_partition(identity)}:s3:::{bucket}"
    return arn, f"{arn}/{prefix}/livecam" if prefix else f"{arn}/livecam"


def _queue_arn(url: str, region: str, identity: str) -> str:
    account, _, name = url.rstrip("/").rpartition("/")
    return f"arn:{_partition(identity)}:sqs:{region}:{account.rpartition('/')[2]}:{name}"


def _partition(identity: str) -> str:
    return identity.split(":")[1]
