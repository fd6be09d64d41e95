"""Calls to S3 as its other files make them: translated when they fail, page after page when they list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from livecam.aws.clients import patient_client, target_of
from livecam.aws.error_mapping import found, translate
from livecam.clock import SystemClock
from livecam.errors import CloudError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from livecam.aws.clients import AwsAccess, BotoClient
    from livecam.aws.error_mapping import CallTarget
    from livecam.clock import Clock
    from livecam.stored_video import S3Place

_SYSTEM_CLOCK = SystemClock()

NOT_THERE = frozenset({"404", "NoSuchKey", "NoSuchVersion", "405"})
"""Codes of what does not exist; 405 is a version that marks a deletion."""
DENIED = frozenset({"403", "AccessDenied", "AccessDeniedException", "AllAccessDisabled"})
_WORDLESS = frozenset({"400", "403"})
"""What a HEAD may be answered with, whatever the reason: an answer to one has no body."""


class S3Calls:
    """Makes calls about places on S3; may be used from any thread.

    Args:
        access: whose account, where.
        clock: tells by how much this machine's clock is off when a request is refused for it.
    """

    def __init__(self, access: AwsAccess, clock: Clock = _SYSTEM_CLOCK) -> None:
        self._access = access
        self._clock = clock

    @property
    def client(self) -> BotoClient:
        """The process's patient client of S3, made when it is first asked for."""
        return patient_client("s3", self._access, clock=self._clock)

    def call(self, operation: str, action: str, place: S3Place, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Make a call about an object.

        Args:
            operation: as boto3 calls it, such as "put_object".
            action: as policies have it, such as "s3:PutObject"; for what is said when it fails.
            place: the object; its version is left to `request`.
            request: the operation's other parameters.

        Raises:
            CloudError: it failed.
        """
        client = self.client
        try:
            answer: dict[str, Any] = getattr(client, operation)(
                Bucket=place.bucket, **({"Key": place.key} if place.key else {}), **request
            )
        except Exception as error:
            raise self.translated(error, action, place) from error
        return answer

    def pages(self, operation: str, action: str, place: S3Place, **request: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
        """Yield the pages of a list in a bucket.

        Raises:
            CloudError: one of them could not be had.
        """
        client = self.client
        pages = client.get_paginator(operation).paginate(Bucket=place.bucket, **request)
        try:
            yield from pages
        except Exception as error:
            raise self.translated(error, action, place) from error

    def head(self, place: S3Place, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return what S3 says of an object, with its checksum.

        Raises:
            CloudError: it is not there (`NOT_THERE`), or may not be looked at.
        """
        request |= of_version(place)
        try:
            return self.call("head_object", "s3:GetObject", place, ChecksumMode="ENABLED", **request)
        except CloudError as error:
            if error.code in _WORDLESS:
                # The same by GET says why: an expired session, a key that may not be used, a policy.
                answer = self.call("get_object", "s3:GetObject", place, Range="bytes=0-0", **request)
                answer["Body"].close()
            raise

    def translated(self, error: Exception, action: str, place: S3Place) -> CloudError:
        """Return a failure of a call about a place as a sentence."""
        return translate(error, target=self._target(action, place), wall=self._clock.wall())

    def found(self, code: str, detail: str, place: S3Place, *, region: str | None = None) -> CloudError:
        """Return what livecam itself finds wrong about a place; see `error_mapping.found`."""
        return found(code, detail, target=self._target("s3:GetObject", place), region=region)

    def _target(self, action: str, place: S3Place) -> CallTarget:
        resource = place.uri if place.key else f"s3://{place.bucket}"
        target = target_of(self.client, self._access, action)
        return replace(target, action=action, resource=resource)


def of_version(place: S3Place) -> Mapping[str, Any]:
    """Return the parameter that names a place's version; none for the newest."""
    return {"VersionId": place.version} if place.version else {}
