"""Checks that a request was signed with the secret of its access key (Signature Version 4).

The signature is made again by botocore's signer from what arrived: the algorithm is the clients' own, so
what is proven is that nothing between the two changed the request, and that the secrets agree.

Of Rekognition's requests only: moto takes those of S3, SNS, SQS, STS and IAM however they are signed.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.auth import SigV4Auth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.credentials import Credentials  # type: ignore[import-untyped]

from livecam.local_aws.service_errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.local_aws.http_messages import Request

MOST_SKEW = timedelta(minutes=5)
"""Between the client's clock and ours."""
STAMP = "%Y%m%dT%H%M%SZ"

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<key>[^/,\s]+)/(?P<day>\d{8})/(?P<region>[^/,\s]+)"
    r"/(?P<service>[^/,\s]+)/aws4_request,\s*SignedHeaders=(?P<signed>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request was signed for."""

    access_key: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str


def scope_of(request: Request) -> Scope:
    """Return what a request says it was signed for; nothing is checked.

    Raises:
        ServiceError: it is not signed, or not in the way of Signature Version 4.
    """
    text = request.header("authorization")
    if not text:
        raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
    found = _AUTHORIZATION.fullmatch(text)
    if found is None:
        raise ServiceError("IncompleteSignatureException", "The Authorization header is not as it must be.")
    return Scope(
        found["key"], found["region"], found["service"], tuple(found["signed"].split(";")), found["signature"]
    )


class SignatureCheck:
    """Knows the secrets.

    Args:
        secret_of: the secret of an access key; None when there is no such key.
        scheme: `http` or `https`, as the clients see it.
        wall: the wall time, aware.
    """

    def __init__(
        self, secret_of: Callable[[str], str | None], *, scheme: str, wall: Callable[[], datetime]
    ) -> None:
        self._secret_of = secret_of
        self._scheme = scheme
        self._wall = wall

    def check(self, request: Request, scope: Scope, *, service: str) -> None:
        """Raise when the signature is not the one of this request.

        Raises:
            ServiceError: the key is not known (`UnrecognizedClientException`), the clocks differ too much,
                the scope is another service's, or the signature is wrong (`InvalidSignatureException`).
        """
        secret = self._secret_of(scope.access_key)
        if secret is None:
            raise ServiceError("UnrecognizedClientException")
        if scope.service != service:
            raise ServiceError(
                "InvalidSignatureException", f"Credential should be scoped to correct service: '{service}'. "
            )
        self._check_clock(request.header("x-amz-date"))
        if not hmac.compare_digest(self._signature(request, scope, secret), scope.signature):
            raise ServiceError("InvalidSignatureException")

    def _check_clock(self, stamp: str) -> None:
        try:
            signed_at = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
        except ValueError as error:
            raise ServiceError("IncompleteSignatureException", "Date must be in ISO-8601 format.") from error
        now = self._wall()
        if signed_at < now - MOST_SKEW:
            limit, relation, sign = now - MOST_SKEW, "earlier", "-"
        elif signed_at > now + MOST_SKEW:
            limit, relation, sign = now + MOST_SKEW, "later", "+"
        else:
            return
        what = "expired" if relation == "earlier" else "not yet current"
        raise ServiceError(
            "InvalidSignatureException",
            f"Signature {what}: {stamp} is now {relation} than {limit:{STAMP}} ({now:{STAMP}} {sign} 5 min.)",
        )

    def _signature(self, request: Request, scope: Scope, secret: str) -> str:
        again = AWSRequest(
            method=request.method,
            url=f"{self._scheme}://{request.header('host')}{request.target}",
            data=request.body,
            headers={name: request.header(name) for name in scope.signed_headers},
        )
        again.context["timestamp"] = request.header("x-amz-date")
        signer = SigV4Auth(Credentials(scope.access_key, secret), scope.service, scope.region)
        to_sign = signer.string_to_sign(again, signer.canonical_request(again))
        return str(signer.signature(to_sign, again))
