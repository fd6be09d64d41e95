"""Where clips go on S3 and who analyses them there, once it is known that they may be sent."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from livecam.analysis.cloud import Cloud
from livecam.compose.cost import prices_of
from livecam.compose.detector import Permission, access_of
from livecam.consent import ClipSending, is_aws, is_needed, require_consent, scope_of
from livecam.errors import UsageError
from livecam.state.consent import ConsentStore
from livecam.stored_video import JobParameters, S3Place

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from livecam.archive.archive import Archive
    from livecam.aws.clients import AwsAccess
    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.protocols import ClipStore, FaceJobs


def bucket_and_prefix(uri: str) -> tuple[str, str]:
    """Return the two parts of s3://BUCKET/PREFIX; the prefix may be empty."""
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    return bucket, prefix


def place_for(settings: Settings, name: str, *, source: str, began_at: datetime) -> S3Place:
    """Return where on S3 a video goes.

    Args:
        settings: bucket, prefix and how an object is named.
        name: of the clip, or of a file without its ending.
        source: id of the source that it was recorded from.
        began_at: wall time, UTC.
    """
    bucket, prefix = bucket_and_prefix(settings.upload or "")
    words = {
        "id": _safe(name) or "video",
        "source": _safe(source) or "unknown",
        "date": f"{began_at:%Y-%m-%d}",
        "time": f"{began_at:%H%M%S}",
    }
    key = settings.key_template.format_map(words)
    return S3Place(bucket, f"{prefix}/{key}" if prefix else key)


def cloud_of(settings: Settings, archive: Archive, *, bucket: str | None = None) -> Cloud:
    """Return who stores and analyses; opens no connection, and asks for no consent.

    Args:
        settings: say where and how.
        archive: whose clips.
        bucket: instead of the one in the settings.

    Raises:
        UsageError: a topic without a role, or the other way round; a queue without a topic;
            a key that nothing would be encrypted with.
    """
    if (settings.sns_topic is None) != (settings.role_arn is None):
        raise UsageError(
            "give --sns-topic and --role-arn together: Rekognition needs both to tell of a job's end"
        )
    if settings.queue_url and not settings.sns_topic:
        raise UsageError("--queue-url is given without --sns-topic; nothing would be written to the queue")
    if settings.kms_key and settings.encryption != "aws:kms":
        raise UsageError(
            "--kms-key is given without --encryption aws:kms; nothing would be encrypted with it"
        )
    if bucket is None and settings.upload is not None:
        bucket, _ = bucket_and_prefix(settings.upload)
    return Cloud(
        archive=archive,
        store=store_of(settings, bucket) if bucket else None,
        jobs=_jobs(settings, archive.clock),
        parameters=JobParameters(
            settings.face_attributes, settings.job_tag, settings.sns_topic, settings.role_arn
        ),
        prices=prices_of(settings),
        keeps_local=settings.keep_local,
    )


def require_upload_consent(settings: Settings, permission: Permission, *, clips: str) -> None:
    """Return when clips may be sent to S3; raise when they may not.

    Raises:
        UsageError: there is no consent; says what to run.
        CloudError: where they would go cannot be found out.
    """
    from livecam.aws import whoami
    from livecam.aws.clients import endpoint_of, patient_client

    access = _s3_access(settings)
    client = patient_client("s3", access)
    scope = scope_of(
        endpoint_of(client), region=client.meta.region_name, profile=whoami.look_up(access).profile
    )
    if not is_needed(scope.endpoint):
        return
    sending = ClipSending(
        clips=clips,
        uri=settings.upload or "s3://",
        is_analysed=settings.analyze,
        usd_per_minute=prices_of(settings).clip_minute(),
    )
    ask = permission.asker(sending) if permission.asker else None
    require_consent(scope, store=permission.store or ConsentStore(), yes=permission.yes, ask=ask)


def store_of(settings: Settings, bucket: str) -> ClipStore:
    """Return the store of a bucket; opens no connection."""
    from livecam.aws.clip_store import S3ClipStore

    encryption: dict[str, Literal["", "AES256", "aws:kms"]] = {"AES256": "AES256", "aws:kms": "aws:kms"}
    return S3ClipStore(
        _s3_access(settings),
        bucket,
        storage_class=settings.storage_class,
        encryption=encryption.get(settings.encryption, ""),
        kms_key=settings.kms_key,
        tags=dict(tag.split("=", 1) for tag in settings.tag),
    )


def _jobs(settings: Settings, clock: Clock) -> FaceJobs:
    from livecam.aws.face_jobs import RekognitionJobs

    return RekognitionJobs(access_of(settings), queue_url=settings.queue_url, clock=clock)


def _s3_access(settings: Settings) -> AwsAccess:
    """Return whose S3 is called, where: an address of AWS's own is Rekognition's, and no S3."""
    access = access_of(settings)
    if access.endpoint_url is not None and is_aws(access.endpoint_url):
        return dataclasses.replace(access, endpoint_url=None)
    return access


def _safe(text: str) -> str:
    """Return a name without what an object's key had better not have, nor what would make it a folder."""
    return "".join(each if each.isalnum() or each in "-_." else "-" for each in text).strip(".-")[:120]
