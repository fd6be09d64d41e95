from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from livecam.errors import ModelMissing, UsageError
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Endpoint, Setup, environment_of, url_of
from tests.local_aws import clients

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.local_aws.server import Running


def a_setup(port: int = 0) -> Setup:
    return Setup(port=port, eyes=CannedEyes(), with_moto=False)


async def test_it_listens_on_loopback_only() -> None:
    async with Endpoint(a_setup()) as endpoint:
        assert endpoint.url == f"http://127.0.0.1:{endpoint.port}"
        (address,) = {each.getsockname()[0] for each in endpoint._server.sockets}
    assert address == "127.0.0.1"


async def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} .*--port"):
            await Endpoint(a_setup(port)).__aenter__()


async def test_missing_models_are_told_before_anything_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path))
    with pytest.raises(ModelMissing, match="livecam models install"):
        await Endpoint(Setup(with_moto=False)).__aenter__()


def test_the_variables_are_all_that_boto3_needs(endpoint: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in endpoint.environment.items():
        monkeypatch.setenv(name, value)
    import boto3  # type: ignore[import-untyped]

    client = boto3.Session().client("rekognition")
    assert client.detect_faces(Image={"Bytes": clients.a_jpeg()})["FaceDetails"]
    client.close()


def test_tls_is_in_the_address() -> None:
    assert environment_of(url_of(7, with_tls=True))["AWS_ENDPOINT_URL"] == "https://127.0.0.1:7"
