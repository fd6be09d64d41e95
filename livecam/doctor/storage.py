"""Checks of clips on S3 and of the jobs that analyse them. Nothing is written, and no job is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.aws.clip_store import S3ClipStore
from livecam.aws.face_jobs import RekognitionJobs
from livecam.aws.wiring import is_denied
from livecam.doctor import regions
from livecam.doctor.account import NOT_KNOWN, NOT_SERVED
from livecam.doctor.examination import Finding
from livecam.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.aws.clients import AwsAccess
    from livecam.aws.wiring import BucketFacts, Wiring
    from livecam.clock import Clock
    from livecam.config.settings import Settings
    from livecam.doctor.account import Account

SETUP = "docs/aws-setup.md says how"
NO_UPLOAD = "not needed: no --upload is set, so that clips stay on this machine"
_FAILED = frozenset({"500", "InternalError", "InternalFailure"})
"""What some endpoints that play AWS answer of what they do not have."""
_NO_SUCH_JOB = "0" * 64
"""A job that nobody has: who may ask for jobs is told so, who may not is told that."""


class CloudClips:
    """What the checks of clips in the cloud share.

    Args:
        account: whose account.
        access: whose account, where, for calls.
        settings: as a run would have them; None when they cannot be used, which another check tells.
        wiring: looks at what there is.
        clock: tells by how much this machine's clock is off when a request is refused for it.
    """

    def __init__(
        self, account: Account, access: AwsAccess, settings: Settings | None, wiring: Wiring, clock: Clock
    ) -> None:
        self.account = account
        self.access = access
        self.settings = settings
        self.wiring = wiring
        self.clock = clock

    def why_not(self, name: str, otherwise: str) -> Finding | None:
        """Return why a setting's part is not looked at; None when it is to be.

        Args:
            name: of the setting.
            otherwise: what is said where it is not set.
        """
        if self.settings is None:
            return Finding("skip", NOT_KNOWN)
        if getattr(self.settings, name) is None:
            return Finding("skip", otherwise)
        return self.why_not_asked()

    def why_not_asked(self) -> Finding | None:
        """Return why AWS is not asked; None when it can be."""
        why = self.account.why_not_asked()
        return None if why is None else Finding("skip", why)

    def region(self) -> str:
        """Return the Region that calls go to; "" when there is none."""
        return self.account.outlook().region or ""

    def place(self) -> tuple[str, str]:
        """Return bucket and prefix of the clips; ("", "") when there are none."""
        upload = (self.settings.upload if self.settings else None) or ""
        bucket, _, prefix = upload.removeprefix("s3://").partition("/")
        return bucket, prefix

    def unknown(self, error: CloudError) -> Finding:
        """Return what is told when something may not be looked at.

        Raises:
            CloudError: the error, when it says something else.
        """
        if is_denied(error):
            return Finding(
                "skip",
                f"not known: {error}",
                "docs/aws/policy-doctor.json lets `livecam doctor` look; a run does not need it",
            )
        if error.code in NOT_SERVED | _FAILED and self.account.is_elsewhere():
            return Finding("skip", "not known: the endpoint is not AWS's and does not serve this")
        raise error


def bucket(clips: CloudClips) -> Finding:
    """Say whether clips' bucket is there, in the Region that is called, and closed to the public.

    Raises:
        CloudError: it is not there, is elsewhere, or AWS is not reached.
    """
    skipped = clips.why_not("upload", NO_UPLOAD)
    if skipped is not None:
        return skipped
    name, _ = clips.place()
    try:
        S3ClipStore(clips.access, name, clock=clips.clock).check()
    except CloudError as error:
        if not is_denied(error):
            raise
        return Finding("fail", str(error), "allow s3:ListBucket on it: docs/aws/policy-clips.json")
    return _bucket_finding(name, clips.region(), clips.wiring.bucket(name))


def jobs(clips: CloudClips, ask: Callable[[], None] | None = None) -> Finding:
    """Say whether Rekognition analyses stored video in the Region, and whether results may be fetched.

    Args:
        clips: what is known of the account.
        ask: asks for a job that does not exist.

    Raises:
        CloudError: results may not be fetched, or AWS is not reached.
    """
    skipped = clips.why_not("upload", NO_UPLOAD)
    if skipped is not None:
        return skipped
    region = clips.region()
    if region in regions.IMAGES_ONLY:
        return Finding(
            "fail",
            f"Rekognition analyses no stored video in {region}",
            "choose another --region, and a bucket there: the table in docs/rekognition.md",
        )
    try:
        (ask or (lambda: _ask_for_a_job(clips)))()
    except CloudError as error:
        if error.code not in NOT_SERVED or not clips.account.is_elsewhere():
            raise
        return Finding("warn", "not known: the endpoint is not AWS's and serves no stored video")
    return Finding("ok", f"results may be fetched in {region}; none was started, as that may be paid")


def _ask_for_a_job(clips: CloudClips) -> None:
    try:
        RekognitionJobs(clips.access, clock=clips.clock).status(_NO_SUCH_JOB)
    except CloudError as error:
        if error.code != "ResourceNotFoundException":
            raise


def _bucket_finding(name: str, region: str, facts: BucketFacts) -> Finding:
    told = f"s3://{name} is in {region}"
    if facts.keeps_versions:
        told += " and keeps versions, which `livecam clips purge` deletes too"
    unknown = [
        what
        for what, value in (
            ("versions", facts.keeps_versions),
            ("public access", facts.is_closed),
            ("lifecycle", facts.ends_uploads),
        )
        if value is None
    ]
    if unknown:
        told += f"; not known, as it may not be looked at: {', '.join(unknown)}"
    if facts.is_closed is False:
        return Finding(
            "warn", f"{told}; it could be made public, unless the account forbids it", _block(name)
        )
    if facts.ends_uploads is False:
        return Finding(
            "warn",
            f"{told}; what uploads that ended left there is kept, and paid",
            f"a rule ends it: {SETUP}",
        )
    return Finding("ok", f"{told}; nothing was written to try it")


def _block(name: str) -> str:
    settings = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
    return (
        f"`aws s3api put-public-access-block --bucket {name} --public-access-block-configuration {settings}`"
    )
