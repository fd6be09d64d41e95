"""The story of a clip, by the commands that people type."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests import command_line
from tests.analysis.samples import film

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.cli.cloud_scene import CloudCli


def livecam(cloud: CloudCli, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command of its own process, which looks at nobody."""
    return command_line.livecam(
        *arguments, "--detector", "none", "--clip-dir", cloud.folder / "clips", cwd=cloud.folder
    )


def test_a_video_is_recorded_stored_analysed_and_told_of_by_one_command_each(cloud: CloudCli) -> None:
    recorded = livecam(
        cloud, "record", cloud.file(content=film(pictures=60)), "--fast", "--upload", cloud.place,
        "--analyze", "--key-template", "{date}/{id}.mp4", "--json", "--events", "e.jsonl",
    )  # fmt: skip
    assert recorded.returncode == 0, recorded.stderr
    summary = json.loads(recorded.stdout)
    (clip,) = summary["clips"]
    (key,) = cloud.keys()
    assert clip["s3"] == f"s3://{cloud.bucket.name}/{key}"
    assert key.endswith(f"/{clip['id']}.mp4")
    assert cloud.bucket.content(key) == (cloud.folder / "clips" / f"{clip['id']}.mp4").read_bytes()
    (job,) = summary["jobs"]
    assert (job["clip"], job["status"]) == (clip["id"], "IN_PROGRESS")
    told = [event["type"] for event in command_line.json_lines(cloud.folder / "e.jsonl")]
    assert [each for each in told if each in ("clip_recorded", "clip_stored", "job_submitted")] == [
        "clip_recorded", "clip_stored", "job_submitted",
    ]  # fmt: skip
    fetched = cloud("analyze", "--wait", "--json")
    assert fetched.video["job"]["id"] == job["id"]
    said = cloud("report", clip["id"])
    assert said.code == 0, said.err
    page = cloud.folder / "clips" / f"{clip['id']}.report.html"
    assert said.out == f"{page}\n"
    assert clip["id"] in page.read_text(encoding="utf-8")


def test_a_clip_that_cannot_be_sent_is_recorded_all_the_same_and_sent_later(cloud: CloudCli) -> None:
    recorded = livecam(
        cloud, "record", cloud.file(content=film(pictures=60)), "--fast", "--json",
        "--upload", "s3://no-such-bucket-of-mine/films",
    )  # fmt: skip
    assert recorded.returncode == 0, recorded.stderr
    summary = json.loads(recorded.stdout)
    (clip,) = summary["clips"]
    assert (clip["state"], clip["s3"]) == ("recorded", None)
    assert list(summary["uploads"]["waiting"]) == [clip["id"]]
    assert "no-such-bucket-of-mine" in recorded.stderr
    assert cloud.upload().video["s3"] == f"{cloud.place}/{clip['id']}.mp4"


@pytest.mark.parametrize("command", ["run", "record"])
def test_analysing_without_a_place_on_s3_is_refused(command: str, cloud: CloudCli) -> None:
    result = livecam(cloud, command, "demo", "--analyze", "--duration", "1")
    assert result.returncode == 2
    assert "--analyze needs --upload s3://BUCKET/PREFIX" in result.stderr
    assert not (cloud.folder / "clips").exists()


def test_recording_to_somewhere_else_needs_consent_before_anything_is_recorded(cloud: CloudCli) -> None:
    result = livecam(
        cloud, "record", "demo", "--duration", "1", "--upload", cloud.place,
        "--endpoint-url", "https://s3.example.com",
    )  # fmt: skip
    assert result.returncode == 2
    assert "you have not agreed to send pictures to https://s3.example.com" in result.stderr
    assert not list(cloud.folder.rglob("*.mp4"))


def test_a_deleted_clip_is_gone_from_s3_with_all_its_versions_and_so_are_its_results(
    cloud: CloudCli,
) -> None:
    cloud.bucket.keep_versions()
    clip, other = cloud.clip(), cloud.clip()
    for each in (clip, other):
        assert cloud.analyze(each.id).code == 0
    cloud.bucket.s3.put_object(Bucket=cloud.bucket.name, Key=f"films/{clip.id}.mp4", Body=b"a later one")
    cloud("report", clip.id)
    assert cloud.bucket.versions() == 3
    said = cloud("purge", clip.id, "--yes")
    assert (said.code, said.out) == (0, "1 clip deleted\n"), said.err
    assert cloud.bucket.versions() == 1
    assert {path.name.partition(".")[0] for path in (cloud.folder / "clips").glob("*.*")} - {""} >= {other.id}
    assert not list((cloud.folder / "clips").glob(f"{clip.id}*"))
    assert cloud("analyze", "--json").record == {"videos": []}


def test_what_could_not_be_deleted_is_said(cloud: CloudCli) -> None:
    clip = cloud.clip()
    cloud.upload(clip.id)
    said = cloud("purge", clip.id, "--yes", "--endpoint-url", "http://127.0.0.1:9", "--json")
    assert said.code == 1
    told: dict[str, Any] = said.record
    assert told["removed"] == []
    assert f"s3://{cloud.bucket.name}/films/{clip.id}.mp4: " in told["kept"][clip.id]
    assert not clip.file.exists()


def test_how_far_a_clip_has_come_is_told_by_the_list_and_by_show(cloud: CloudCli) -> None:
    clip = cloud.clip()
    cloud.analyze(clip.id)
    assert " fetched " in cloud("list").out
    shown = cloud("show", clip.id).out
    assert f"on S3        {cloud.place}/{clip.id}.mp4" in shown
    assert "job          fetched, " in shown


@pytest.mark.parametrize("command", ["upload", "analyze"])
def test_the_help_says_what_the_options_do_there(
    command: str, cloud: CloudCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 200)  # so that no sentence is broken
    text = " ".join(cloud(command, "--help").out.replace("│", " ").split())
    assert "Where on S3 they go; asks before the first." in text
    assert "Print what became of each video as JSON." in text
