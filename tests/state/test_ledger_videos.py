from __future__ import annotations

import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from livecam.errors import OutputError
from livecam.state.ledger import Ledger
from livecam.stored_video import S3Place, StoredVideo, Upload
from livecam.testing.clock import FakeClock
from tests.requirements import skip_unless
from tests.state.ledgers import ID, PLACE, asides, change, video

BEGUN = Upload("an-upload", 8_388_608)
ELSEWHERE = S3Place("another-bucket", "x.mp4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clips"


@pytest.fixture
def ledger(folder: Path) -> Ledger:
    return Ledger(folder, clock=FakeClock())


def test_a_video_is_there_for_the_next_livecam_with_all_that_is_known_of_it(
    ledger: Ledger, folder: Path
) -> None:
    whole = video(
        folder,
        state="stored",
        place=PLACE,
        upload=BEGUN,
        size=2_000_000,
        checksum="abc=-3",
        wants_analysis=True,
        problem="it's late",
    )
    ledger.videos.add(whole)
    assert Ledger(folder).videos.get(ID) == whole
    assert Ledger(folder).videos.all() == (whole,)
    ledger.videos.add(video(folder))
    assert ledger.videos.all() == (video(folder),)


def test_what_is_wanted_is_written_down_once(ledger: Ledger, folder: Path) -> None:
    wanted = video(folder, place=PLACE)
    assert ledger.videos.want(wanted) == wanted
    ledger.videos.note(ID, state="uploading", upload=BEGUN)
    assert ledger.videos.want(wanted) == replace(wanted, state="uploading", upload=BEGUN)
    assert len(ledger.videos.all()) == 1


@pytest.mark.parametrize("state", ["waiting", "uploading", "stored", "refused", "removing"])
def test_an_analysis_that_is_wanted_once_stays_wanted(ledger: Ledger, folder: Path, state: Any) -> None:  # noqa: ANN401
    ledger.videos.add(video(folder, state=state))
    assert ledger.videos.want(video(folder, wants_analysis=True)).wants_analysis
    assert ledger.videos.want(video(folder)).wants_analysis
    assert ledger.videos.get(ID) == video(folder, state=state, wants_analysis=True)


@pytest.mark.parametrize("state", ["waiting", "uploading", "refused"])
def test_what_is_not_on_s3_goes_to_the_place_that_was_said_last(
    ledger: Ledger,
    folder: Path,
    state: Any,  # noqa: ANN401
) -> None:
    ledger.videos.add(video(folder, state=state, place=PLACE, upload=BEGUN))
    assert ledger.videos.want(video(folder)).upload == BEGUN
    assert ledger.videos.want(video(folder, place=S3Place(PLACE.bucket, PLACE.key))).upload == BEGUN
    moved = ledger.videos.want(video(folder, place=ELSEWHERE))
    assert moved == video(folder, state=state, place=ELSEWHERE)
    assert ledger.videos.get(ID) == moved


def test_what_is_not_on_s3_is_sent_as_the_file_that_was_said_last(ledger: Ledger, folder: Path) -> None:
    ledger.videos.add(video(folder, state="refused", place=PLACE, upload=BEGUN))
    assert ledger.videos.want(video(folder, file=folder / ".." / "clips" / f"{ID}.mp4")).upload == BEGUN
    copy = folder / ".livecam" / "transcoded" / f"{ID}.mp4"
    sent = ledger.videos.want(video(folder, file=copy))
    assert sent == video(folder, state="refused", file=copy, place=PLACE)
    moved = folder.rename(folder.with_name("moved"))
    assert Ledger(moved).videos.all() == (replace(sent, file=moved / ".livecam" / "transcoded" / copy.name),)


@pytest.mark.parametrize("state", ["stored", "removing"])
def test_what_is_on_s3_stays_where_it_is(ledger: Ledger, folder: Path, state: Any) -> None:  # noqa: ANN401
    stored = video(folder, state=state, place=PLACE)
    ledger.videos.add(stored)
    assert ledger.videos.want(video(folder, place=ELSEWHERE, file=folder / f"{ID}.copy.mp4")) == stored


def test_a_file_that_becomes_known_is_noted(ledger: Ledger, folder: Path) -> None:
    ledger.videos.add(video(folder, file=None, state="stored", place=PLACE))
    assert ledger.videos.want(video(folder)) == video(folder, state="stored", place=PLACE)


def test_what_becomes_known_is_noted_and_the_rest_stays(ledger: Ledger, folder: Path) -> None:
    ledger.videos.want(video(folder, wants_analysis=True))
    noted = ledger.videos.note(ID, state="stored", place=PLACE, upload=BEGUN, size=7, checksum="c=")
    assert noted is not None
    assert noted == replace(
        video(folder, wants_analysis=True), state="stored", place=PLACE, upload=BEGUN, size=7, checksum="c="
    )
    assert ledger.videos.note(ID, upload=None, wants_analysis=False) == replace(
        noted, upload=None, wants_analysis=False
    )
    assert ledger.videos.get(ID) == replace(noted, upload=None, wants_analysis=False)
    assert ledger.videos.note("another", state="stored") is None


def test_what_no_video_has_cannot_be_written(ledger: Ledger, folder: Path) -> None:
    ledger.videos.want(video(folder))
    wrong: list[dict[str, Any]] = [
        {"size": -1},
        {"place": S3Place("", "key")},
        {"upload": Upload("u", 0)},
        {"file": Path("/etc/passwd")},
        {"checksum": ""},
        {"state": "lost"},
    ]
    for facts in wrong:
        with pytest.raises(ValueError, match=r"is no |is empty"):
            ledger.videos.note(ID, **facts)
        with pytest.raises(ValueError, match=r"is no |is empty"):
            ledger.videos.want(replace(video(folder), **facts))
    assert ledger.videos.all() == (video(folder),)


def test_a_file_of_ones_own_is_named_by_its_path(ledger: Ledger, folder: Path, tmp_path: Path) -> None:
    own = StoredVideo(str(tmp_path / "beach: day.mp4"), "waiting", file=tmp_path / "beach: day.mp4")
    inside = StoredVideo(str(folder / "mine.mp4"), "waiting", file=folder / "mine.mp4")
    on_s3 = StoredVideo("s3://a-bucket/x.mp4", "stored", place=S3Place("a-bucket", "x.mp4"))
    for each in (own, inside, on_s3):
        assert ledger.videos.want(each) == each
    assert Ledger(folder).videos.all() == (own, inside, on_s3)
    for name in ("../x.mp4", str(tmp_path / ".." / "x.mp4")):
        with pytest.raises(ValueError, match="is no name of a video"):
            ledger.videos.want(StoredVideo(name, "waiting"))
    with pytest.raises(OutputError, match="rename the file"):
        ledger.videos.want(StoredVideo("/home/caf\udce9.mp4", "waiting", file=Path("/home/caf\udce9.mp4")))
    assert ledger.videos.get("/home/caf\udce9.mp4") is None
    assert not ledger.videos.forget("/home/caf\udce9.mp4")


def test_a_folder_that_was_moved_takes_its_videos_along(ledger: Ledger, folder: Path) -> None:
    ledger.videos.want(video(folder))
    own = StoredVideo(str(folder / "mine.mp4"), "waiting", file=folder / "mine.mp4")
    ledger.videos.want(own)
    moved = folder.rename(folder.with_name("moved"))
    assert Ledger(moved).videos.all() == (video(moved), replace(own, file=moved / "mine.mp4"))


def test_videos_come_in_the_order_in_which_they_were_wanted(ledger: Ledger, folder: Path) -> None:
    for name in "bca":
        ledger.videos.want(video(folder, name))
    ledger.videos.note("b", state="stored")
    ledger.videos.add(video(folder, "c", size=3))
    assert [each.name for each in ledger.videos.all()] == ["b", "c", "a"]


def test_what_is_forgotten_is_gone_and_the_rest_stays(ledger: Ledger, folder: Path) -> None:
    for name in "ab":
        ledger.videos.want(video(folder, name))
    assert ledger.videos.forget("a")
    assert not ledger.videos.forget("a")
    assert ledger.videos.all() == (video(folder, "b"),)


def test_looking_makes_no_file(ledger: Ledger, folder: Path) -> None:
    assert ledger.videos.get("a") is None
    assert ledger.videos.all() == ()
    assert ledger.videos.note("a", state="stored") is None
    assert not ledger.videos.forget("a")
    assert not folder.exists()


HOSTILE = {
    "another name": "name = '../../elsewhere'",
    "another address": "name = 's3://'",
    "another folder": "file = '../elsewhere.mp4'",
    "another disk": "file = '/etc/passwd'",
    "another clip": "file = 'other.mp4'",
    "state": "state = 'recorded'",
    "half a place": "bucket = 'b'",
    "half an upload": "upload_id = 'u'",
    "no part": "upload_id = 'u', part_size = 0",
    "negative": "size = -1",
    "bytes": "checksum = x'00'",
    "neither": "wants_analysis = 2",
    "problem": "problem = 7.5, size = 1.5",
}


@pytest.mark.parametrize("change_", HOSTILE.values(), ids=HOSTILE)
def test_what_livecam_never_writes_is_damage(folder: Path, change_: str) -> None:
    Ledger(folder).videos.want(video(folder))
    change(folder, f"UPDATE videos SET {change_}")  # noqa: S608  # our own
    rebuilt = Ledger(folder, on_set_aside=lambda: Ledger(folder).videos.add(video(folder, "again")))
    assert rebuilt.videos.all() == (video(folder, "again"),)
    assert len(asides(folder)) == 1


UPLOAD = """
import sys
from pathlib import Path
from livecam.state.ledger import Ledger
from livecam.stored_video import S3Place, StoredVideo, Upload
folder, name = Path(sys.argv[1]), sys.argv[2]
videos = Ledger(folder).videos
for number in range(1_000_000):
    id = f"{name}-{number}"
    videos.want(StoredVideo(id, "waiting", file=folder / f"{id}.mp4", place=S3Place("b", id)))
    print("waiting", id, flush=True)
    videos.note(id, state="uploading", upload=Upload(f"upload-{id}", 5))
    print("uploading", id, flush=True)
    videos.note(id, state="stored", place=S3Place("b", id, etag="e"), upload=None)
    print("stored", id, flush=True)
"""
STEPS = ("waiting", "uploading", "stored")


def test_what_a_killed_program_was_told_is_written_is_there(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    skip_unless(sys.platform != "win32", "Windows has no kill -9")
    for attempt in range(5):
        command = [sys.executable, "-c", UPLOAD, str(folder), str(attempt)]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert run.stdout
        lines = [run.stdout.readline() for _ in range(random.Random(attempt).randint(1, 40))]  # noqa: S311  # no secret
        run.send_signal(signal.SIGKILL)
        lines += run.communicate()[0].splitlines()
        told = {line.split()[1]: line.split()[0] for line in lines if len(line.split()) == len("12")}
        known = {
            each.name: each for each in Ledger(folder).videos.all() if each.name.startswith(f"{attempt}-")
        }
        assert told.keys() <= known.keys()
        assert len(known) - len(told) <= 1
        for name, state in told.items():
            assert STEPS.index(known[name].state) >= STEPS.index(state)
        for each in known.values():
            assert (each.upload is not None) == (each.state == "uploading")
    assert caplog.messages == []
