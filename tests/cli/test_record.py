from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from livecam import logs
from livecam.cli import commands, running
from livecam.errors import UsageError
from tests import command_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from livecam.config import Settings

Recorded = tuple["Settings", bool]


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Recorded]:
    """Return what gives the settings of a `livecam record` and whether it is for its clips, without a run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    seen: list[Recorded] = []

    def perform(settings: Settings, params: Mapping[str, Any], *, is_for_clips: bool = False) -> int:
        seen.append((settings, is_for_clips))
        return 1

    monkeypatch.setattr(running, "perform", perform)

    def record(*arguments: str) -> Recorded:
        assert commands.app(["record", *arguments], standalone_mode=False) == 1
        return seen[-1]

    return record


def test_all_is_recorded_unless_events_are_asked_for(record: Callable[..., Recorded]) -> None:
    settings, is_for_clips = record("demo", "--duration", "60")
    assert (settings.source, settings.duration, settings.record) == ("demo", 60.0, "all")
    assert is_for_clips
    assert record("demo", "--record", "events")[0].record == "events"


def test_events_may_be_asked_for_in_the_settings_file(record: Callable[..., Recorded]) -> None:
    Path("livecam.toml").write_text('record = "events"\n', encoding="utf-8")
    assert record("demo")[0].record == "events"


def test_a_file_that_records_nothing_does_not_hinder(record: Callable[..., Recorded]) -> None:
    Path("livecam.toml").write_text('record = "off"\n', encoding="utf-8")
    assert record("demo")[0].record == "all"


def test_recording_nothing_is_refused(record: Callable[..., Recorded]) -> None:
    with pytest.raises(UsageError, match=r"--record off: this command records; give all or events"):
        record("demo", "--record", "off")


def test_pictures_are_refused(record: Callable[..., Recorded]) -> None:
    Path("photo.png").touch()
    with pytest.raises(UsageError, match=r"^photo\.png: clips are recorded of cameras, streams and videos"):
        record("photo.png")


def test_what_was_recorded_is_told_with_where_it_is(tmp_path: Path) -> None:
    result = command_line.livecam(
        "record", "demo", "--detector", "none", "--fast", "--duration", "1", "--segment", "1",
        "--clip-dir", tmp_path / "clips", cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    clips = sorted((tmp_path / "clips").glob("*.mp4"))
    assert clips
    assert set(map(str, clips)) <= set(result.stderr.replace(": /", "\n/").splitlines())


def test_a_recording_without_a_clip_is_a_failure_that_is_said(tmp_path: Path, models: Path) -> None:
    result = command_line.livecam(
        "record", "demo", "--detector", "on-device", "--fast", "--duration", "0.5", "--record", "events",
        "--record-on", "nobody for 10 s", "--clip-dir", tmp_path / "clips", "-q", cwd=tmp_path,
        env={"LIVECAM_MODELS": str(models)},
    )  # fmt: skip
    assert result.returncode == 1
    assert "no clip was recorded: nothing met 'nobody for 10 s'" in result.stderr
    assert not list((tmp_path / "clips").glob("*.mp4"))
