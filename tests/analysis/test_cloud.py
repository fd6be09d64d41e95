from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.analysis.cloud import has_changed, object_stem, plain_name, results_file
from livecam.analysis.jobs import submit
from livecam.errors import OutputError
from livecam.stored_video import S3Place, StoredVideo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.analysis.samples import Scene

CLIP = "20260101-000000-abcdef"


def test_the_price_is_that_of_the_minutes(scene: Scene) -> None:
    assert scene.cloud().price(2.0) == pytest.approx(2 * scene.cloud().prices.clip_minute())


def test_results_of_a_clip_are_beside_it_also_when_it_is_on_s3_alone(scene: Scene) -> None:
    folder = scene.archive.folder.path
    for file in (folder / f"{CLIP}.mp4", None):
        found = results_file(scene.archive, StoredVideo(CLIP, "stored", file=file))
        assert found == folder / f"{CLIP}.results.jsonl"


def test_results_of_a_file_are_beside_it(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "my film.v2.mp4"
    found = results_file(scene.archive, StoredVideo(str(file), "stored", file=file))
    assert found == tmp_path / "my film.v2.mp4.results.jsonl"


@pytest.mark.parametrize(
    "key", ["a/film.mp4", "../../etc/passwd", "-rf.mp4", ".mp4", "é/漢字.mp4", "x" * 900]
)
def test_results_of_an_object_are_in_the_clip_folder_under_a_plain_name(key: str, scene: Scene) -> None:
    video = StoredVideo(f"s3://bucket/{key}", "stored", place=S3Place("bucket", key))
    found = results_file(scene.archive, video)
    assert found.parent == scene.archive.folder.path
    assert found.name.isascii()
    assert not found.name.startswith((".", "-"))
    assert len(found.name) < 200
    scene.archive.ledger.videos.add(video)
    job = submit(scene.cloud(), video)
    assert scene.archive.ledger.jobs.note(job.number, results=found) is not None


def test_videos_whose_files_are_called_the_same_have_names_of_their_own() -> None:
    assert plain_name("s3://a/film.mp4") != plain_name("s3://b/film.mp4")
    assert plain_name("s3://a/film.mp4") == plain_name("s3://a/film.mp4")
    assert plain_name("/a/\udcff.mp4").startswith("video-")


def test_results_of_two_files_that_differ_in_their_ending_are_two_files(scene: Scene, tmp_path: Path) -> None:
    videos = [StoredVideo(str(tmp_path / name), "stored") for name in ("a.mp4", "a.mov")]
    videos += [StoredVideo(f"s3://{bucket}/film.v2.day", "stored") for bucket in ("one", "two")]
    assert len({results_file(scene.archive, video) for video in videos}) == 4


def test_an_object_is_named_after_its_file_as_that_is_now(scene: Scene) -> None:
    path = scene.file("film.mp4", b"first")
    video = replace(scene.waiting(path), place=S3Place("b", f"k/{object_stem(scene.waiting(path))}.mp4"))
    assert object_stem(video).startswith("film-")
    assert not has_changed(video)
    os.utime(path, ns=(0, 7))
    assert has_changed(video)
    path.unlink()
    with pytest.raises(OutputError, match=r"film\.mp4 cannot be read: No such file"):
        has_changed(video)


def test_a_clip_is_never_another_one_and_of_an_object_there_is_no_file(tmp_path: Path) -> None:
    place = S3Place("b", "k.mp4")
    assert not has_changed(StoredVideo(CLIP, "stored", file=tmp_path / "gone.mp4", place=place))
    assert not has_changed(StoredVideo("s3://b/k.mp4", "stored", place=place))
    assert object_stem(StoredVideo("s3://b/k.mp4", "waiting")) == plain_name("s3://b/k.mp4")
