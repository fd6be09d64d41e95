from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.analysis.cloud import object_stem
from livecam.analysis.jobs import look, submit
from livecam.analysis.targets import begun, targets_of, unstored
from livecam.errors import UsageError
from livecam.stored_video import S3Place, StoredVideo
from tests.analysis.samples import a_clip, cloud_error, faces
from tests.archive.samples import left_by_a_crash

if TYPE_CHECKING:
    from livecam.analysis.targets import Target
    from livecam.clips import Clip
    from tests.analysis.samples import Scene


def targets(scene: Scene, *texts: object) -> list[Target]:
    def find(text: str) -> Clip:
        clip = scene.archive.ledger.get(text.rpartition("/")[2].partition(".")[0])
        if clip is None:
            raise UsageError(f"there is no clip {text}")
        return clip

    return targets_of(scene.archive, map(str, texts), find=find)


def names(found: list[Target]) -> list[str]:
    return [target.video.name for target in found]


def test_a_clip_is_meant_by_its_id_its_file_and_its_folder_and_is_one_target(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    (target,) = targets(scene, clip.id, clip.file, scene.archive.folder.path)
    assert target.video == StoredVideo(clip.id, "waiting", file=clip.file, size=clip.size)
    assert (target.stem, target.source, target.began_at) == (clip.id, "test", clip.started_at)


def test_a_clip_that_is_not_finished_is_said_to_be(scene: Scene) -> None:
    left = left_by_a_crash(scene.archive)
    with pytest.raises(UsageError, match=r"is not finished \(recording\); `livecam clips sync`"):
        targets(scene, left)
    assert targets(scene, scene.archive.folder.path) == []


def test_a_file_is_meant_by_its_path_however_it_is_written(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scene.file("films/a.b.mp4")
    monkeypatch.chdir(scene.folder)
    (target,) = targets(scene, path, "films/a.b.mp4", "films/../films/a.b.mp4", "./films/a.b.mp4")
    assert target.video == scene.waiting(path)
    assert target.stem == "a.b"
    scene.archive.ledger.videos.add(target.video)  # it takes the name


def test_a_folder_means_the_videos_in_it_in_order_and_nothing_else(scene: Scene) -> None:
    for name in ("b.MP4", "a.mov", "c.txt", "deep/d.mp4"):
        scene.file(f"films/{name}")
    assert names(targets(scene, scene.folder / "films")) == [
        str(scene.folder / "films" / name) for name in ("a.mov", "b.MP4")
    ]
    (scene.folder / "empty").mkdir()
    with pytest.raises(UsageError, match=r"there is no video in .*empty; looked for \.mp4, \.mov"):
        targets(scene, scene.folder / "empty")


def test_an_object_is_meant_by_its_address(scene: Scene) -> None:
    (target,) = targets(scene, "s3://bucket/a/b c.mp4")
    assert target.video == StoredVideo(
        "s3://bucket/a/b c.mp4", "stored", place=S3Place("bucket", "a/b c.mp4")
    )
    assert target.stem == "b c"


@pytest.mark.parametrize("uri", ["s3://", "s3://bucket", "s3://bucket/", "s3:///key", "s3://bucket/folder/"])
def test_what_is_no_object_is_said_to_be_none(uri: str, scene: Scene) -> None:
    with pytest.raises(UsageError, match="is no object on S3; give s3://BUCKET/KEY"):
        targets(scene, uri)


def test_what_names_nothing_is_what_the_finder_says(scene: Scene) -> None:
    with pytest.raises(UsageError, match=r"there is no clip nothing\.mp4"):
        targets(scene, "nothing.mp4")


def test_what_is_known_of_a_video_comes_with_it(scene: Scene) -> None:
    path = scene.file()
    key = f"films/{object_stem(scene.waiting(path))}.mp4"
    video = StoredVideo(str(path), "stored", file=path, place=S3Place("clips", key), size=1)
    scene.archive.ledger.videos.add(video)
    assert targets(scene, path)[0].video == video
    known = StoredVideo("s3://bucket/k.mp4", "stored", place=S3Place("bucket", "k.mp4", "v1", "e1"), size=3)
    scene.archive.ledger.videos.add(known)
    assert targets(scene, "s3://bucket/k.mp4")[0].video == known


def test_clips_that_are_not_on_s3_are_those_that_were_not_brought_there(scene: Scene) -> None:
    first, second, refused = a_clip(scene.archive), a_clip(scene.archive), a_clip(scene.archive)
    scene.file("film.mp4")
    videos = scene.archive.ledger.videos
    videos.add(StoredVideo(first.id, "stored", place=S3Place("b", "k.mp4")))
    videos.add(StoredVideo(refused.id, "refused", file=refused.file))
    left_by_a_crash(scene.archive)
    assert names(unstored(scene.archive)) == sorted([second.id, refused.id])


@pytest.mark.parametrize(
    ("state", "wants_analysis", "analysed", "uploaded"),
    [
        ("waiting", True, True, True),
        ("uploading", True, True, True),
        ("stored", True, True, False),
        ("refused", True, False, False),
        ("removing", True, False, False),
        ("waiting", False, False, True),
        ("uploading", False, False, True),
        ("stored", False, False, False),
    ],
)
def test_what_was_begun_is_what_is_not_at_the_end_it_was_wanted_for(
    state: str, scene: Scene, *, wants_analysis: bool, analysed: bool, uploaded: bool
) -> None:
    path = scene.file()
    place = S3Place("b", "k.mp4")
    scene.archive.ledger.videos.add(
        StoredVideo(str(path), state, file=path, place=place, wants_analysis=wants_analysis)  # type: ignore[arg-type]
    )
    assert names(begun(scene.archive)) == ([str(path)] if analysed else [])
    assert names(begun(scene.archive, is_analysed=False)) == ([str(path)] if uploaded else [])


def test_a_job_that_is_not_at_its_end_was_begun(scene: Scene) -> None:
    video = scene.stored()
    scene.jobs.fail("started", cloud_error())
    with pytest.raises(Exception, match="ServiceUnavailable"):
        submit(scene.cloud(), video)
    assert names(begun(scene.archive)) == [video.name]
    job = submit(scene.cloud(), video)
    assert names(begun(scene.archive)) == [video.name]
    scene.jobs.end("job-1", faces())
    look(scene.cloud(), job)
    assert begun(scene.archive) == []


def test_a_clip_that_was_begun_is_named_as_before(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    scene.archive.ledger.videos.add(StoredVideo(clip.id, "waiting", file=clip.file, wants_analysis=True))
    (target,) = begun(scene.archive)
    assert (target.stem, target.source, target.began_at) == (clip.id, "test", clip.started_at)


@pytest.mark.parametrize("state", ["stored", "uploading", "refused", "removing"])
def test_a_file_that_changed_since_is_taken_for_a_new_one(state: str, scene: Scene) -> None:
    path = scene.file()
    place = S3Place("clips", f"films/{object_stem(scene.waiting(path))}.mp4")
    known = StoredVideo(str(path), state, file=path, place=place, size=1)  # type: ignore[arg-type]
    scene.archive.ledger.videos.add(known)
    path.write_bytes(b"another film")
    (target,) = targets(scene, path)
    assert target.video == (known if state == "removing" else scene.waiting(path))


def test_a_file_whose_upload_broke_off_is_among_what_is_not_stored_once(scene: Scene) -> None:
    clip, path = a_clip(scene.archive), scene.file()
    videos = scene.archive.ledger.videos
    videos.add(StoredVideo(str(path), "uploading", file=path, place=S3Place("b", "k.mp4")))
    videos.add(StoredVideo(clip.id, "waiting", file=clip.file))
    assert names(unstored(scene.archive)) == [clip.id, str(path)]
