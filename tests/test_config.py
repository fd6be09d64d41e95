from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from livecam.config import load_settings
from livecam.errors import UsageError


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("LIVECAM_RATE", raising=False)


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


def test_what_was_not_given_is_not_taken_for_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_RATE", "2")
    assert load_settings({"rate": None}).rate == 2.0


def test_a_size_is_width_by_height() -> None:
    assert load_settings({"size": "640x480"}).size == (640, 480)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rate": -1.0}, ["rate = -1.0", "greater than 0"]),
        ({"rate": float("nan")}, ["rate = nan"]),
        ({"duration": 0.0}, ["duration = 0.0", "greater than 0"]),
        ({"detector": "rekognition"}, ["detector = 'rekognition'", "'on-device'"]),
        ({"size": "large"}, ["size = 'large'", "1280x720"]),
        ({"output": "clip.avi"}, ["output = 'clip.avi'", "ends in .mp4"]),
        ({"size": "0x720"}, ["size = 0"]),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(given: dict[str, object], words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(given)
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_bad_value_is_named_at_once() -> None:
    with pytest.raises(UsageError, match=r"rate.*; duration"):
        load_settings({"rate": 0.0, "duration": -5.0})


def test_an_unknown_key_in_the_file_is_named_with_the_known_ones() -> None:
    Path("livecam.toml").write_text("rtae = 1\n")
    with pytest.raises(UsageError, match=r"rtae in livecam\.toml is not a setting.* rate"):
        load_settings({})


def test_a_file_that_is_not_toml_is_told_as_that() -> None:
    Path("livecam.toml").write_text("rate = = 1\n")
    with pytest.raises(UsageError, match=r"livecam\.toml cannot be read"):
        load_settings({})


def test_a_bad_environment_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_RATE", "fast")
    with pytest.raises(UsageError, match="rate = 'fast'"):
        load_settings({})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load_settings({}).rate = 3.0


def test_a_variable_takes_a_size_as_the_flag_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_SIZE", "640x480")
    monkeypatch.setenv("LIVECAM_TRACE", "")
    settings = load_settings({})
    assert settings.size == (640, 480)
    assert settings.trace is None
