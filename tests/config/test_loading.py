from __future__ import annotations

from pathlib import Path

import pytest

from livecam.config import load_settings
from livecam.config.loading import standing_switch, traced_settings
from livecam.errors import UsageError


def test_without_anything_given_the_defaults_hold() -> None:
    settings = load_settings({})
    assert (settings.source, settings.detector, settings.view, settings.deadline) == (
        "0",
        "auto",
        "auto",
        3.0,
    )
    assert settings.rate is None


def test_the_command_line_beats_the_environment_and_that_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("livecam.toml").write_text('rate = 1\ndeadline = 7\nview = "none"\n')
    monkeypatch.setenv("LIVECAM_RATE", "2")
    monkeypatch.setenv("LIVECAM_DEADLINE", "8")
    settings = load_settings({"rate": 3.0})
    assert (settings.rate, settings.deadline, settings.view) == (3.0, 8.0, "none")


def test_each_value_knows_where_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("livecam.toml").write_text('# mine\n\nview = "none"\nrate = 1\n')
    monkeypatch.setenv("LIVECAM_RATE", "2")
    _, written = traced_settings({"bars": True})
    assert {key: (each.origin, each.where) for key, each in written.items()} == {
        "view": ("file", "livecam.toml, line 3"),
        "rate": ("environment", "LIVECAM_RATE"),
        "bars": ("flag", "--bars"),
    }


def test_a_bad_value_that_a_stronger_one_replaces_harms_nothing() -> None:
    Path("livecam.toml").write_text('rate = "fast"\n')
    assert load_settings({"rate": "3"}).rate == 3.0


def test_every_bad_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("livecam.toml").write_text("duration = -5\n")
    monkeypatch.setenv("LIVECAM_SIZE", "large")
    with pytest.raises(UsageError, match=r"line 1: duration.*; LIVECAM_SIZE.*; --rate 0\.0 ") as caught:
        load_settings({"rate": 0.0})
    assert "\n" not in str(caught.value)


def test_the_users_file_holds_where_the_folder_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "livecam"
    folder.mkdir(parents=True)
    (folder / "livecam.toml").write_text("rate = 7\nfast = 3\n")
    with pytest.raises(UsageError, match=rf"^{folder}/livecam\.toml, line 2: fast = 3 cannot"):
        load_settings({})
    Path("livecam.toml").write_text("rate = 8\n")
    assert load_settings({}).rate == 8.0


def test_a_program_is_told_of_its_own_argument() -> None:
    with pytest.raises(UsageError, match=r"^rate = 'fast' cannot be used: give a number"):
        load_settings({"rate": "fast"}, origin="argument")
    with pytest.raises(UsageError, match=r"^rat is not a setting; did you mean rate\?"):
        load_settings({"rat": 1}, origin="argument")


def test_a_switch_that_holds_for_every_command_says_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert standing_switch("local_only") is None
    Path("livecam.toml").write_text("rate = 1\nlocal_only = true\n")
    assert standing_switch("local_only") == "livecam.toml, line 2"
    monkeypatch.setenv("LIVECAM_LOCAL_ONLY", "true")
    assert standing_switch("local_only") == "LIVECAM_LOCAL_ONLY"
    monkeypatch.setenv("LIVECAM_LOCAL_ONLY", "no")
    assert standing_switch("local_only") is None
    monkeypatch.setenv("LIVECAM_LOCAL_ONLY", "perhaps")
    with pytest.raises(UsageError, match="LIVECAM_LOCAL_ONLY = 'perhaps' cannot be used: give true or false"):
        standing_switch("local_only")


def test_other_settings_that_cannot_be_used_keep_nobody_from_a_switch() -> None:
    Path("livecam.toml").write_text('rate = "fast"\nlocal_only = true\n')
    assert standing_switch("local_only") == "livecam.toml, line 2"
