from __future__ import annotations

from pathlib import Path

import pytest

from livecam.doctor import parts
from livecam.errors import ModelMissing, UsageError


def test_models_that_are_missing_are_an_error_that_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="livecam models install"):
        parts.models(tmp_path)


def test_models_that_are_there_are_told_with_their_folder(models: Path) -> None:
    assert str(models) in parts.models(models).text


def test_settings_are_told_with_their_file_and_a_bad_one_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert parts.settings().text == "no livecam.toml; all have their defaults"
    Path("livecam.toml").write_text("rate = 3\n", encoding="utf-8")
    assert parts.settings().text == "livecam.toml; 1 set"
    Path("livecam.toml").write_text("rat = 3\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"livecam\.toml, line 1"):
        parts.settings()
