from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.analysis import uploading
from livecam.analysis.uploading import VideoRefused, upload, why_not
from livecam.analysis.video_lock import lock_of
from livecam.archive.archive import ClipInUse
from livecam.errors import CloudError, OutputError, UsageError
from livecam.events import ClipStored, UploadFailed
from livecam.native import cv2
from livecam.stored_video import S3Place, StoredVideo, Upload
from tests.analysis.samples import BUCKET, a_clip, cloud_error, film

if TYPE_CHECKING:
    from pathlib import Path

    from tests.analysis.samples import Scene

PLACE = S3Place(BUCKET, "films/film.mp4")


def a_video_of_cv2(path: Path) -> Path:
    """Write what many scripts write: MPEG-4 Part 2 in MP4."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (64, 48))
    for _ in range(10):
        writer.write(np.full((48, 64, 3), 90, np.uint8))
    writer.release()
    return path


def test_a_file_is_stored_and_that_is_written_down_and_told(scene: Scene) -> None:
    path, counts = scene.file(), list[tuple[int, int]]()
    stored = upload(scene.cloud(), scene.waiting(path), PLACE, on_bytes=lambda *told: counts.append(told))
    size = len(film())
    assert scene.store.objects == {"films/film.mp4": film()}
    assert stored == scene.known(path)
    assert (stored.state, stored.size, stored.upload, stored.problem) == ("stored", size, None, None)
    assert stored.place is not None
    assert stored.place.etag is not None
    assert stored.checksum
    assert counts[-1] == (size, size)
    (told,) = scene.events.told
    assert told == ClipStored(
        at=scene.clock.now(), source="", clip=str(path), uri="s3://clips/films/film.mp4", size=size
    )


def test_what_is_stored_is_not_sent_again(scene: Scene) -> None:
    path = scene.file()
    first = upload(scene.cloud(), scene.waiting(path), PLACE)
    again = upload(scene.cloud(), scene.waiting(path), S3Place("other", "place.mp4"))
    assert again == first
    assert len(scene.store.sent) == 1


@pytest.mark.parametrize("step", ["begin", "send", "prove"])
def test_an_upload_that_failed_waits_with_the_reason_and_is_gone_on_with(step: str, scene: Scene) -> None:
    path = scene.file()
    scene.store.fail(step, cloud_error("SlowDown"))  # type: ignore[arg-type]
    with pytest.raises(CloudError, match="SlowDown"):
        upload(scene.cloud(), scene.waiting(path), PLACE)
    waiting = scene.known(path)
    assert (waiting.state, waiting.problem) == ("waiting", "it said SlowDown")
    assert waiting.upload == (None if step == "begin" else Upload("upload-1", 8))
    (failed,) = scene.events.of(UploadFailed)
    assert isinstance(failed, UploadFailed)
    assert (failed.error, failed.is_refused) == ("SlowDown", False)
    assert upload(scene.cloud(), scene.waiting(path), PLACE).state == "stored"
    assert scene.store.resumed == [None, waiting.upload]
    assert scene.known(path).problem is None


def test_when_it_is_killed_the_ledger_says_what_was_under_way(scene: Scene) -> None:
    class Killed(BaseException):
        pass

    def kill(_done: int, _of: int) -> None:
        assert scene.known(path).state == "uploading"
        assert scene.known(path).upload == Upload("upload-1", 8)
        assert lock_of(scene.archive, str(path)) is None
        raise Killed

    path = scene.file()
    with pytest.raises(Killed):
        upload(scene.cloud(), scene.waiting(path), PLACE, on_bytes=kill)
    assert scene.known(path).state == "uploading"
    assert upload(scene.cloud(), scene.known(path), PLACE).state == "stored"
    assert scene.store.resumed[-1] == Upload("upload-1", 8)


def test_what_rekognition_would_refuse_is_not_sent_and_that_is_said(scene: Scene, tmp_path: Path) -> None:
    path = a_video_of_cv2(tmp_path / "film.mp4")
    with pytest.raises(VideoRefused, match=r"film\.mp4 is not uploaded: Rekognition takes H\.264, and this"):
        upload(scene.cloud(), scene.waiting(path), PLACE)
    assert scene.store.resumed == []
    assert scene.known(path).state == "refused"
    (failed,) = scene.events.of(UploadFailed)
    assert isinstance(failed, UploadFailed)
    assert failed.is_refused
    assert failed.error == "VideoRefused"


def test_it_is_sent_all_the_same_when_that_is_asked_for(scene: Scene, tmp_path: Path) -> None:
    path = a_video_of_cv2(tmp_path / "film.mp4")
    with pytest.raises(VideoRefused):
        upload(scene.cloud(), scene.waiting(path), PLACE)
    assert upload(scene.cloud(), scene.waiting(path), PLACE, is_forced=True).state == "stored"
    assert scene.store.objects["films/film.mp4"] == path.read_bytes()


def test_a_copy_goes_in_its_place_and_is_not_what_is_remembered(scene: Scene, tmp_path: Path) -> None:
    path, copy = a_video_of_cv2(tmp_path / "film.mp4"), scene.file("copy.mp4")
    stored = upload(scene.cloud(), scene.waiting(path), PLACE, copy=copy)
    assert scene.store.objects == {"films/film.mp4": film()}
    assert (stored.file, stored.size) == (path, len(film()))


def test_two_at_once_do_not_send_the_same_video(scene: Scene) -> None:
    path = scene.file()
    lock = lock_of(scene.archive, str(path))
    assert lock is not None
    with lock, pytest.raises(ClipInUse, match="is being recorded or worked on"):
        upload(scene.cloud(), scene.waiting(path), PLACE)
    assert scene.archive.ledger.videos.get(str(path)) is None
    assert upload(scene.cloud(), scene.waiting(path), PLACE).state == "stored"


def test_a_clip_goes_from_this_machine_only_once_it_is_stored(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    video = StoredVideo(clip.id, "waiting", file=clip.file)
    scene.store.fail("prove", cloud_error())
    with pytest.raises(CloudError):
        upload(scene.cloud(keeps_local=False), video, PLACE)
    assert clip.file.is_file()
    upload(scene.cloud(keeps_local=False), video, PLACE)
    assert not clip.file.exists()
    assert scene.archive.folder.sidecar(clip.id).is_file()


@pytest.mark.parametrize("name", ["film.mp4", "clips/film.mp4"])
def test_a_file_of_the_users_own_stays_wherever_it_is(name: str, scene: Scene) -> None:
    path = scene.file(name)
    assert upload(scene.cloud(keeps_local=False), scene.waiting(path), PLACE).state == "stored"
    assert path.is_file()


def test_a_clip_stays_unless_it_is_said_otherwise(scene: Scene) -> None:
    clip = a_clip(scene.archive)
    upload(scene.cloud(), StoredVideo(clip.id, "waiting", file=clip.file), PLACE)
    assert clip.file.is_file()


def test_what_is_being_deleted_is_not_uploaded(scene: Scene) -> None:
    video = scene.stored()
    scene.archive.ledger.videos.note(video.name, state="removing")
    with pytest.raises(UsageError, match="is being deleted"):
        upload(scene.cloud(), video, PLACE)
    assert scene.known(video.name).state == "removing"


def test_without_a_file_there_is_nothing_to_send(scene: Scene) -> None:
    video = StoredVideo("s3://clips/x.mp4", "waiting")
    with pytest.raises(UsageError, match="has no file on this machine"):
        upload(scene.cloud(), video, PLACE)


def test_a_file_that_vanished_is_one_sentence(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scene.file()
    video = scene.waiting(path)
    path.unlink()
    with pytest.raises(OutputError, match="cannot be read: No such file"):
        upload(scene.cloud(), video, PLACE, is_forced=True)
    assert scene.known(path).state == "waiting"


def test_a_ledger_that_fails_on_the_way_hides_no_error(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = scene.file()
    videos = type(scene.archive.ledger.videos)
    note = videos.note

    def full(*args: object, **facts: object) -> object:
        if facts.get("state") == "waiting":
            raise OutputError("no room")
        return note(*args, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(videos, "note", full)
    scene.store.fail("send", cloud_error())
    with pytest.raises(CloudError):
        upload(scene.cloud(), scene.waiting(path), PLACE)
    assert "no room" in caplog.text
    assert scene.known(path).state == "uploading"


def test_what_cannot_be_read_would_be_refused(tmp_path: Path, scene: Scene) -> None:
    assert why_not(scene.file()) is None
    assert "cannot be read as a video" in str(uploading.why_not(tmp_path / "nothing.mp4"))
