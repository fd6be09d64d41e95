from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.analysis.jobs import look
from livecam.analysis.targets import clip_target
from livecam.reports.video_files import inputs_of
from tests.analysis.samples import Scene, a_clip, faces
from tests.reports.files import write_results

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_clips_report_is_made_from_its_row_its_sidecar_and_its_newest_results(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    outcome = scene.desk().analyse(clip_target(scene.archive, clip))
    assert outcome.job is not None
    scene.jobs.end("job-1", faces())
    fetched = look(scene.cloud(), outcome.job)
    inputs = inputs_of(scene.archive, clip_target(scene.archive, clip))
    assert inputs is not None
    assert (inputs.title, inputs.clip, inputs.video) == (clip.id, clip, clip.file)
    assert inputs.sidecar == scene.archive.folder.sidecar(clip.id)
    assert (inputs.results, inputs.jobs) == (fetched.results, (fetched,))
    assert inputs.made_at == scene.clock.wall()


def test_files_that_are_not_there_are_left_out(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    clip.file.unlink()
    inputs = inputs_of(scene.archive, clip_target(scene.archive, clip))
    assert inputs is not None
    assert (inputs.video, inputs.results) == (None, None)


def test_results_of_another_video_are_left_out(scene: Scene) -> None:
    path = scene.file("film.mp4")
    results = write_results(scene.folder / "film.mp4.results.jsonl", video="/old/film.mp4")
    inputs = inputs_of(scene.archive, scene.target(path))
    assert inputs is not None
    assert inputs.results == results
    write_results(results, video="/old/other.mp4")
    assert inputs_of(scene.archive, scene.target(path)) is None


def test_of_a_video_of_which_nothing_is_known_there_is_nothing_to_report(scene: Scene) -> None:
    assert inputs_of(scene.archive, scene.target(scene.file())) is None
