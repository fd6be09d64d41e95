from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from moto.server import ThreadedMotoServer

from livecam.aws import whoami
from livecam.aws.clients import AwsAccess
from livecam.errors import CloudError
from livecam.testing.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY_ID = "AKIAIOSFODNN7EXAMPLE"


@pytest.fixture(scope="module")
def sts() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose `config` and `credentials` are botocore's, without keys in the environment."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    return tmp_path


def test_where_calls_go_follows_from_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    found = whoami.look_up(AwsAccess(region="eu-west-1"))
    assert (found.region, found.endpoint_url) == ("eu-west-1", "https://rekognition.eu-west-1.amazonaws.com")
    assert found.profile is None
    assert found.ca_bundle
    assert found.ca_bundle.endswith(".pem")


def test_botocores_own_variables_and_files_are_honoured(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (files / "config").write_text("[profile work]\nregion = us-west-2\n", encoding="utf-8")
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_ENDPOINT_URL_REKOGNITION", "http://127.0.0.1:4566")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/etc/own.pem")
    found = whoami.look_up(AwsAccess())
    assert found == whoami.Outlook("work", "us-west-2", "http://127.0.0.1:4566", "/etc/own.pem")


@pytest.mark.parametrize("endpoint_url", [None, "http://127.0.0.1:4566"])
def test_without_a_region_there_is_only_what_was_named(endpoint_url: str | None) -> None:
    found = whoami.look_up(AwsAccess(endpoint_url=endpoint_url))
    assert (found.region, found.endpoint_url) == (None, endpoint_url)


def test_a_profile_that_does_not_exist_is_one_sentence() -> None:
    with pytest.raises(CloudError, match="nosuch"):
        whoami.look_up(AwsAccess(profile="nosuch", region="eu-west-1"))
    with pytest.raises(CloudError, match="nosuch"):
        whoami.credentials(AwsAccess(profile="nosuch"))


def test_credentials_are_shown_masked_with_their_source(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert whoami.credentials(AwsAccess()) is None
    lines = f"[default]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = hunter2\n"
    (files / "credentials").write_text(lines, encoding="utf-8")
    assert whoami.credentials(AwsAccess()) == whoami.Credentials("the credentials file", "AKIA...MPLE")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    assert whoami.credentials(AwsAccess()) == whoami.Credentials("environment variables", "...")


def test_half_a_key_is_one_sentence_without_the_other_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(CloudError) as caught:
        whoami.credentials(AwsAccess())
    assert KEY_ID not in str(caught.value)


def test_sts_says_on_whose_behalf_calls_are_made(sts: str) -> None:
    found = whoami.identity(AwsAccess(region="eu-west-1", endpoint_url=sts), clock=FakeClock())
    assert found.account == "123456789012"
    assert found.arn.startswith("arn:aws:sts::123456789012:")


def test_an_address_of_rekognitions_own_is_not_asked_for_the_identity(
    sts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts)
    vpc = "https://vpce-1.rekognition.eu-west-1.vpce.amazonaws.com"
    found = whoami.identity(AwsAccess(region="eu-west-1", endpoint_url=vpc), clock=FakeClock())
    assert found.account == "123456789012"


def test_an_sts_that_is_not_there_is_one_sentence() -> None:
    access = AwsAccess(region="eu-west-1", endpoint_url="http://127.0.0.1:1")
    with pytest.raises(CloudError, match=r"127\.0\.0\.1:1"):
        whoami.identity(access, clock=FakeClock())


def test_where_calls_go_is_found_out_without_asking_for_credentials(files: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    (files / "config").write_text(
        f"[default]\nregion = eu-west-1\ncredential_process = touch {asked}\n", encoding="utf-8"
    )
    assert whoami.look_up(AwsAccess()).region == "eu-west-1"
    assert not asked.exists()


def test_aws_region_is_honoured_as_other_tools_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert whoami.look_up(AwsAccess()).region == "eu-west-1"
    assert whoami.look_up(AwsAccess(region="us-east-1")).region == "us-east-1"
