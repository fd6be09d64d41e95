from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.analysis.desk import Outcome
from livecam.cli.cloud_text import estimate_of, estimate_text, outcome_record, outcome_text
from livecam.config import load_settings
from livecam.stored_video import S3Place, StoredVideo
from tests.analysis.samples import Scene, film

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.stored_video import Job


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def a_job(scene: Scene, **facts: object) -> tuple[StoredVideo, Job]:
    video = scene.stored()
    outcome = scene.desk().analyse(replace(scene.target(scene.folder / "film.mp4"), video=video))
    assert outcome.job is not None
    return video, replace(outcome.job, **facts)  # type: ignore[arg-type]


def said(scene: Scene, outcome: Outcome) -> tuple[list[str], list[str]]:
    return outcome_text([outcome_record(scene.cloud(), outcome)])


def test_an_estimate_is_of_what_would_be_sent_alone(scene: Scene) -> None:
    settings = load_settings({"analyze": True})
    taken = scene.target(scene.file(content=film(pictures=60)))
    refused = scene.target(scene.file("old.mp4", film("mpeg4")))
    on_s3 = replace(taken, video=StoredVideo("s3://b/k.mp4", "stored", place=S3Place("b", "k.mp4")))
    estimate = estimate_of(settings, [taken, refused, on_s3])
    assert estimate["usd"] == pytest.approx(2.0 / 60 * estimate["usd_per_minute"])
    assert estimate["videos"][0] | {"usd": None} == {
        "video": taken.video.name,
        "state": "waiting",
        "seconds": pytest.approx(2.0),
        "refused": None,
        "usd": None,
    }
    lines, problems = estimate_text(estimate)
    assert lines[0].startswith(f"{taken.video.name}: 0:02, would be uploaded, $0.00")
    assert lines[1] == "s3://b/k.mp4: -, is on S3"
    assert lines[-1] == "nothing was sent"
    assert "that figure is not confirmed" in lines[-2]
    (problem,) = problems
    assert problem.startswith(f"{refused.video.name} would not be sent: Rekognition takes H.264")


def test_lengths_that_are_not_known_are_said_not_to_be_in_the_price(scene: Scene) -> None:
    on_s3 = replace(scene.target(scene.file()), video=StoredVideo("s3://b/k.mp4", "stored"))
    lines, _ = estimate_text(estimate_of(load_settings({"analyze": True}), [on_s3]))
    assert "without 1 video whose length is not known" in lines[-2]


def test_what_cannot_be_read_has_no_length(scene: Scene) -> None:
    broken = scene.target(scene.file(content=b"no video"))
    (video,) = estimate_of(load_settings({}), [broken])["videos"]
    assert (video["seconds"], video["usd"]) == (None, None)
    assert "cannot be read as a video" in video["refused"]


def test_nothing_to_do_is_said(scene: Scene) -> None:
    assert estimate_text(estimate_of(load_settings({}), [])) == (
        ["nothing is to be done", "nothing was sent"],
        [],
    )
    assert outcome_text([]) == (["nothing is to be done"], [])


def test_results_are_told_with_their_file_and_price(scene: Scene) -> None:
    results = scene.folder / "film.results.jsonl"
    video, job = a_job(scene, state="fetched", faces=1, minutes=2.0, results=results)
    assert said(scene, Outcome(video, job)) == ([f"{results}: 1 face entry, about $0.20"], [])
    record = outcome_record(scene.cloud(), Outcome(video, replace(job, faces=7)))
    assert record["job"]["usd"] == pytest.approx(0.2)
    assert outcome_text([record])[0] == [f"{results}: 7 face entries, about $0.20"]


def test_a_job_on_its_way_is_told_with_how_to_go_on(scene: Scene) -> None:
    video, job = a_job(scene, state="submitting", message="waits for a free slot")
    (line,), problems = said(scene, Outcome(video, job))
    assert line == (
        f"{video.name}: submitting (waits for a free slot);"
        " `livecam clips analyze --wait` fetches the results"
    )
    assert problems == []


@pytest.mark.parametrize("state", ["failed", "expired"])
def test_a_job_that_came_to_nothing_is_a_problem_and_no_line(state: str, scene: Scene) -> None:
    video, job = a_job(scene, state=state)
    assert said(scene, Outcome(video, job, "why")) == ([], ["why"])


def test_what_is_not_on_s3_is_not_said_to_be(scene: Scene) -> None:
    waiting = replace(scene.stored(), state="waiting")
    assert outcome_record(scene.cloud(), Outcome(waiting, None, "why"))["s3"] is None
    assert said(scene, Outcome(waiting, None, "why")) == ([], ["why"])
    assert said(scene, Outcome(scene.stored())) == (["s3://clips/films/film.mp4: stored"], [])
