from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from livecam.aws import clip_store
from livecam.cli import storing
from livecam.config import load_settings
from livecam.errors import CloudError
from livecam.local_aws.fault_plan import FaultPlan, plan_from
from livecam.stored_video import S3Place, StoredVideo
from tests.analysis.samples import film
from tests.cli.cloud_scene import CloudCli

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def faulty(cloud: CloudCli) -> Iterator[CloudCli]:
    yield cloud
    cloud.bucket.running.change_faults(FaultPlan())


def test_a_clip_is_uploaded_once_and_what_is_said_of_it_is_true(cloud: CloudCli) -> None:
    clip = cloud.clip()
    said = cloud.upload(clip.id)
    assert said.code == 0, said.err
    assert said.video == {
        "video": clip.id,
        "state": "stored",
        "s3": f"{cloud.place}/{clip.id}.mp4",
        "version": None,
        "size": clip.size,
        "problem": None,
        "job": None,
    }
    assert cloud.bucket.content(f"films/{clip.id}.mp4") == clip.file.read_bytes()
    sent = cloud.bucket.running.requests()
    assert cloud.upload(clip.id).video["state"] == "stored"
    assert cloud.bucket.running.requests() == sent


def test_without_a_name_it_is_all_that_is_not_there_yet(cloud: CloudCli) -> None:
    first, second = cloud.clip(), cloud.clip()
    cloud.upload(first.id)
    (video,) = cloud.upload().record["videos"]
    assert video["video"] == second.id
    said = cloud("upload", "--upload", cloud.place)
    assert (said.code, said.out) == (0, "nothing is to be done\n")


def test_a_folder_of_files_is_uploaded_and_people_are_told_where_each_is(cloud: CloudCli) -> None:
    for name in ("a.mp4", "b.mp4"):
        cloud.file(f"films/{name}")
    said = cloud("upload", cloud.folder / "films", "--upload", cloud.place, "--tag", "by=livecam")
    lines, keys = said.out.splitlines(), cloud.keys()
    assert lines == [f"s3://{cloud.bucket.name}/{key}: stored" for key in keys]
    assert [key.partition("-")[0] for key in keys] == ["films/a", "films/b"]


def test_a_clip_is_analysed_and_its_results_are_beside_it(cloud: CloudCli) -> None:
    clip = cloud.clip()
    said = cloud.analyze(clip.id)
    assert said.code == 0, said.err
    job = said.video["job"]
    results = cloud.folder / "clips" / f"{clip.id}.results.jsonl"
    assert (job["status"], job["results"]) == ("fetched", str(results))
    header, *faces = map(json.loads, results.read_text(encoding="utf-8").splitlines())
    assert (header["video"], header["bucket"], header["job_id"]) == (clip.id, cloud.bucket.name, job["id"])
    assert len(faces) == job["faces"] > 0
    assert job["usd"] == pytest.approx(job["minutes"] * 0.1)
    text = cloud("analyze", clip.id, "--wait").out
    assert text.startswith(f"{results}: {job['faces']} face entr")


def test_without_waiting_a_job_is_gone_on_with_without_a_name(cloud: CloudCli) -> None:
    path = cloud.file()
    said = cloud("analyze", path, "--upload", cloud.place)
    assert said.code == 0
    assert said.out == f"{path}: submitted; `livecam clips analyze --wait` fetches the results\n"
    told = cloud("analyze", "--wait", "--json")
    assert told.video["job"]["status"] == "fetched"
    assert Path(told.video["job"]["results"]) == cloud.folder / "film.mp4.results.jsonl"
    assert cloud("analyze", "--wait", "--json").record == {"videos": []}


def test_an_object_on_s3_is_analysed_where_it_is_also_in_another_bucket_than_uploads_go_to(
    cloud: CloudCli,
) -> None:
    cloud.bucket.s3.put_object(Bucket=cloud.bucket.name, Key="far/away.mp4", Body=film(pictures=30))
    uri = f"s3://{cloud.bucket.name}/far/away.mp4"
    said = cloud("analyze", uri, "--wait", "--json")
    assert said.code == 0, said.err
    assert said.video["s3"] == uri
    assert Path(said.video["job"]["results"]).parent == cloud.folder / "clips"
    elsewhere = cloud("analyze", uri, "--wait", "--json", "--upload", "s3://some-other-bucket/films")
    assert elsewhere.video["job"]["id"] == said.video["job"]["id"]


def test_uploads_never_go_to_the_bucket_that_something_else_is_in(cloud: CloudCli) -> None:
    cloud.bucket.s3.put_object(Bucket=cloud.bucket.name, Key="far/away.mp4", Body=film(pictures=30))
    said = cloud(
        "analyze", f"s3://{cloud.bucket.name}/far/away.mp4", cloud.file(), "--json",
        "--upload", "s3://some-other-bucket-of-mine/films",
    )  # fmt: skip
    assert said.code == 1
    assert "some-other-bucket-of-mine" in said.record["videos"][1]["problem"]
    assert cloud.keys() == ["far/away.mp4"]


def test_a_clip_that_changed_its_place_goes_where_it_is_said_now(cloud: CloudCli) -> None:
    clip = cloud.clip()
    archive = cloud.archive
    archive.ledger.videos.add(
        StoredVideo(clip.id, "waiting", file=clip.file, place=S3Place("an-earlier-bucket", "x.mp4"))
    )
    assert cloud.upload(clip.id).video["s3"] == f"{cloud.place}/{clip.id}.mp4"


@pytest.mark.parametrize("command", ["upload", "analyze"])
def test_a_dry_run_says_what_would_be_done_and_asks_nobody(command: str, cloud: CloudCli) -> None:
    clip, refused = cloud.clip(), cloud.file("old.avi", film("mpeg4", "avi"))
    before = cloud.requests()
    said = cloud(command, clip.id, refused, "--upload", cloud.place, "--dry-run")
    assert said.code == 1  # one of them would be refused
    assert cloud(command, clip.id, "--upload", cloud.place, "--dry-run").code == 0
    assert cloud.requests() == before
    assert said.out.splitlines()[0].startswith(f"{clip.id}: 0:00, would be uploaded")
    assert said.out.splitlines()[-1] == "nothing was sent"
    assert ("analysis: about $" in said.out) == (command == "analyze")
    assert f"{refused} would not be sent: Rekognition takes MP4 and MOV files" in said.err
    assert cloud.archive.ledger.videos.all() == ()
    (video, other) = cloud(command, clip.id, refused, "--dry-run", "--json").record["estimate"]["videos"]
    assert (video["refused"], other["usd"] is not None) == (None, True)


def test_a_price_is_not_told_of_an_upload_alone_whatever_the_settings_file_says(cloud: CloudCli) -> None:
    (cloud.folder / "livecam.toml").write_text(
        f'upload = "{cloud.place}"\nanalyze = true\n', encoding="utf-8"
    )
    assert "analysis: " not in cloud("upload", cloud.clip().id, "--dry-run").out


def test_what_rekognition_would_refuse_is_told_and_sent_by_force_or_as_a_copy(cloud: CloudCli) -> None:
    path = cloud.file("old.mp4", film("mpeg4"))
    said = cloud.analyze(path)
    assert (said.code, said.video["state"], cloud.keys()) == (1, "refused", [])
    text = cloud("analyze", path, "--upload", cloud.place)
    assert text.out == ""
    assert text.err.endswith("--transcode sends an H.264 copy, --force sends it as it is\n")
    taken = cloud.analyze(path, "--transcode")
    assert taken.code == 0, taken.err
    assert taken.video["job"]["status"] == "fetched"
    forced = cloud.file("forced.mp4", film("mpeg4"))
    failed = cloud.analyze(forced, "--force")
    assert failed.code == 1
    assert failed.video["job"]["status"] == "failed"
    assert "(Rekognition takes H.264 in MP4 or MOV only" in failed.video["problem"]


def test_it_is_analysed_again_when_that_is_asked_for(cloud: CloudCli) -> None:
    path = cloud.file()
    first, same, anew = (cloud.analyze(path, *how).video["job"] for how in ((), (), ("--anew",)))
    assert first == same
    assert (anew["attempt"], anew["id"] == first["id"]) == (2, False)


def test_a_clip_leaves_this_machine_when_that_is_asked_for(cloud: CloudCli) -> None:
    clip = cloud.clip()
    assert cloud.analyze(clip.id, "--no-keep-local").code == 0
    assert not clip.file.exists()
    assert cloud.keys() == [f"films/{clip.id}.mp4"]
    assert cloud.analyze(clip.id).video["job"]["status"] == "fetched"
    assert clip.id in cloud("list").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["upload", "film.mp4"], "say where on S3 they go: --upload s3://BUCKET/PREFIX"),
        (["analyze", "film.mp4"], "say where on S3 they go"),
        (["upload", "film.mp4", "--upload", "bucket"], "--upload 'bucket'"),
        (["upload", "film.mp4", "--upload", "s3://my-clips/a//b"], "has an empty part"),
        (["upload", "film.mp4", "--upload", "s3://my-clips/../b"], "one of dots"),
        (["upload", "film.mp4", "--upload", "s3://my-clips", "--key-template", "x.mp4"], "without {id}"),
        (["upload", "nothing", "--upload", "s3://my-clips"], "there is no clip nothing in"),
        (["analyze", "s3://my-clips/"], "s3://my-clips/ is no object on S3"),
        (
            ["analyze", "s3://my-clips/x.mp4", "--sns-topic", "arn:aws:sns:eu-west-1:123456789012:t"],
            "give --sns-topic and --role-arn together",
        ),
        (["analyze", "film.mp4", "--face-attributes", "SOME"], "--face-attributes 'SOME'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments: list[str], sentence: str, cloud: CloudCli) -> None:
    cloud.file()
    before = cloud.requests()
    said = cloud(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert sentence in said.err
    assert cloud.requests() == before


def test_a_bucket_that_is_not_there_is_one_sentence_and_the_clip_waits(cloud: CloudCli) -> None:
    clip = cloud.clip()
    said = cloud("upload", clip.id, "--upload", "s3://no-such-bucket-of-mine/films")
    assert said.code == 1
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert "no-such-bucket-of-mine" in line
    assert cloud("list", "--json").record["clips"][0]["upload"]["state"] == "waiting"
    assert cloud.upload(clip.id).code == 0


def test_what_is_away_from_this_machine_needs_consent(cloud: CloudCli) -> None:
    said = cloud(
        "upload", cloud.clip().id, "--upload", cloud.place, "--endpoint-url", "https://s3.example.com"
    )
    assert said.code == 2
    assert "you have not agreed to send pictures to https://s3.example.com" in said.err


def test_a_service_that_fails_for_a_while_loses_nothing(faulty: CloudCli) -> None:
    clip = faulty.clip()
    faulty.bucket.running.change_faults(
        plan_from(
            {
                "faults": [
                    {"kind": "error", "code": "AccessDeniedException", "operation": "StartFaceDetection"}
                ]
            },
            "the test",
        )
    )
    said = faulty("analyze", clip.id, "--upload", faulty.place, "--json")
    assert said.code == 1
    assert said.video["state"] == "stored"
    assert said.video["job"]["status"] == "submitting"
    faulty.bucket.running.change_faults(FaultPlan())
    again = faulty("analyze", "--wait", "--json")
    assert again.video["job"]["status"] == "fetched"
    assert again.video["job"]["attempt"] == 1


def test_what_a_run_left_undone_is_brought_to_its_end(cloud: CloudCli) -> None:
    clip, untouched = cloud.clip(), cloud.clip()
    cloud("analyze", clip.id, "--upload", cloud.place)
    settings = load_settings({"clip_dir": cloud.folder / "clips", "upload": cloud.place, "analyze": True})
    assert storing.finish_begun(settings, is_quiet=True) == [clip.id]
    assert cloud.keys() == [f"films/{clip.id}.mp4"]
    assert untouched.file.is_file()


def test_an_upload_that_broke_off_is_gone_on_with_by_the_next_command(
    cloud: CloudCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise CloudError("the network is gone", code="ConnectionClosed", blame="network")

    path = cloud.file()
    with monkeypatch.context() as patch:
        patch.setattr(clip_store.S3ClipStore, "store", broken)
        said = cloud("analyze", path, "--upload", cloud.place, "--quiet")
    assert (said.code, said.out, said.err) == (1, "", "livecam: the network is gone\n")
    assert cloud("analyze", "--wait", "--json", "--upload", cloud.place).video["job"]["status"] == "fetched"


def test_a_file_whose_upload_broke_off_is_stored_by_an_upload_without_a_name(
    cloud: CloudCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise CloudError("the network is gone", code="ConnectionClosed", blame="network")

    path = cloud.file()
    with monkeypatch.context() as patch:
        patch.setattr(clip_store.S3ClipStore, "store", broken)
        assert cloud.upload(path).code == 1
    said = cloud.upload()
    assert (said.video["video"], said.video["state"]) == (str(path), "stored")


def test_files_of_one_name_from_two_clip_folders_and_one_that_changed_are_three_objects(
    cloud: CloudCli,
) -> None:
    first, second = cloud.file("a/film.mp4"), cloud.file("b/film.mp4", film(pictures=10))
    elsewhere = CloudCli(cloud.folder / "other", cloud.bucket, cloud.capsys)
    assert cloud.upload(first).code == elsewhere.upload(second).code == 0
    first.write_bytes(film(pictures=20))
    assert cloud.upload(first).code == 0
    assert len(cloud.keys()) == 3


def test_a_mistake_that_lasts_ends_the_waiting(faulty: CloudCli) -> None:
    fault = {"kind": "error", "code": "AccessDeniedException", "operation": "GetFaceDetection"}
    faulty.bucket.running.change_faults(plan_from({"faults": [fault]}, "the test"))
    said = faulty.analyze(faulty.clip().id)
    assert said.code == 1
    assert said.video["job"]["status"] == "submitted"
    assert "GetFaceDetection" in said.video["problem"]
    faulty.bucket.running.change_faults(FaultPlan())
    assert faulty("analyze", "--wait", "--json").video["job"]["status"] == "fetched"
