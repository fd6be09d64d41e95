from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam import logs
from livecam.analysis import polling
from tests.aws.bucket import a_bucket, an_endpoint
from tests.aws.environment import use_stub_environment
from tests.cli.cloud_scene import CloudCli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.local_aws.server import Running


@pytest.fixture(scope="package")
def endpoint() -> Iterator[Running]:
    with an_endpoint() as running:
        yield running


@pytest.fixture
def cloud(
    endpoint: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[CloudCli]:
    """Give commands that are in an empty folder, ask about jobs often, and log nothing on the terminal."""
    use_stub_environment(monkeypatch)
    for name, value in endpoint.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    monkeypatch.setattr(polling, "SHORTEST", 0.05)
    with a_bucket(endpoint) as bucket:
        yield CloudCli(tmp_path, bucket, capsys)
