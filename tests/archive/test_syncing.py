from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.archive import syncing
from livecam.archive.clip_lock import take_lock
from livecam.archive.finishing import finish_clip
from livecam.archive.syncing import count_waiting, sync
from livecam.errors import OutputError
from livecam.events import ClipRecorded
from livecam.state.ledger import ledger_file
from livecam.stored_video import JobParameters, S3Place, StoredVideo, Upload
from tests.archive.samples import Events, an_archive, left_by_a_crash, record

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.stored_video import VideoState


def test_what_a_crash_left_is_finished_once(tmp_path: Path) -> None:
    events = Events()
    archive = an_archive(tmp_path, publish=events)
    clip = left_by_a_crash(archive, 10)
    (archive.folder.scratch(clip)).write_bytes(b"rubbish")
    assert count_waiting(archive, archive.ledger.all()) == 1
    report = sync(archive)
    assert [each.id for each in report.salvaged] == [clip]
    assert report.salvaged[0].frames == 10
    assert not archive.folder.scratch(clip).exists()
    assert all(isinstance(event, ClipRecorded) and event.is_salvaged for event in events.of(ClipRecorded))
    again = sync(archive)
    assert not again.salvaged
    assert count_waiting(archive, archive.ledger.all()) == 0
    assert len(archive.ledger.all()) == 1


def test_what_is_being_recorded_is_left_alone(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive)
    report = sync(archive)
    assert report.busy == [writer.id]
    assert archive.folder.part(writer.id).is_file()
    assert count_waiting(archive, archive.ledger.all()) == 0


def test_a_ledger_that_was_lost_is_filled_from_the_files(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    whole = record(archive, 12, reason="new face")
    with whole.close(0.4).lock:
        finish_clip(archive, whole.id, end=0.4, is_salvaged=False)
    torn = left_by_a_crash(archive, 7)
    before = archive.ledger.get(whole.id)
    for path in ledger_file(tmp_path).parent.glob("ledger*"):
        path.unlink()
    report = sync(archive)
    assert [clip.id for clip in report.added] == [whole.id]
    assert [clip.id for clip in report.salvaged] == [torn]
    assert archive.ledger.get(whole.id) == before
    row = archive.ledger.get(torn)
    assert row is not None
    assert (row.source, row.reason, row.frames) == ("test", "all", 7)


def test_a_clip_whose_video_was_deleted_by_hand_is_forgotten(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)
    sync(archive)
    archive.folder.clip(clip).unlink()
    assert sync(archive).forgotten == [clip]
    assert archive.ledger.all() == ()
    assert archive.folder.sidecar(clip).is_file()


def test_killed_before_the_first_frame_nothing_is_left(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    writer = record(archive, 0)
    writer._lock.release()
    writer._part.close()
    archive.folder.part(writer.id).unlink(missing_ok=True)
    assert sync(archive).forgotten == [writer.id]
    assert archive.folder.files(writer.id) == []


def test_a_deletion_that_was_begun_is_finished(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)
    sync(archive)
    archive.note(clip, "purging")
    assert sync(archive).removed == [clip]
    assert archive.folder.files(clip) == []
    assert archive.ledger.all() == ()


def test_a_clip_that_is_no_video_is_told_and_kept(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    path = archive.folder.clip("20261123-073012-k3f9qa")
    path.write_bytes(b"not a video")
    report = sync(archive)
    assert list(report.failed) == ["20261123-073012-k3f9qa"]
    assert path.read_bytes() == b"not a video"
    row = archive.ledger.get("20261123-073012-k3f9qa")
    assert row is not None
    assert row.state == "damaged"
    assert not sync(archive).failed


def test_files_that_are_no_clips_are_none_of_our_business(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    for name in ("holiday.mp4", "holiday.part.mp4", "20261123-073012-k3f9qa.jsonl"):
        (tmp_path / name).write_text("mine")
    report = sync(archive)
    assert not any((report.salvaged, report.added, report.failed, report.forgotten))
    assert {path.read_text() for path in tmp_path.glob("*.*") if path.is_file()} == {"mine"}


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    for _ in range(3):
        left_by_a_crash(archive, 2)
    told: list[tuple[int, int]] = []
    sync(archive, on_clip=lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("name", ["../../evil", "..", "/etc/passwd"])
def test_a_hostile_ledger_reaches_no_other_file(tmp_path: Path, name: str) -> None:
    import sqlite3

    archive = an_archive(tmp_path / "clips")
    left_by_a_crash(archive, 2)
    (tmp_path / "evil.mp4").write_text("mine")
    with sqlite3.connect(ledger_file(archive.folder.path)) as file:
        table = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()[0]
        file.execute(f"UPDATE {table} SET id = ?, state = 'purging'", (name,))  # noqa: S608
    sync(archive)
    assert (tmp_path / "evil.mp4").read_text() == "mine"


def test_nobody_works_on_a_clip_twice_at_once(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)
    lock = take_lock(archive.folder, clip)
    assert lock is not None
    assert sync(archive).busy == [clip]
    lock.release()
    assert [each.id for each in sync(archive).salvaged] == [clip]


def test_locks_of_the_dead_are_deleted_and_those_of_the_living_kept(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    settled = left_by_a_crash(archive)
    sync(archive)
    writer = record(archive)
    for left in (archive.folder.lock(settled), archive.folder.lock("20261123-073012-k3f9qa")):
        left.touch()  # killed when the clip was whole, and before there was anything of it
    (archive.folder.locks / "probe-0123abcd").touch()
    sync(archive)
    assert [path.name for path in archive.folder.locks.iterdir()] == [f"{writer.id}.lock"]
    assert take_lock(archive.folder, writer.id) is None


def test_a_copy_that_was_half_made_is_deleted_and_nobody_elses(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)
    sync(archive)
    half = archive.folder.copy(clip, "blurred").with_suffix(".part.mp4")
    half.write_bytes(b"half")
    lock = take_lock(archive.folder, clip)
    assert lock is not None
    sync(archive)
    assert half.exists()
    lock.release()
    sync(archive)
    assert not half.exists()
    assert archive.folder.clip(clip).is_file()


@pytest.mark.parametrize(
    ("state", "upload", "left"),
    [
        ("waiting", None, None),
        ("refused", None, None),
        ("waiting", Upload("u1", 8), "removing"),
        ("uploading", None, "removing"),
    ],
)
def test_a_clip_that_was_deleted_before_it_was_stored_is_not_waited_for(
    state: VideoState, upload: Upload | None, left: str | None, tmp_path: Path
) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)
    sync(archive)
    place = S3Place("b", "k.mp4")
    archive.ledger.videos.add(StoredVideo(clip, state, place=place, upload=upload, wants_analysis=True))
    archive.ledger.jobs.begin(clip, place, JobParameters(), token="t", attempt=1)  # noqa: S106  no secret
    archive.folder.clip(clip).unlink()
    assert sync(archive).forgotten == [clip]
    video = archive.ledger.videos.get(clip)
    assert (video.state if video else None) == left
    assert archive.ledger.jobs.all() == ()


def test_a_clip_that_is_on_s3_alone_stays_known(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)
    sync(archive)
    archive.ledger.videos.add(StoredVideo(clip, "stored", place=S3Place("b", "k.mp4")))
    archive.folder.clip(clip).unlink()
    assert sync(archive).forgotten == []
    assert archive.ledger.videos.get(clip) is not None


def test_what_a_folder_that_cannot_be_written_keeps_is_left_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = an_archive(tmp_path)
    clip = left_by_a_crash(archive)

    def refuse(*_: object) -> None:
        raise OutputError("clips cannot be kept here: Read-only file system")

    monkeypatch.setattr(syncing, "take_lock", refuse)
    report = sync(archive)
    assert list(report.failed) == [clip]
    assert "Read-only file system" in str(archive.leftovers.why)
