from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.archive import finishing
from livecam.archive.finishing import SMALLEST_LOSS, finish_clip
from livecam.encoding.part_file import WriteFailed
from livecam.encoding.probe import probe
from livecam.errors import OutputError
from livecam.events import ClipDamaged, ClipRecorded
from tests.archive.samples import Events, an_archive, left_by_a_crash, record

if TYPE_CHECKING:
    from pathlib import Path


def test_a_part_file_becomes_a_clip_that_others_read(tmp_path: Path) -> None:
    events = Events()
    archive = an_archive(tmp_path, publish=events)
    writer = record(archive, 30)
    with writer.close(1.0).lock:
        clip = finish_clip(archive, writer.id, end=1.0, is_salvaged=False)
    assert clip is not None
    facts = probe(archive.folder.clip(writer.id))
    assert (facts.codec, facts.pixel_format, facts.is_faststart, facts.frames) == (
        "h264",
        "yuv420p",
        True,
        30,
    )
    assert facts.duration == pytest.approx(1.0, abs=0.001)
    assert clip == archive.ledger.get(writer.id)
    assert (clip.state, clip.frames, clip.size) == ("recorded", 30, facts.size)
    assert not archive.folder.part(writer.id).exists()
    (told,) = events.of(ClipRecorded)
    assert isinstance(told, ClipRecorded)
    assert (told.clip, told.frames, told.is_salvaged) == (writer.id, 30, False)


def test_killed_after_the_rename_the_clip_is_not_made_again(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive, 10)
    part = archive.folder.part(clip).read_bytes()
    finish_clip(archive, clip, end=None, is_salvaged=True)
    whole = archive.folder.clip(clip).read_bytes()
    archive.folder.part(clip).write_bytes(part)
    archive.note(clip, "finalising")
    finished = finish_clip(archive, clip, end=None, is_salvaged=True)
    assert finished is not None
    assert finished.state == "recorded"
    assert archive.folder.clip(clip).read_bytes() == whole
    assert not archive.folder.part(clip).exists()


def test_what_holds_no_frame_is_deleted(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive, 10)
    archive.folder.part(clip).write_bytes(archive.folder.part(clip).read_bytes()[:40])
    assert finish_clip(archive, clip, end=None, is_salvaged=True) is None
    assert archive.folder.files(clip) == []
    assert archive.ledger.get(clip) is None


def test_what_may_hold_frames_that_cannot_be_read_is_kept_and_told(tmp_path: Path) -> None:
    events = Events()
    archive = an_archive(tmp_path, publish=events)
    clip = left_by_a_crash(archive, 3)
    archive.folder.part(clip).write_bytes(b"\0" * SMALLEST_LOSS)
    with pytest.raises(OutputError):
        finish_clip(archive, clip, end=None, is_salvaged=True)
    row = archive.ledger.get(clip)
    assert row is not None
    assert row.state == "damaged"
    assert row.problem
    assert archive.folder.part(clip).stat().st_size == SMALLEST_LOSS
    assert len(events.of(ClipDamaged)) == 1


def test_a_disk_that_is_full_keeps_the_part_file_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OutputError("x cannot be finished: No space left on device")

    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive, 10)
    with monkeypatch.context() as patch:
        patch.setattr(finishing, "finish", refuse)
        with pytest.raises(OutputError, match="No space left"):
            finish_clip(archive, clip, end=None, is_salvaged=True)
    row = archive.ledger.get(clip)
    assert row is not None
    assert row.state == "finalising"
    finished = finish_clip(archive, clip, end=None, is_salvaged=True)
    assert finished is not None
    assert finished.frames == 10


def test_a_ledger_that_cannot_be_written_keeps_no_clip_from_being_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OutputError("locked")

    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive, 10)
    monkeypatch.setattr(archive.ledger, "note", refuse)
    finished = finish_clip(archive, clip, end=None, is_salvaged=True)
    assert finished is not None
    assert (finished.id, finished.source, finished.frames) == (clip, "test", 10)
    assert finished.started_at == archive.clock.wall()


def test_a_clip_whose_row_was_lost_is_in_the_ledger_all_the_same(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive, 5)
    archive.ledger.forget(writer.id)
    with writer.close(None).lock:
        clip = finish_clip(archive, writer.id, end=None, is_salvaged=False)
    assert clip is not None
    assert archive.ledger.get(writer.id) == clip


def test_what_could_not_be_finished_waits_to_be_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive, 5)

    def refuse(*_: object, **__: object) -> None:
        raise WriteFailed("no room")

    monkeypatch.setattr(finishing, "finish", refuse)
    with writer.close(None).lock, pytest.raises(WriteFailed, match="no room"):
        finish_clip(archive, writer.id, end=None, is_salvaged=False)
    assert archive.leftovers.why == "no room"
