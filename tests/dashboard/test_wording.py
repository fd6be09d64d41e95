from __future__ import annotations

import pytest

from livecam.dashboard.wording import is_trouble, sentence, without_folders
from livecam.event_records import event_type
from livecam.event_words import OFTEN
from livecam.events import ClipRecorded, DetectionPaused, Event, JobEnded, MomentMarked, OutputFailed
from tests.test_events import ONE_OF_EACH


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=event_type)
def test_each_event_has_a_sentence_or_comes_too_often_for_one(event: Event) -> None:
    text = sentence(event)
    assert (text is None) == isinstance(event, OFTEN)
    if text is not None:
        assert text
        assert "{" not in text


def test_pausing_and_going_on_are_told_apart() -> None:
    told = {sentence(DetectionPaused(at=1.0, source="", is_paused=each)) for each in (True, False)}
    assert told == {"sending is paused", "sending goes on"}


def test_what_the_user_marked_is_told_in_their_words() -> None:
    assert sentence(MomentMarked(at=1.0, source="", text="{0.at} {}")) == "marked: {0.at} {}"


def test_a_job_that_failed_is_trouble_and_one_that_succeeded_is_not() -> None:
    ended = {
        status: JobEnded(at=1.0, source="", clip="a", job_id="j", status=status)
        for status in ("FAILED", "SUCCEEDED")
    }
    assert is_trouble(ended["FAILED"])
    assert not is_trouble(ended["SUCCEEDED"])
    assert is_trouble(OutputFailed(at=1.0, source="", output="a.csv", message="m"))


def test_the_page_is_not_told_where_files_are() -> None:
    recorded = ClipRecorded(
        at=1.0,
        source="",
        clip="a",
        file="/home/me/clips/a.mp4",
        started_at="",
        reason="all",
        duration=1.0,
        frames=1,
        size=1,
    )
    lost = OutputFailed(
        at=1.0, source="", output="/data/out.csv", message="/data/out.csv cannot be written: disk full"
    )
    assert "/home" not in str(sentence(recorded))
    assert sentence(lost) == "out.csv cannot be written: disk full; the run goes on without it"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/me/film.mp4 1280x720", "film.mp4 1280x720"),
        ("'/home/me/a film.mp4'", "'a film.mp4'"),
        (r"C:\Users\me\film.mp4 is gone", "film.mp4 is gone"),
        ("~/clips/a.mp4", "a.mp4"),
        ("/dev/video0 is busy", "/dev/video0 is busy"),
        ("rtsp://cam.test/live/1 is lost", "rtsp://cam.test/live/1 is lost"),
        ("rtsp://me:pw@cam.test/live/1", "rtsp://***@cam.test/live/1"),
        ("s3://bucket/prefix/key.mp4", "s3://bucket/prefix/key.mp4"),
        ("live/aligned and 3/4", "live/aligned and 3/4"),
        ("the password=secret was refused", "the password=*** was refused"),
    ],
)
def test_folders_and_secrets_are_left_out_and_addresses_stay(text: str, shown: str) -> None:
    assert without_folders(text) == shown
