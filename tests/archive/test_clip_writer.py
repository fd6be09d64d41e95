from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from livecam.archive.clip_lock import take_lock
from livecam.archive.sidecar import read_sidecar
from livecam.errors import OutputError
from tests.archive.samples import SIZE, an_archive, record

if TYPE_CHECKING:
    from pathlib import Path


def test_a_clip_that_is_begun_is_locked_and_in_the_ledger(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive, reason="new face")
    row = archive.ledger.get(writer.id)
    assert row is not None
    assert (row.state, row.reason, row.width, row.height) == ("recording", "new face", *SIZE)
    assert row.started_at == archive.clock.wall()
    assert take_lock(archive.folder, writer.id) is None
    assert writer.size > 0


def test_each_frame_has_a_line_with_its_time_in_the_clip(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive, 10)
    closed = writer.close(10 / 30)
    assert closed.end == pytest.approx(10 / 30)
    sidecar = read_sidecar(archive.folder.sidecar(writer.id))
    assert sidecar.header["clip"] == writer.id
    times = [frame.time for frame in sidecar.frames()]
    assert times == pytest.approx([index / 30 for index in range(10)], abs=1e-4)
    assert all(len(frame.faces) == 1 for frame in sidecar.frames())


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive)
    for path in archive.folder.files(writer.id):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_clip_that_cannot_be_begun_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OutputError("no room")

    monkeypatch.setattr("livecam.archive.clip_writer.PartFile", refuse)
    archive = an_archive(tmp_path)
    with pytest.raises(OutputError, match="no room"):
        record(archive)
    assert archive.folder.ids() == []
    assert archive.ledger.all() == ()
    assert list(archive.folder.locks.iterdir()) == []


def test_a_ledger_that_cannot_be_written_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = an_archive(tmp_path)

    def refuse(_clip: object, **_: object) -> None:
        raise OutputError("the ledger is locked")

    monkeypatch.setattr(archive.ledger, "begin", refuse)
    writer = record(archive)
    assert archive.folder.part(writer.id).is_file()


def test_an_id_that_somebody_holds_is_left_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = an_archive(tmp_path)
    ids = iter(["20261123-073012-aaaaaa", "20261123-073012-bbbbbb"])
    monkeypatch.setattr("livecam.archive.clip_writer.new_id", lambda _at: next(ids))
    with take_lock(archive.folder, "20261123-073012-aaaaaa") or pytest.fail("it is not free"):
        assert record(archive).id == "20261123-073012-bbbbbb"


def test_where_no_id_is_free_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = an_archive(tmp_path)
    monkeypatch.setattr("livecam.archive.clip_writer.take_lock", lambda _folder, _clip: None)
    with pytest.raises(OutputError, match="somebody else is at work"):
        record(archive)
    assert archive.folder.ids() == []


def test_a_ledger_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    record(archive)
    before = archive.leftovers.why
    archive.ledger.path.unlink()
    record(archive)
    assert before is None
    assert "is gone" in str(archive.leftovers.why)
