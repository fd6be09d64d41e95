from __future__ import annotations

import os
from pathlib import Path

import pytest

from livecam.archive.folder import ClipFolder
from livecam.config import load_settings
from livecam.doctor import folders
from livecam.doctor.databases import kept
from livecam.state.ledger import Ledger, ledger_file
from tests.doctor.clip_rows import a_clip

TOTAL = 10**12


@pytest.fixture(autouse=True)
def _folders_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("LIVECAM_MODELS", raising=False)


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "my clips"
    ClipFolder(folder).make()
    return folder


def test_folders_that_are_not_there_yet_can_be_made_and_are_not_made(tmp_path: Path) -> None:
    told = folders.folders(tmp_path / "clips", kept(tmp_path / "clips"))
    assert told.state == "ok"
    assert str(tmp_path / "data/livecam") in told.text
    assert list(tmp_path.iterdir()) == []


def test_one_that_cannot_be_written_fails_by_name(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != clips)  # root may write everywhere
    told = folders.folders(clips, kept(clips))
    assert (told.state, told.text) == ("fail", f"clips cannot be written: {clips}")


def test_a_file_in_the_place_of_a_folder_fails(tmp_path: Path) -> None:
    (tmp_path / "clips").touch()
    assert folders.folders(tmp_path / "clips", []).state == "fail"


@pytest.mark.skipif(os.name != "posix", reason="rights are otherwise there")
@pytest.mark.parametrize("is_folder", [True, False])
def test_what_others_may_look_into_is_a_warning_with_the_command(
    clips: Path,
    is_folder: bool,  # noqa: FBT001
) -> None:
    Ledger(clips).add(a_clip(clips))
    assert folders.folders(clips, kept(clips)).state == "ok"
    (clips if is_folder else ledger_file(clips)).chmod(0o755)
    told = folders.folders(clips, kept(clips))
    assert told.state == "warn"
    assert str(told.advice).startswith(f"chmod go= '{clips}")


@pytest.mark.parametrize(
    ("free", "state", "words"),
    [
        (10**8, "fail", "recording stops below 500 MB"),
        (9 * 10**8, "warn", "will stop soon, which it does below 500 MB"),
        (13 * 10**8, "warn", "room for 0.8 hours of video, at 1.0 GB an hour, which is assumed"),
        (105 * 10**8, "ok", "room for 10.0 hours of video"),
    ],
)
def test_room_for_clips_is_told_in_hours(free: int, state: str, words: str, clips: Path) -> None:
    settings = load_settings({"clip_dir": str(clips)})
    told = folders.clips(settings, lambda _: (TOTAL, TOTAL - free, free))
    assert told.state == state
    assert words in told.text


def test_hours_are_counted_by_what_clips_took_so_far(clips: Path) -> None:
    settings = load_settings({"clip_dir": str(clips)})
    ledger = Ledger(clips)
    ledger.add(a_clip(clips, 1, size=10_000_000, duration=30))
    assert folders.measured_rate(clips) is None
    ledger.add(a_clip(clips, 2, size=20_000_000, duration=30))
    assert folders.measured_rate(clips) == 500_000
    told = folders.clips(settings, lambda _: (TOTAL, 0, 36 * 10**8 + 5 * 10**8))
    assert "room for 2.0 hours of video, as your clips took so far, 1.8 GB an hour" in told.text


def test_a_ledger_that_cannot_be_read_leaves_what_is_assumed(clips: Path) -> None:
    ledger_file(clips).parent.mkdir(exist_ok=True)
    ledger_file(clips).write_bytes(b"rubbish")
    assert folders.measured_rate(clips) is None


def test_the_folder_is_the_users_own_unless_it_is_set(tmp_path: Path) -> None:
    assert folders.clip_folder(None) == tmp_path / "data/livecam/clips"
    assert folders.clips(None).state in ("ok", "warn", "fail")
