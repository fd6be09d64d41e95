from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.analysis.cloud import object_stem
from livecam.analysis.desk import Outcome, finish
from livecam.analysis.jobs import NO_SLOT
from livecam.analysis.targets import Target, begun, clip_target, targets_of
from livecam.encoding.probe import probe
from livecam.errors import OutputError
from livecam.stored_video import S3Place, StoredVideo
from tests.analysis.samples import a_clip, cloud_error, faces, film, place_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.analysis.samples import Scene


def key_of(scene: Scene, path: Path) -> str:
    """Return where a file of the user's own goes as it is now."""
    return f"films/{object_stem(scene.waiting(path))}.mp4"


def named(scene: Scene, path: Path) -> Target:
    """Return a file as somebody means it who knows of what was done with it."""
    (target,) = targets_of(scene.archive, [str(path)], find=lambda _: pytest.fail("asked"))
    return target


def an_object(scene: Scene, uri: str = "s3://clips/far/away.mp4") -> Target:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    video = StoredVideo(uri, "stored", place=S3Place(bucket, key))
    return Target(video, "away", "", scene.clock.wall())


def test_a_video_is_stored_where_it_is_said_and_its_progress_is_told(scene: Scene) -> None:
    path, told = scene.file(), list[tuple[str, int, int]]()
    outcome = scene.desk(on_bytes=lambda *each: told.append(each)).store(scene.target(path))
    assert (outcome.problem, outcome.job, outcome.is_open) == (None, None, False)
    assert outcome.video == scene.known(path)
    assert list(scene.store.objects) == [key_of(scene, path)]
    assert told[-1] == (str(path), len(film()), len(film()))
    assert scene.jobs.starts == []


def test_a_video_is_stored_and_then_analysed(scene: Scene) -> None:
    outcome = scene.desk().analyse(scene.target(scene.file()))
    assert outcome.problem is None
    assert outcome.is_open
    ((place, _, _),) = scene.jobs.starts
    assert place == outcome.video.place
    assert not scene.known(outcome.video.name).wants_analysis


def test_what_failed_is_said_with_what_is_known_of_it_and_waits(scene: Scene) -> None:
    path = scene.file()
    scene.store.fail("send", cloud_error("SlowDown"))
    outcome = scene.desk().analyse(scene.target(path))
    assert outcome.problem == "it said SlowDown"
    assert outcome.video == scene.known(path)
    assert outcome.video.upload is not None
    assert scene.jobs.starts == []
    (again,) = begun(scene.archive)
    assert scene.desk().analyse(again).is_open
    assert scene.store.resumed[-1] == outcome.video.upload


def test_a_kill_on_the_way_loses_neither_the_upload_nor_the_analysis(scene: Scene) -> None:
    class Killed(BaseException):
        pass

    path = scene.file()
    scene.store.fail("begin", Killed())  # type: ignore[arg-type]
    with pytest.raises(Killed):
        scene.desk().analyse(scene.target(path))
    (again,) = begun(scene.archive)
    scene.jobs.fail("start", Killed())  # type: ignore[arg-type]
    with pytest.raises(Killed):
        scene.desk().analyse(again)
    (again,) = begun(scene.archive)
    assert again.video.state == "stored"
    assert scene.desk().analyse(again).is_open
    assert len(scene.store.sent) == len(scene.jobs.jobs) == 1


def test_what_rekognition_would_refuse_is_said_with_a_way_out(scene: Scene) -> None:
    path = scene.file(content=film("mpeg4"))
    outcome = scene.desk().analyse(scene.target(path))
    assert outcome.video.state == "refused"
    assert str(outcome.problem).endswith("--transcode sends an H.264 copy, --force sends it as it is")
    assert scene.store.resumed == []
    assert scene.jobs.starts == []
    assert begun(scene.archive) == []
    assert scene.desk(is_forced=True).analyse(scene.target(path)).is_open
    assert scene.store.objects[key_of(scene, path)] == film("mpeg4")


@pytest.mark.parametrize("is_known", [True, False])
def test_a_copy_that_rekognition_takes_is_sent_and_nothing_is_left_of_it(
    scene: Scene, tmp_path: Path, *, is_known: bool
) -> None:
    path = scene.file("film.avi", film("mpeg4", "avi"))
    if is_known:
        scene.desk().store(scene.target(path))
    outcome = scene.desk(transcodes=True).analyse(scene.target(path))
    assert outcome.problem is None
    sent = tmp_path / "sent.mp4"
    sent.write_bytes(scene.store.objects[key_of(scene, path)])
    assert probe(sent).codec == "h264"
    assert outcome.video.file == path
    assert path.read_bytes() == film("mpeg4", "avi")
    assert not list((scene.archive.folder.path / ".livecam").rglob("*.mp4"))
    scene.jobs.end("job-1", faces())


def test_what_is_taken_as_it_is_is_not_transcoded(scene: Scene) -> None:
    path = scene.file()
    scene.desk(transcodes=True).store(scene.target(path))
    assert scene.store.objects[key_of(scene, path)] == film()


def test_what_cannot_be_transcoded_is_one_sentence(scene: Scene) -> None:
    outcome = scene.desk(transcodes=True).store(scene.target(scene.file(content=b"no video")))
    assert "cannot be read" in str(outcome.problem)
    assert scene.store.resumed == []


def test_no_video_takes_the_place_of_another_on_s3(scene: Scene) -> None:
    first, second = scene.file("a/film.mp4"), scene.file("b/film.mp4", film(pictures=12))
    desk = scene.desk()
    outcomes = [desk.store(scene.target(path)) for path in (first, second)]
    assert [outcome.problem for outcome in outcomes] == [None, None]
    assert sorted(scene.store.objects.values()) == sorted([film(), film(pictures=12)])
    places = [outcome.video.place.uri for outcome in outcomes if outcome.video.place]
    assert places == [f"s3://clips/{key_of(scene, path)}" for path in (first, second)]
    assert [desk.store(scene.target(path)).video.place for path in (first, second)] == [
        outcome.video.place for outcome in outcomes
    ]


def test_an_object_on_s3_is_analysed_as_it_is_there_and_known_from_then_on(scene: Scene) -> None:
    scene.store.objects["far/away.mp4"] = film()
    target = an_object(scene)
    outcome = scene.desk().analyse(target)
    assert outcome.is_open
    known = scene.known(target.video.name)
    assert known.place is not None
    assert known.place.etag is not None
    assert (known.state, known.size, known.file) == ("stored", len(film()), None)
    assert scene.store.sent == []
    scene.jobs.end("job-1", faces())


def test_an_object_that_is_not_there_is_one_sentence(scene: Scene) -> None:
    outcome = scene.desk().analyse(an_object(scene))
    assert outcome.problem == "s3://clips/far/away.mp4 is not there"
    assert scene.jobs.starts == []


@pytest.mark.parametrize(
    ("code", "state", "problem"),
    [(NO_SLOT, "submitting", None), ("InvalidParameterException", "failed", "it said Invalid")],
)
def test_a_job_that_was_not_taken_is_told_as_it_is(
    code: str, state: str, problem: str | None, scene: Scene
) -> None:
    scene.jobs.fail("start", cloud_error(code))
    outcome = scene.desk().analyse(scene.target(scene.file()))
    assert outcome.job is not None
    assert outcome.job.state == state
    assert outcome.is_open == (problem is None)
    assert str(outcome.problem).startswith(str(problem))
    assert outcome.video.state == "stored"


def test_a_clip_that_is_wanted_is_known_before_anything_is_sent(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    wanted = scene.desk().want(clip_target(scene.archive, clip), is_analysed=True)
    assert wanted == scene.known(clip.id)
    assert (wanted.state, wanted.wants_analysis, wanted.file) == ("waiting", True, clip.file)
    assert wanted.place == S3Place("clips", f"films/{clip.id}.mp4")
    assert scene.store.resumed == []
    assert [target.video.name for target in begun(scene.archive)] == [clip.id]


def test_a_ledger_that_cannot_be_written_is_one_sentence(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("no room")

    target = scene.target(scene.file())
    monkeypatch.setattr(type(scene.archive.ledger.videos), "want", full)
    assert scene.desk().analyse(target).problem == "no room"
    assert scene.store.resumed == []


def test_in_the_end_outcomes_have_what_became_of_their_jobs(scene: Scene) -> None:
    desk = scene.desk()
    jobs = []
    outcomes = [Outcome(scene.stored("alone.mp4"), problem="not sent")]
    for name, state in (("a.mp4", "fetched"), ("b.mp4", "failed"), ("c.mp4", "submitted")):
        outcome = desk.analyse(scene.target(scene.file(name)))
        assert outcome.job is not None
        message = "no codec" if state == "failed" else None
        jobs.append(replace(outcome.job, state=state, message=message))  # type: ignore[arg-type]
        outcomes.append(replace(outcome, problem="asked again" if state == "fetched" else None))
    done = finish(outcomes, jobs)
    assert [(each.job.state if each.job else None, each.problem) for each in done] == [
        (None, "not sent"),
        ("fetched", None),
        ("failed", "no codec"),
        ("submitted", None),
    ]
    assert place_of(scene.target(scene.file("a.mp4"))).key == "films/a.mp4"


def test_an_upload_that_was_begun_goes_on_where_it_was_begun(scene: Scene) -> None:
    target = clip_target(scene.archive, a_clip(scene.archive))
    scene.store.fail("send", cloud_error())
    assert scene.desk().store(target).problem is not None
    again = replace(target, video=scene.known(target.video.name))
    assert again.video.upload is not None

    def elsewhere(each: Target) -> S3Place:
        return S3Place("clips", f"elsewhere/{each.stem}.mp4")

    stored = scene.desk(place_for=elsewhere).store(again).video
    assert stored.place is not None
    assert stored.place.key == place_of(target).key


def test_a_file_that_changed_since_is_another_video_and_what_is_on_s3_stays(scene: Scene) -> None:
    path = scene.file()
    first = scene.desk().analyse(named(scene, path))
    path.write_bytes(film(pictures=12))
    again = named(scene, path)
    assert again.video == scene.waiting(path)
    second = scene.desk().analyse(again)
    assert second.is_open
    assert second.video.state == "stored"
    assert second.video.size == len(film(pictures=12))
    assert sorted(scene.store.objects.values()) == sorted([film(), film(pictures=12)])
    assert [place for place, _, _ in scene.jobs.starts] == [first.video.place, second.video.place]
    assert first.video.place != second.video.place
    assert named(scene, path).video.place == second.video.place


def test_an_upload_of_a_file_that_changed_is_not_gone_on_with(scene: Scene) -> None:
    path = scene.file()
    scene.store.fail("send", cloud_error())
    begun_upload = scene.desk().store(named(scene, path)).video.upload
    assert begun_upload is not None
    path.write_bytes(film(pictures=12))
    (waiting,) = begun(scene.archive, is_analysed=False)
    assert scene.desk().store(waiting).problem is None
    assert scene.store.resumed == [None, None]
    assert list(scene.store.objects) == [key_of(scene, path)]


def test_a_file_that_is_gone_is_one_sentence(scene: Scene) -> None:
    path = scene.file()
    target = scene.target(path)
    path.unlink()
    assert "film.mp4 cannot be read: No such file" in str(scene.desk().store(target).problem)


@pytest.mark.parametrize("code", ["BucketElsewhere", "NoSuchBucket"])
def test_a_bucket_in_which_nothing_can_be_analysed_gets_nothing(code: str, scene: Scene) -> None:
    path = scene.file()
    scene.store.fail("check", cloud_error(code))
    desk = scene.desk()
    outcome = desk.analyse(scene.target(path))
    assert outcome.problem == f"it said {code}"
    assert (outcome.video.state, outcome.video.wants_analysis) == ("waiting", True)
    assert scene.store.resumed == []
    assert desk.analyse(scene.target(path)).is_open  # when it was mended


def test_a_bucket_is_looked_at_once_and_who_may_not_look_may_write(scene: Scene) -> None:
    scene.store.fail("check", cloud_error("AccessDenied"))
    desk = scene.desk()
    assert all(desk.analyse(scene.target(scene.file(name))).is_open for name in ("a.mp4", "b.mp4"))
    assert scene.store.checks == 1
    scene.desk().store(scene.target(scene.file("c.mp4")))
    assert scene.store.checks == 1


def test_of_what_is_no_video_no_copy_is_offered(scene: Scene) -> None:
    outcome = scene.desk().analyse(scene.target(scene.file(content=b"no video")))
    assert outcome.video.state == "refused"
    assert "cannot be read as a video" in str(outcome.problem)
    assert "--transcode" not in str(outcome.problem)


def test_why_a_job_is_waited_for_no_more_is_its_outcomes_problem(scene: Scene) -> None:
    outcome = scene.desk().analyse(scene.target(scene.file()))
    assert outcome.job is not None
    (told,) = finish([outcome], [outcome.job], {outcome.job.number: "may not"})
    assert (told.problem, told.is_open) == ("may not", True)
