from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from livecam.archive import finishing
from livecam.archive.clip_lock import take_lock
from livecam.archive.purging import keep_within
from livecam.encoding import finishing as encoding
from livecam.encoding.part_file import WriteFailed
from livecam.errors import OutputError
from livecam.events import ClipRecorded
from livecam.sinks.clip_finisher import ClipFinisher
from livecam.testing.clock import FakeClock
from tests.archive.samples import Events, an_archive, left_by_a_crash, record

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from livecam.clips import Clip


def test_clips_are_finished_in_order_and_then_dealt_with(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    done: list[Clip] = []
    tidied: list[int] = []
    finisher = ClipFinisher(
        archive, afterwards=done.append, tidy=lambda: tidied.append(len(done)), on_failure=lambda _: None
    )
    writers = [record(archive, 5), record(archive, 6)]
    for writer in writers:
        finisher.finish(writer.close(None))
    finisher.close()
    assert [(clip.id, clip.frames) for clip in done] == [(writers[0].id, 5), (writers[1].id, 6)]
    assert tidied == [1, 2]
    for writer in writers:
        lock = take_lock(archive.folder, writer.id)
        assert lock is not None
        lock.release()


def test_what_a_crash_left_is_taken_up_beside_the_run(
    tmp_path: Path,
) -> None:
    events = Events()
    archive = an_archive(tmp_path, publish=events)
    clip = left_by_a_crash(archive)
    handed_on: list[Clip] = []
    finisher = ClipFinisher(archive, hand_on=handed_on.append, on_failure=lambda _: None)
    finisher.take_up()
    finisher.close()
    assert [each.id for each in handed_on] == [clip]
    (told,) = events.of(ClipRecorded)
    assert isinstance(told, ClipRecorded)
    assert (told.clip, told.is_salvaged) == (clip, True)


def test_a_clip_that_cannot_be_finished_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = an_archive(tmp_path)
    failures: list[Exception] = []
    finisher = ClipFinisher(archive, on_failure=failures.append)
    first, second = record(archive), record(archive)
    finish = encoding.finish

    def refuse_first(part: Path, *args: object, **kwargs: object) -> object:
        if part == archive.folder.part(first.id):
            raise OutputError("no room")
        return finish(part, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(finishing, "finish", refuse_first)
    finisher.finish(first.close(None))
    finisher.finish(second.close(None))
    finisher.close()
    assert [str(error) for error in failures] == ["no room"]
    assert archive.folder.part(first.id).is_file()
    assert archive.folder.clip(second.id).is_file()


def test_after_the_end_a_clip_is_left_for_the_next_start(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    finisher = ClipFinisher(archive, on_failure=lambda _: None)
    finisher.close()
    writer = record(archive)
    finisher.finish(writer.close(None))
    lock = take_lock(archive.folder, writer.id)
    assert lock is not None
    lock.release()


def test_it_does_not_hold_up_who_hands_it_a_clip(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    going = threading.Event()
    finisher = ClipFinisher(archive, tidy=lambda: going.wait(10), on_failure=lambda _: None)
    for _ in range(3):
        finisher.finish(record(archive).close(None))
    going.set()
    finisher.close()
    assert len(archive.ledger.all()) == 3


def test_it_is_tidied_now_and_then_where_no_clip_ends(tmp_path: Path) -> None:
    times = threading.Semaphore(0)
    finisher = ClipFinisher(
        an_archive(tmp_path), tidy=times.release, on_failure=lambda _: None, tidy_every=0.001
    )
    finisher.take_up()
    for _ in range(4):
        assert times.acquire(timeout=30)
    finisher.close()


def test_old_clips_go_while_nothing_is_recorded(tmp_path: Path) -> None:
    clock, gone = FakeClock(), threading.Event()
    archive = an_archive(tmp_path, clock=clock)
    clip = left_by_a_crash(archive)

    def tidy() -> None:
        if keep_within(archive, keep_days=1, keep_bytes=None):
            gone.set()

    finisher = ClipFinisher(archive, tidy=tidy, on_failure=lambda _: None, tidy_every=0.001)
    finisher.take_up()
    assert not gone.wait(0.05)
    clock.advance(2 * 86_400)
    assert gone.wait(30)
    finisher.close()
    assert archive.folder.files(clip) == []


def test_what_could_not_be_written_is_taken_up_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = an_archive(tmp_path)
    failures: list[Exception] = []
    is_taken_up = threading.Event()
    finisher = ClipFinisher(
        archive, hand_on=lambda _: is_taken_up.set(), on_failure=failures.append, take_up_after=0.001
    )
    has_failed = threading.Event()

    def refuse(*_: object, **__: object) -> None:
        has_failed.set()
        raise WriteFailed("no room")

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "finish", refuse)
        writer = record(archive)
        finisher.finish(writer.close(None))
        assert has_failed.wait(20)
        finisher.take_up()  # as at the start: it fails too, and the watch is there from now on
    assert is_taken_up.wait(20)
    finisher.close()
    assert archive.folder.clip(writer.id).is_file()
    assert archive.leftovers.why is None
    assert failures == []


def test_what_is_left_at_the_end_is_tried_once_more(tmp_path: Path) -> None:
    archive = an_archive(tmp_path)
    finisher = ClipFinisher(archive, on_failure=lambda _: None)
    writer = record(archive)
    writer.close(None).lock.release()
    archive.leftovers.note("no room")
    finisher.close()
    assert archive.folder.clip(writer.id).is_file()
