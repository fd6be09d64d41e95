"""An endpoint with eyes that do not look, and nothing of this machine's AWS configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from tests.local_aws import clients

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from livecam.local_aws.server import Running


@pytest.fixture(autouse=True)
def _no_configuration_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def endpoint() -> Iterator[Running]:
    """Rekognition alone, one canned face, no faults."""
    with in_background(Setup(eyes=CannedEyes(), with_moto=False)) as running:
        yield running


@pytest.fixture
def rekognition(endpoint: Running) -> Iterator[Any]:
    """An unmodified boto3 client of `endpoint`."""
    client = clients.client("rekognition", endpoint.url)
    yield client
    client.close()
