from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from livecam.analysis.jobs import look
from livecam.analysis.targets import clip_target, targets_of
from livecam.archive.purging import purge
from livecam.cli.purging import ask, carried_out, doomed_of, outcome_text, rest_removed
from livecam.errors import UsageError
from tests.analysis.samples import Scene, a_clip, cloud_error, faces

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.testing.fake_clip_store import FakeClipStore


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.chdir(tmp_path)
    return Scene(tmp_path)


def named(scene: Scene, *texts: str, purge_all: bool = False) -> list[str]:
    clips, videos = doomed_of(scene.archive, texts, purge_all=purge_all, older_than=None)
    return [*(clip.id for clip in clips), *(video.name for video in videos)]


def delete(scene: Scene, *names: str, keeps_found: bool = False) -> tuple[list[str], dict[str, str]]:
    def store_in(_bucket: str) -> FakeClipStore:
        return scene.store

    return carried_out(scene.archive, names, store_in, keeps_found=keeps_found)


def an_object(scene: Scene) -> str:
    """Return the address of an object of the user's own that was analysed."""
    uri = "s3://clips/far/away.mp4"
    scene.store.objects["far/away.mp4"] = b"a film"
    (target,) = targets_of(scene.archive, [uri], find=lambda _: pytest.fail("asked"))
    outcome = scene.desk().analyse(target)
    assert outcome.job is not None
    scene.jobs.end("job-1", faces())
    assert look(scene.cloud(), outcome.job).state == "fetched"
    return uri


def test_clips_are_deleted_by_their_whole_id_their_file_in_the_folder_or_as_the_last(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    for text in (clip.id, "last", str(clip.file), f"clips/{clip.id}.mp4"):
        assert named(scene, text) == [clip.id]


def test_nothing_that_only_looks_like_a_clip_is_deleted(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    report = clip.file.with_name(f"{clip.id}.report.html")
    for text in (f"./{clip.id}.mp4", f"{clip.id}.mp4", "./2026.mov", f"clips/{clip.id[:9]}", str(report), ""):
        with pytest.raises(UsageError, match="there is no clip"):
            named(scene, text)
    with pytest.raises(UsageError, match=f"only the beginning of an id; to delete {clip.id}, give all of it"):
        named(scene, clip.id[:-2])


def test_files_that_were_sent_are_found_by_their_path_and_by_all(scene: Scene) -> None:
    video, clip = scene.stored(), a_clip(scene.archive)
    assert named(scene, "film.mp4") == named(scene, "./clips/../film.mp4") == [video.name]
    assert set(named(scene, purge_all=True)) == {clip.id, video.name}
    with pytest.raises(UsageError, match="there is no clip"):
        named(scene, str(scene.file("unsent.mp4")))


def test_an_object_that_was_analysed_goes_when_it_is_named(scene: Scene) -> None:
    uri = an_object(scene)
    assert named(scene, uri) == [uri]
    assert delete(scene, uri) == ([uri], {})
    assert scene.store.objects == {}


def test_all_spares_objects_that_livecam_did_not_send_but_not_their_results(scene: Scene) -> None:
    uri = an_object(scene)
    assert list(scene.archive.folder.path.glob("*.results.jsonl"))
    assert named(scene, purge_all=True) == [uri]
    assert delete(scene, uri, keeps_found=True) == ([uri], {})
    assert scene.store.objects == {"far/away.mp4": b"a film"}
    assert not list(scene.archive.folder.path.glob("*.results.jsonl"))
    assert scene.archive.ledger.videos.all() == ()


def test_what_s3_refused_is_told_to_be_gone_here_and_can_be_tried_again(scene: Scene) -> None:
    clip, video = a_clip(scene.archive), scene.stored()
    scene.desk().store(clip_target(scene.archive, clip))
    scene.store.fail("remove", cloud_error("AccessDenied"), cloud_error("AccessDenied"))
    removed, kept = delete(scene, clip.id, video.name)
    said, problems = outcome_text(scene.archive, removed, kept)
    assert said == "0 clips deleted"
    assert problems[0].startswith(f"its files here are gone, on S3 is left: {clip.id}: s3://clips/")
    assert problems[1].startswith(f"left on S3: {video.name}: s3://clips/")
    assert set(named(scene, clip.id, video.name)) == {clip.id, video.name}
    removed, kept = delete(scene, clip.id, video.name)
    assert outcome_text(scene.archive, removed, kept) == (
        "1 clip and what was made of 1 other video deleted",
        [],
    )


def test_a_clip_that_somebody_is_at_work_on_is_not_told_to_be_gone(scene: Scene) -> None:
    said = outcome_text(scene.archive, [], {"20261123-073012-k3f9qa": "busy"})
    assert said == ("0 clips deleted", ["not deleted: 20261123-073012-k3f9qa: busy"])


def test_a_person_is_told_what_goes_of_each_video(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    video = scene.stored()
    uri = an_object(scene)
    with pytest.raises(
        UsageError, match="0 clips and what was made of 1 other videos would be deleted for good"
    ):
        ask([], [video], keeps_found=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: True)
    ask([], [video, scene.known(uri)], keeps_found=True)
    assert capsys.readouterr().err.splitlines()[-2:] == [
        f"of {video.name}: s3://clips/films/film.mp4, results, report",
        f"of {uri}: results, report",
    ]


def test_clips_that_are_left_on_s3_alone_are_meant_by_all_and_by_their_age(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    scene.desk().store(clip_target(scene.archive, clip))
    purge(scene.archive, clip.id, reason="older than 5 days")
    assert named(scene, purge_all=True) == [clip.id]
    (found,), _ = doomed_of(scene.archive, [], purge_all=False, older_than=-1)
    assert found.id == clip.id
    assert delete(scene, clip.id) == ([clip.id], {})
    assert scene.store.objects == {}


def test_all_that_will_go_is_told_before_it_is_asked(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = a_clip(scene.archive)
    aside = scene.archive.ledger.path.with_name("ledger.sqlite.damaged-20260101-000000")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_args, **_more: True)
    ask([clip], [], keeps_found=True, ledgers=[aside])
    said = capsys.readouterr().err
    assert clip.id in said
    assert "with what was said of them, copies, results and reports, here and on S3" in said
    assert f"a damaged ledger that was moved aside: {aside}" in said


def test_what_a_kill_left_of_locks_and_damaged_ledgers_goes_too(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    aside = scene.archive.ledger.path.with_name("ledger.sqlite.damaged-20260101-000000")
    lock, probe = scene.archive.folder.lock(clip.id), scene.archive.folder.locks / "probe-1"
    for path in (aside, lock, probe):
        path.touch()
    assert rest_removed(scene.archive) == ([str(aside)], {})
    assert not any(path.exists() for path in (aside, lock, probe))
