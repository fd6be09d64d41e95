from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from livecam.config import Settings, load_settings
from livecam.config.commented_file import as_toml, commented_file
from livecam.config.settings import form


def test_as_written_it_changes_nothing() -> None:
    Path("livecam.toml").write_text(commented_file(), encoding="utf-8")
    assert tomllib.loads(commented_file()) == {}
    assert load_settings({}) == Settings()


def test_with_every_comment_sign_before_a_setting_removed_it_can_be_used() -> None:
    text = re.sub(r"^#(?! )", "", commented_file(), flags=re.MULTILINE)
    assert set(tomllib.loads(text)) == set(Settings.model_fields)
    Path("livecam.toml").write_text(text, encoding="utf-8")
    settings = load_settings({})
    assert settings.roi is not None
    assert len(settings.mask) == 1


@pytest.mark.parametrize("key", Settings.model_fields)
def test_every_setting_is_explained_above_its_line(key: str) -> None:
    above = commented_file().partition(f"\n#{key} = ")[0].rpartition("\n\n")[2]
    words = " ".join(above.replace("\n#", "").removeprefix("# ").split())
    assert words.startswith(str(Settings.model_fields[key].description))
    assert f"Allowed: {form(key).allowed}." in words
    assert "Default: " in words
    assert f"LIVECAM_{key.upper()}" in words


def test_explanations_fit_a_terminal() -> None:
    assert max(len(line) for line in commented_file().splitlines() if line.startswith("# ")) <= 100


@pytest.mark.parametrize("value", ['a "quoted" \\ text\n', 1, 2.5, True, ["a", 1.5], "ünï"])
def test_values_are_spelled_as_toml(value: object) -> None:
    assert tomllib.loads(f"x = {as_toml(value)}") == {"x": value}
