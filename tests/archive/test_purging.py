from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from livecam.archive.archive import ClipInUse
from livecam.archive.purging import keep_within, purge, remove_set_aside, set_aside
from livecam.archive.syncing import sync
from livecam.errors import OutputError
from livecam.events import ClipRemoved
from livecam.testing.clock import FakeClock
from tests.archive.samples import Events, an_archive, left_by_a_crash, record

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.archive.archive import Archive


def finished(archive: Archive, count: int = 10) -> str:
    clip = left_by_a_crash(archive, count)
    sync(archive)
    return clip


def test_every_file_of_a_clip_goes_and_no_other(tmp_path: Path) -> None:
    events = Events()
    archive = an_archive(tmp_path, publish=events)
    clip, other = finished(archive), finished(archive)
    archive.folder.copy(clip, "blurred").write_text("copy")
    assert set(purge(archive, clip, reason="by hand")) == {
        f"{clip}.mp4",
        f"{clip}.jsonl",
        f"{clip}.blurred.mp4",
    }
    assert [row.id for row in archive.ledger.all()] == [other]
    assert archive.folder.ids() == [other]
    (told,) = events.of(ClipRemoved)
    assert isinstance(told, ClipRemoved)
    assert (told.clip, told.reason, told.source) == (clip, "by hand", "test")


def test_a_clip_that_is_being_recorded_stays(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive)
    with pytest.raises(ClipInUse, match="is being recorded or worked on"):
        purge(archive, writer.id, reason="by hand")
    assert archive.folder.part(writer.id).is_file()


def test_what_cannot_be_deleted_is_told_and_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path as AnyPath

    archive = an_archive(tmp_path)
    clip = finished(archive)
    unlink = AnyPath.unlink

    def refuse(path: AnyPath, *, missing_ok: bool = False) -> None:
        if path.suffix == ".jsonl":
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(AnyPath, "unlink", refuse)
        with pytest.raises(OutputError, match=r"jsonl \(Permission denied\).*sync.* tries again"):
            purge(archive, clip, reason="by hand")
    row = archive.ledger.get(clip)
    assert row is not None
    assert row.state == "purging"
    assert not archive.folder.clip(clip).exists()
    assert sync(archive).removed == [clip]
    assert archive.folder.files(clip) == []


def test_old_clips_go_and_new_ones_stay(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = an_archive(tmp_path, clock=clock)
    old = finished(archive)
    clock.advance(timedelta(days=8).total_seconds())
    new = finished(archive)
    assert keep_within(archive, keep_days=None, keep_bytes=None) == []
    assert [clip.id for clip in keep_within(archive, keep_days=7, keep_bytes=None)] == [old]
    assert archive.folder.ids() == [new]


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path) -> None:
    clock = FakeClock()
    archive = an_archive(tmp_path, clock=clock)
    ids = []
    for _ in range(4):
        ids.append(finished(archive))
        clock.advance(60)
    sizes = [row.size or 0 for row in archive.ledger.all()]
    gone = keep_within(archive, keep_days=None, keep_bytes=sum(sizes[2:]))
    assert [clip.id for clip in gone] == ids[:2]
    assert archive.folder.ids() == sorted(ids[2:])


def test_ledgers_that_were_moved_aside_are_found_and_deleted_and_nothing_else(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = finished(archive)
    damaged = [
        archive.ledger.path.with_name(f"ledger.sqlite.damaged-20260101-000000{end}")
        for end in ("", "-2", "-wal")
    ]
    for path in damaged:
        path.touch()
    assert set(set_aside(archive)) == set(damaged)
    removed, kept = remove_set_aside(archive)
    assert (set(removed), kept) == (set(map(str, damaged)), {})
    assert set_aside(archive) == []
    assert [row.id for row in archive.ledger.all()] == [clip]


def test_a_ledger_that_cannot_be_deleted_is_told(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    finished(archive)
    held = archive.ledger.path.with_name("ledger.sqlite.damaged-20260101-000000")
    held.mkdir()
    removed, kept = remove_set_aside(archive)
    assert removed == []
    assert list(kept) == [str(held)]


def test_what_the_ledger_forgot_is_not_in_its_file_either(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = finished(archive)
    assert clip.encode() in archive.ledger.path.read_bytes()
    purge(archive, clip, reason="by hand")
    assert clip.encode() not in archive.ledger.path.read_bytes()
