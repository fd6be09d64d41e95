from __future__ import annotations

import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from livecam.archive.folder import ClipFolder, default_folder, is_id, new_id
from livecam.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

ID = "20261123-073012-k3f9qa"


def test_an_id_tells_when_and_no_two_are_the_same() -> None:
    moment = datetime(2026, 11, 23, 7, 30, 12, tzinfo=UTC)
    ids = {new_id(moment) for _ in range(100)}
    assert len(ids) == 100
    assert all(is_id(each) and each.startswith("20261123-073012-") for each in ids)


@pytest.mark.parametrize(
    "text", ["", "../x", "20261123-073012-k3f9q", f"{ID}/..", f"{ID}\n", "20261123-073012-K3F9QA"]
)
def test_no_text_from_elsewhere_becomes_part_of_a_path(tmp_path: Path, text: str) -> None:
    assert not is_id(text)
    with pytest.raises(OutputError, match="no clip's id"):
        ClipFolder(tmp_path).clip(text)


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = ClipFolder(tmp_path / "new" / "clips")
    folder.make()
    for path in (folder.path, folder.locks.parent, folder.locks):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert not list(folder.locks.iterdir())


def test_a_folder_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    ClipFolder(tmp_path).make()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_folder_that_cannot_be_made_is_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file/clips: Not a directory; give another folder with --clip-dir"):
        ClipFolder(tmp_path / "file" / "clips").make()


def test_only_files_of_clips_are_found(tmp_path: Path) -> None:
    folder = ClipFolder(tmp_path)
    for name in (f"{ID}.mp4", f"{ID}.jsonl", "20261123-073013-aaaaaa.part.mp4", "holiday.mp4", f"{ID}.txt"):
        (tmp_path / name).touch()
    assert folder.ids() == [ID, "20261123-073013-aaaaaa"]
    assert {path.name for path in folder.files(ID)} == {f"{ID}.mp4", f"{ID}.jsonl"}


def test_a_folder_that_is_not_there_has_no_clips(tmp_path: Path) -> None:
    assert ClipFolder(tmp_path / "none").ids() == []


def test_clips_are_kept_in_the_users_data_folder(tmp_path: Path) -> None:
    assert default_folder() == tmp_path / "data" / "livecam" / "clips"


def test_it_knows_which_files_are_kept_in_it(tmp_path: Path) -> None:
    folder = ClipFolder(tmp_path / "clips")
    clip = "20261123-073012-k3f9qa"
    kept = (f"{clip}.mp4", f"{clip}.JSONL", f"{clip}.blurred.mp4", "away.results.jsonl", ".livecam/ledger.db")
    assert all(folder.holds(folder.path / name) for name in kept)
    assert not any(folder.holds(folder.path / name) for name in (f"{clip}.csv", "my.html", f"a/{clip}.mp4"))
    assert not folder.holds(tmp_path / f"{clip}.mp4")
