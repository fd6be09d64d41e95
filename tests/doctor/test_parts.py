from __future__ import annotations

from pathlib import Path

import pytest

from livecam.doctor import parts
from livecam.errors import ModelMissing, UsageError
from livecam.sources.camera_list import CameraListing

WORKING = CameraListing("/dev/video0", "Desk camera", "1280x720, 30 fps", None)
FAILING = CameraListing("/dev/video2", None, None, "camera /dev/video2 cannot be opened: you may not use it")


def test_cameras_that_work_are_named_with_what_they_grant() -> None:
    told = parts.cameras(lambda: [WORKING])
    assert (told.state, told.text) == ("ok", "/dev/video0 Desk camera (1280x720, 30 fps)")


@pytest.mark.parametrize(("others", "state"), [([], "problem"), ([WORKING], "warning")])
def test_a_camera_that_fails_is_a_problem_where_it_is_the_only_one(
    others: list[CameraListing], state: str
) -> None:
    told = parts.cameras(lambda: [*others, FAILING])
    assert told.state == state
    assert "you may not use it" in told.text


@pytest.mark.parametrize("reason", ["WSL has no camera", None])
def test_no_camera_is_no_problem_since_there_are_files_and_streams(reason: str | None) -> None:
    told = parts.cameras(list, lambda: reason)
    assert told.state == "warning"
    assert told.text == ("there is none: WSL has no camera" if reason else "there is none")


def test_a_display_that_is_not_there_is_told_with_the_reason() -> None:
    assert parts.display(lambda: None).state == "ok"
    told = parts.display(lambda: "no display (DISPLAY is not set)")
    assert (told.state, told.text) == ("warning", "no window: no display (DISPLAY is not set)")


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
