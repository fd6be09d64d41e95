from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from livecam.cli.models import app
from livecam.errors import ModelDamaged, ModelInstallFailed, ModelMissing
from livecam.vision import model_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("LIVECAM_MODELS", str(folder))
    return folder


def test_verify_prints_each_file_and_fails_when_one_is_missing(place: Path) -> None:
    result = CliRunner().invoke(app, ["verify", "--json"])
    assert isinstance(result.exception, ModelMissing)
    answer = json.loads(result.stdout)
    assert answer["schema"] == "livecam.models/1"
    assert answer["folder"] == str(place)
    assert [file["state"] for file in answer["files"]] == ["missing"] * 4
    assert "missing  centerface.onnx" in result.stderr


def test_verify_fails_when_a_file_is_damaged(models: Path, place: Path) -> None:
    shutil.copytree(models, place, dirs_exist_ok=True)
    (place / model_files.EXPRESSION_MODEL.name).write_bytes(b"0")
    result = CliRunner().invoke(app, ["verify"])
    assert isinstance(result.exception, ModelDamaged)
    assert result.stdout == ""


def test_verify_and_install_are_content_when_all_is_there(models: Path, place: Path) -> None:
    shutil.copytree(models, place, dirs_exist_ok=True)
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0
    result = CliRunner().invoke(app, ["install", "--json"])
    assert result.exit_code == 0
    assert {file["state"] for file in json.loads(result.stdout)["files"]} == {"ok"}


@pytest.mark.usefixtures("place")
def test_install_from_a_folder_without_wheels_fails(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["install", str(tmp_path)])
    assert isinstance(result.exception, ModelInstallFailed)
