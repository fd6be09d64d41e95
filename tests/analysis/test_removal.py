from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.analysis.cloud import results_file
from livecam.analysis.jobs import look
from livecam.analysis.removal import left_on_s3, remove_everywhere
from livecam.analysis.results import ResultsWriter
from livecam.analysis.targets import begun, clip_target
from livecam.analysis.video_lock import lock_of
from livecam.archive.archive import ClipInUse
from livecam.archive.purging import keep_within
from livecam.archive.syncing import sync
from livecam.errors import OutputError, UsageError
from livecam.events import ClipRemoved
from livecam.stored_video import Upload
from tests.analysis.samples import a_clip, cloud_error, faces

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clips import Clip
    from livecam.testing.fake_clip_store import FakeClipStore
    from tests.analysis.samples import Scene


def remove(scene: Scene, clip: str) -> list[str]:
    buckets: list[str] = []

    def store_in(bucket: str) -> FakeClipStore:
        buckets.append(bucket)
        return scene.store

    left = remove_everywhere(scene.archive, clip, store_in=store_in, reason="by hand")
    assert set(buckets) <= {"clips"}
    return left


def analysed(scene: Scene) -> Clip:
    """Return a clip that is on S3 and whose results are here."""
    clip = a_clip(scene.archive)
    outcome = scene.desk().analyse(clip_target(scene.archive, clip))
    assert outcome.job is not None
    scene.jobs.end("job-1", faces())
    assert look(scene.cloud(), outcome.job).state == "fetched"
    return clip


def test_a_clip_goes_from_s3_and_from_here_with_all_that_is_known_of_it(scene: Scene) -> None:
    clip, other = analysed(scene), a_clip(scene.archive)
    assert remove(scene, clip.id) == []
    ((place, upload),) = scene.store.removed
    assert (place.key, upload) == (f"films/{clip.id}.mp4", None)
    assert scene.store.objects == {}
    assert scene.archive.folder.ids() == [other.id]
    assert scene.archive.ledger.jobs.all() == ()
    assert scene.archive.ledger.videos.all() == ()
    (told,) = scene.events.of(ClipRemoved)
    assert isinstance(told, ClipRemoved)
    assert told.clip == clip.id


def test_a_clip_that_was_never_sent_needs_no_s3(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    assert remove(scene, clip.id) == []
    assert scene.store.removed == []
    assert scene.archive.folder.ids() == []


def test_a_clip_that_was_refused_needs_no_s3(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    wanted = scene.desk().want(clip_target(scene.archive, clip), is_analysed=False)
    scene.archive.ledger.videos.add(replace(wanted, state="refused"))
    assert remove(scene, clip.id) == []
    assert scene.store.removed == []
    assert scene.archive.ledger.videos.all() == ()


@pytest.mark.parametrize("state", ["uploading", "waiting", "refused"])
def test_an_upload_that_a_crash_left_is_ended(state: str, scene: Scene) -> None:
    clip = a_clip(scene.archive)
    wanted = scene.desk().want(clip_target(scene.archive, clip), is_analysed=True)
    begun_upload = Upload("u1", 8)
    scene.archive.ledger.videos.add(replace(wanted, state=state, upload=begun_upload))  # type: ignore[arg-type]
    assert remove(scene, clip.id) == []
    ((_, upload),) = scene.store.removed
    assert upload == begun_upload


def test_what_is_left_on_s3_is_told_and_remembered_and_the_files_here_go(scene: Scene) -> None:
    clip = analysed(scene)
    scene.store.fail("remove", cloud_error("AccessDenied"))
    assert remove(scene, clip.id) == [f"s3://clips/films/{clip.id}.mp4: it said AccessDenied"]
    assert scene.archive.folder.ids() == []
    assert scene.known(clip.id).state == "removing"
    assert scene.archive.ledger.jobs.all() == ()
    assert left_on_s3(scene.archive) == [clip.id]
    sync(scene.archive)
    assert left_on_s3(scene.archive) == [clip.id]
    assert remove(scene, clip.id) == []
    assert scene.store.objects == {}
    assert left_on_s3(scene.archive) == []
    assert scene.archive.ledger.videos.all() == ()


def test_results_are_not_fetched_of_what_was_deleted(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    outcome = scene.desk().analyse(clip_target(scene.archive, clip))
    assert outcome.job is not None
    scene.store.fail("remove", cloud_error())
    remove(scene, clip.id)
    scene.jobs.end("job-1", faces())
    look(scene.cloud(), outcome.job)
    assert scene.archive.folder.ids() == []
    assert begun(scene.archive) == begun(scene.archive, is_analysed=False) == []


def test_nothing_is_deleted_while_somebody_is_at_work_on_it(scene: Scene) -> None:
    clip = analysed(scene)
    lock = lock_of(scene.archive, clip.id)
    assert lock is not None
    with lock, pytest.raises(ClipInUse, match="try again when that is over"):
        remove(scene, clip.id)
    assert scene.store.removed == []
    assert clip.file.is_file()
    assert scene.known(clip.id).state == "stored"
    assert len(scene.archive.ledger.jobs.all()) == 1


def test_a_file_here_that_cannot_be_deleted_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from livecam.analysis import removal

    def refuse(*_: object, **__: object) -> None:
        raise OutputError("cannot be deleted: x.mp4")

    clip = analysed(scene)
    with monkeypatch.context() as patch:
        patch.setattr(removal, "purge", refuse)
        assert remove(scene, clip.id) == ["cannot be deleted: x.mp4"]
        with pytest.raises(OutputError):
            remove(scene, a_clip(scene.archive).id)
    assert scene.store.objects == {}
    assert remove(scene, clip.id) == []


def analysed_file(scene: Scene, name: str = "film.mp4") -> tuple[Path, Path, Path]:
    """Return a file of the user's own that is on S3, its results and its report."""
    path = scene.file(name)
    outcome = scene.desk().analyse(scene.target(path))
    assert outcome.job is not None
    scene.jobs.end("job-1", faces())
    results = look(scene.cloud(), outcome.job).results
    assert results is not None
    page = results.with_name(results.name.replace(".results.jsonl", ".report.html"))
    page.touch()
    return path, results, page


def test_of_a_file_of_the_users_own_goes_what_was_made_of_it_and_never_the_file(scene: Scene) -> None:
    path, results, page = analysed_file(scene)
    assert scene.store.objects
    assert remove(scene, str(path)) == []
    assert scene.store.objects == {}
    assert path.is_file()
    assert not results.exists()
    assert not page.exists()
    assert scene.archive.ledger.jobs.all() == ()
    assert scene.archive.ledger.videos.all() == ()
    assert scene.events.of(ClipRemoved) == []


def test_results_of_another_video_of_that_name_stay(scene: Scene) -> None:
    path, results, page = analysed_file(scene)
    results.unlink()
    with ResultsWriter(results, {"video": "/another/film.mp4"}) as writer:
        writer.finish()
    assert remove(scene, str(path)) == []
    assert results.is_file()
    assert page.is_file()


def test_a_report_beside_a_file_that_has_no_results_is_the_users(scene: Scene) -> None:
    video = scene.stored()
    beside = results_file(scene.archive, video)
    page = beside.with_name(beside.name.replace(".results.jsonl", ".report.html"))
    page.touch()
    assert remove(scene, video.name) == []
    assert page.is_file()


def test_a_file_whose_object_is_left_on_s3_is_told_and_tried_again(scene: Scene) -> None:
    path, results, _ = analysed_file(scene)
    scene.store.fail("remove", cloud_error("AccessDenied"))
    assert len(remove(scene, str(path))) == 1
    assert not results.exists()
    assert left_on_s3(scene.archive) == [str(path)]
    assert remove(scene, str(path)) == []
    assert left_on_s3(scene.archive) == []


def test_an_object_can_be_kept_unless_its_deletion_was_begun(scene: Scene) -> None:
    video = scene.stored()
    scene.archive.ledger.videos.note(video.name, state="removing")
    remove_everywhere(
        scene.archive, video.name, store_in=lambda _: scene.store, reason="by hand", keeps_object=True
    )
    assert len(scene.store.removed) == 1
    video = scene.stored()
    remove_everywhere(
        scene.archive, video.name, store_in=lambda _: scene.store, reason="by hand", keeps_object=True
    )
    assert len(scene.store.removed) == 1
    assert scene.archive.ledger.videos.all() == ()


def test_a_clip_that_was_too_old_to_keep_here_is_left_on_s3_until_it_is_deleted_there(scene: Scene) -> None:
    clip = analysed(scene)
    scene.clock.advance(10 * 86_400)
    (gone,) = keep_within(scene.archive, keep_days=5, keep_bytes=None)
    assert gone.id == clip.id
    assert scene.archive.folder.ids() == []
    assert left_on_s3(scene.archive) == [clip.id]
    assert remove(scene, clip.id) == []
    assert scene.store.objects == {}
    assert left_on_s3(scene.archive) == []
    assert scene.archive.ledger.jobs.all() == ()


def test_where_no_connection_may_be_opened_what_is_on_s3_stays_and_is_told(scene: Scene) -> None:
    clip = analysed(scene)

    def refuse(_bucket: str) -> FakeClipStore:
        raise UsageError("deleting it there needs a connection, and local-only is set (by x)")

    (left,) = remove_everywhere(scene.archive, clip.id, store_in=refuse, reason="by hand")
    assert left.startswith(f"s3://clips/films/{clip.id}.mp4: deleting it there needs a connection")
    assert scene.archive.folder.ids() == []
    assert left_on_s3(scene.archive) == [clip.id]
