from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from livecam import logs
from livecam.analysis.cloud import results_file
from livecam.analysis.jobs import look
from livecam.analysis.results import ResultsWriter
from livecam.analysis.targets import clip_target
from livecam.cli.reporting import report_of
from livecam.errors import UsageError
from tests.analysis.samples import Scene, a_clip, faces

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clips import Clip


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    return Scene(tmp_path)


def analysed(scene: Scene) -> Clip:
    clip = a_clip(scene.archive, pictures=30)
    outcome = scene.desk().analyse(clip_target(scene.archive, clip))
    assert outcome.job is not None
    scene.jobs.end("job-1", faces())
    assert look(scene.cloud(), outcome.job).state == "fetched"
    return clip


def report(scene: Scene, text: object, **to: Path) -> Path:
    files: dict[str, Any] = {"output": None, "png": None, "csv": None, "jsonl": None} | to
    return report_of(str(text), clip_dir=scene.archive.folder.path, is_debug=False, **files)


def test_a_clips_report_is_beside_it_and_of_both_sources(scene: Scene) -> None:
    clip = analysed(scene)
    page = report(scene, clip.id)
    assert page == scene.archive.folder.path / f"{clip.id}.report.html"
    text = page.read_text(encoding="utf-8")
    assert clip.id in text
    assert "job-1" in text
    assert page in scene.archive.folder.files(clip.id)  # goes with the clip when it is deleted


def test_other_files_are_made_when_they_are_asked_for(scene: Scene) -> None:
    clip, folder = analysed(scene), scene.folder
    page = report(scene, clip.id, output=folder / "r.html", csv=folder / "r.csv", jsonl=folder / "r.jsonl")
    assert page == folder / "r.html"
    header, *records = map(json.loads, (folder / "r.jsonl").read_text(encoding="utf-8").splitlines())
    assert header["video"] == clip.id
    assert {record["source"] for record in records} == {"live", "stored"}
    assert len((folder / "r.csv").read_text(encoding="utf-8").splitlines()) == len(records) + 1
    assert not list(scene.archive.folder.path.glob("*.html"))


def test_the_timeline_is_a_picture_too(scene: Scene) -> None:
    pytest.importorskip("matplotlib")
    clip = analysed(scene)
    report(scene, clip.id, png=scene.folder / "r.png")
    assert (scene.folder / "r.png").read_bytes().startswith(b"\x89PNG")


def test_a_clip_that_was_not_analysed_is_told_of_as_it_was_seen_live(scene: Scene) -> None:
    clip = a_clip(scene.archive, pictures=30)
    assert report(scene, clip.id).is_file()


def test_a_file_that_was_analysed_elsewhere_is_told_of_by_the_results_beside_it(scene: Scene) -> None:
    path = scene.file("my film.mp4")
    with ResultsWriter(scene.folder / "my film.mp4.results.jsonl", {"video": "/old/my film.mp4"}) as results:
        for face in faces():
            results.write(face)
        results.finish()
    page = report(scene, path)
    assert page == scene.folder / "my film.mp4.report.html"
    assert "my film" in page.read_text(encoding="utf-8")


def test_an_object_on_s3_is_told_of_from_its_results_alone(scene: Scene) -> None:
    uri = "s3://clips/far/away.mp4"
    scene.store.objects["far/away.mp4"] = b"a film"
    from livecam.analysis.targets import targets_of

    (target,) = targets_of(scene.archive, [uri], find=lambda _: pytest.fail("asked"))
    outcome = scene.desk().analyse(target)
    assert outcome.job is not None
    scene.jobs.end("job-1", faces())
    fetched = look(scene.cloud(), outcome.job)
    assert fetched.results is not None
    page = report(scene, uri)
    assert page.parent == scene.archive.folder.path
    assert page.name == fetched.results.name.replace(".results.jsonl", ".report.html")


def test_the_newest_results_are_those_that_are_told(scene: Scene) -> None:
    clip = analysed(scene)
    again = scene.desk(is_anew=True).analyse(clip_target(scene.archive, clip))
    assert again.job is not None
    scene.jobs.end("job-2", faces(2))
    assert look(scene.cloud(), again.job).state == "fetched"
    page = report(scene, clip.id, jsonl=scene.folder / "r.jsonl")
    assert "job-2" in page.read_text(encoding="utf-8")
    lines = (scene.folder / "r.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum(json.loads(line).get("source") == "stored" for line in lines) == 2


@pytest.mark.parametrize("count", [0, 2])
def test_a_folder_has_no_report_of_its_own(count: int, scene: Scene) -> None:
    for _ in range(count):
        a_clip(scene.archive)
    with pytest.raises(UsageError, match=rf"holds {count} videos; name one of them"):
        report(scene, scene.archive.folder.path)


def test_of_what_nothing_is_known_there_is_no_report(scene: Scene) -> None:
    path = scene.file()
    with pytest.raises(
        UsageError, match=r"nothing is known of what is seen in .*film\.mp4: `livecam clips analyze`"
    ):
        report(scene, path)
    with pytest.raises(UsageError, match="there is no clip nothing"):
        report(scene, "nothing")


@pytest.mark.parametrize("output", ["output", "png", "csv", "jsonl"])
def test_nothing_is_written_over_what_is_known_of_a_clip(output: str, scene: Scene) -> None:
    clip = analysed(scene)
    kept = {path: path.read_bytes() for path in scene.archive.folder.files(clip.id)}
    assert len(kept) >= 3
    for path in kept:
        with pytest.raises(UsageError, match=f"--{output} .* would write over what is kept there"):
            report(scene, clip.id, **{output: path})
    assert {path: path.read_bytes() for path in scene.archive.folder.files(clip.id)} == kept


def test_nothing_is_written_over_the_users_own_video(scene: Scene) -> None:
    path = scene.file("my film.mp4")
    beside = results_file(scene.archive, scene.waiting(path))
    with ResultsWriter(beside, {"video": str(path), "metadata": {}}) as results:
        results.finish()
    for kept in (path, beside):
        with pytest.raises(UsageError, match="would write over"):
            report(scene, path, csv=kept)


def test_two_outputs_into_one_file_are_refused_before_either_is_written(scene: Scene) -> None:
    clip = a_clip(scene.archive, pictures=30)
    path = scene.folder / "faces"
    with pytest.raises(UsageError, match="--csv and --jsonl are the same file"):
        report(scene, clip.id, csv=path, jsonl=path)
    assert not path.exists()


def test_a_report_is_made_again_in_its_place(scene: Scene) -> None:
    clip = a_clip(scene.archive, pictures=30)
    page = report(scene, clip.id)
    assert report(scene, clip.id, output=page) == page


def test_results_that_say_they_are_of_another_video_are_not_taken_for_this_ones(scene: Scene) -> None:
    path = scene.file("film.mp4")
    with ResultsWriter(scene.folder / "film.mp4.results.jsonl", {"video": "/old/film.mov"}) as results:
        results.finish()
    with pytest.raises(UsageError, match="nothing is known of what is seen in"):
        report(scene, path)
