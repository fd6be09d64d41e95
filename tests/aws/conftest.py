"""No test of this room sees the machine's own AWS settings; some have a bucket at the local endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aws.bucket import a_bucket, an_endpoint
from tests.aws.environment import use_stub_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.local_aws.server import Running
    from tests.aws.bucket import Bucket


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)


@pytest.fixture(scope="session")
def whole_endpoint() -> Iterator[Running]:
    """Give an endpoint that has S3."""
    with an_endpoint() as running:
        yield running


@pytest.fixture
def bucket(whole_endpoint: Running) -> Iterator[Bucket]:
    """Give an empty bucket."""
    with a_bucket(whole_endpoint) as made:
        yield made
