"""Which account, Region and address calls would go to, and on whose behalf. Free of charge.

For `livecam doctor` and for consent: nothing here calls Rekognition.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from livecam.aws.clients import AwsAccess, patient_client, target_of
from livecam.aws.error_mapping import CallTarget, translate
from livecam.consent import is_aws

if TYPE_CHECKING:
    from livecam.clock import Clock

_SOURCES = {
    "explicit": "given by a program",
    "env": "environment variables",
    "shared-credentials-file": "the credentials file",
    "config-file": "the configuration file",
    "sso": "IAM Identity Center (SSO)",
    "login": "`aws login`",
    "assume-role": "a role that is assumed",
    "assume-role-with-web-identity": "a role that is assumed with a web identity",
    "custom-process": "a credential process",
    "container-role": "this container's role",
    "iam-role": "this machine's role",
}
"""botocore's name of a provider -> ours."""
_STAY = frozenset({"env"})
"""Of the providers: their variables are what they were when the program began."""
_SHOWN = 4
"""Characters of a key id that are told at either end."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where calls to Rekognition would go."""

    profile: str | None
    """None when none is named."""
    region: str | None
    """None when none is set."""
    endpoint_url: str | None
    """Of Rekognition; None without a Region."""
    ca_bundle: str | None
    """File or folder of certificates that botocore trusts."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Credentials as they may be shown."""

    source: str
    """Where they come from, as people call it."""
    key_id: str
    """Masked, such as "AKIA...WXYZ"."""
    expires_at: datetime | None = None
    """When they end, aware; None of lasting ones, and where nobody says."""
    is_renewed: bool = False
    """Whether new ones are fetched when they end."""


@dataclass(frozen=True, slots=True)
class Identity:
    """On whose behalf calls are made."""

    account: str
    arn: str


def look_up(access: AwsAccess) -> Outlook:
    """Return where calls would go, as botocore's variables and files say; opens no connection.

    Raises:
        CloudError: there is no such profile, or a file or an address cannot be read.
    """
    from botocore.exceptions import NoRegionError  # type: ignore[import-untyped]
    from botocore.httpsession import get_cert_path  # type: ignore[import-untyped]

    try:
        session = _session(access)
        try:
            # Keys of nobody: else botocore looks for real ones, which can take seconds.
            client = session.create_client(
                "rekognition",
                endpoint_url=access.endpoint_url,
                aws_access_key_id="none",
                aws_secret_access_key="none",  # noqa: S106
            )
            region, endpoint_url = client.meta.region_name, client.meta.endpoint_url
        except NoRegionError:
            region, endpoint_url = None, access.endpoint_url
        chosen = session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE")
        return Outlook(session.profile, region, endpoint_url, chosen or get_cert_path(verify=True))
    except Exception as error:
        raise translate(error, target=_target(access, "rekognition")) from error


def credentials(access: AwsAccess) -> Credentials | None:
    """Return where the credentials come from; None when there are none.

    May ask the provider (IAM Identity Center, this machine's metadata) for them, which can take seconds.

    Raises:
        CloudError: there should be some, and they cannot be had; expired ones, for example.
    """
    try:
        found = _session(access).get_credentials()
        if found is None:
            return None
        key_id = str(found.get_frozen_credentials().access_key)
        ends = getattr(found, "_expiry_time", None)  # botocore tells it nobody
        return Credentials(
            _SOURCES.get(found.method, found.method),
            masked(key_id),
            ends if isinstance(ends, datetime) else None,
            is_renewed=ends is not None and found.method not in _STAY,
        )
    except Exception as error:
        raise translate(error, target=_target(access, "credentials")) from error


def identity(access: AwsAccess, *, clock: Clock) -> Identity:
    """Ask STS on whose behalf calls are made; needs no permission and costs nothing.

    Raises:
        CloudError: STS does not know the credentials, or is not reached.
    """
    # An address of Rekognition's own in AWS knows no STS; an endpoint elsewhere plays all services.
    if access.endpoint_url and is_aws(access.endpoint_url):
        access = AwsAccess(access.profile, access.region, None)
    client = patient_client("sts", access, clock=clock)
    target = target_of(client, access, "GetCallerIdentity")
    try:
        answer = client.get_caller_identity()
        return Identity(str(answer["Account"]), str(answer["Arn"]))
    except Exception as error:
        raise translate(error, target=target, wall=clock.wall()) from error


def masked(key_id: str) -> str:
    """Return an access key id as it may be shown: its two ends, or nothing of a short one."""
    if len(key_id) <= 3 * _SHOWN:
        return "..."
    return f"{key_id[:_SHOWN]}...{key_id[-_SHOWN:]}"


def _session(access: AwsAccess) -> Any:  # noqa: ANN401  botocore has no types
    import botocore.session  # type: ignore[import-untyped]

    session = botocore.session.Session(profile=access.profile)
    if access.region_to_use:
        session.set_config_variable("region", access.region_to_use)
    return session


def _target(access: AwsAccess, action: str) -> CallTarget:
    return CallTarget(
        action=action, region=access.region, endpoint=access.endpoint_url, profile=access.profile
    )
