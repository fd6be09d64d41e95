from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from livecam.aws.clients import AwsAccess, patient_client
from livecam.cli import demo_account
from livecam.cli.demo_account import BUCKET, NoDemoAccount
from livecam.vision import model_files

if TYPE_CHECKING:
    from pathlib import Path


def test_the_account_is_an_endpoint_of_its_own_with_a_bucket(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "before")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with demo_account.demo_account() as url:
        buckets = patient_client("s3", AwsAccess(endpoint_url=url)).list_buckets()["Buckets"]
        assert [bucket["Name"] for bucket in buckets] == [BUCKET]
        assert os.environ["AWS_ENDPOINT_URL"] == url
        assert "AWS_PROFILE" not in os.environ
    assert os.environ["AWS_PROFILE"] == "work"
    assert os.environ["AWS_ENDPOINT_URL"] == "before"
    assert "AWS_ACCESS_KEY_ID" not in os.environ


def test_an_endpoint_that_does_not_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model_files.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(NoDemoAccount, match="`livecam local-aws` says why"), demo_account.demo_account():
        pass


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert demo_account.what_is_missing() is None
    monkeypatch.setattr(demo_account, "NEEDED", ("moto", "no_such_package"))
    assert demo_account.what_is_missing() == "no_such_package"
