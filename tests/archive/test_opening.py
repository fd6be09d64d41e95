from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.archive.folder import default_folder
from livecam.archive.opening import open_archive
from livecam.archive.syncing import sync
from livecam.state.ledger import ledger_file
from tests.archive.samples import an_archive, left_by_a_crash

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_looking_makes_nothing(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "clips")
    assert archive.ledger.all() == ()
    assert archive.folder.ids() == []
    sync(archive)
    assert list(tmp_path.iterdir()) == []


def test_clips_are_in_the_users_data_folder_unless_told_otherwise() -> None:
    assert open_archive(None).folder.path == default_folder()


def test_a_damaged_ledger_is_told_so_that_it_is_filled_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clip = left_by_a_crash(an_archive(tmp_path), 5)
    ledger_file(tmp_path).write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    archive = open_archive(tmp_path)
    assert archive.ledger.all() == ()
    assert "was damaged" in (archive.leftovers.why or "")
    assert not archive.leftovers.is_ledger  # the new one can be written at once
    assert [each.id for each in sync(archive).salvaged] == [clip]
    assert "set aside" in caplog.text
