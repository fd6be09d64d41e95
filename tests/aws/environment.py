"""An environment in which boto3 finds test credentials and nothing of this machine's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from livecam.aws import clients
from livecam.aws.clients import AwsAccess

if TYPE_CHECKING:
    import pytest

NOWHERE = "/nonexistent/aws"


def use_stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the machine's AWS variables and files, and the clients that were made."""
    for name in [
        name for name in os.environ if name.upper().startswith(("AWS_", "HTTP_PROXY", "HTTPS_PROXY"))
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", NOWHERE)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", NOWHERE)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr(clients, "_made", {})


def access_to(url: str) -> AwsAccess:
    return AwsAccess(region="eu-west-1", endpoint_url=url)
