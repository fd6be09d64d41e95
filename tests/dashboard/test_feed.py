from __future__ import annotations

from livecam.dashboard.feed import KEPT, EventFeed
from livecam.events import ClipEnded, ClipStarted, OutputFailed


def test_a_page_gets_what_came_after_what_it_has() -> None:
    feed = EventFeed()
    for clip in ("a", "b", "c"):
        feed(ClipEnded(at=1.0, source="test", clip=clip))
    assert [(number, record["clip"]) for number, record in feed.after(1)] == [(2, "b"), (3, "c")]
    assert feed.after(3) == []


def test_old_events_are_forgotten() -> None:
    feed = EventFeed()
    for number in range(KEPT + 10):
        feed(ClipEnded(at=1.0, source="test", clip=str(number)))
    assert len(feed.after(0)) == KEPT
    assert feed.after(0)[0][0] == 11


def test_a_file_is_told_without_its_folder() -> None:
    feed = EventFeed()
    feed(
        ClipStarted(at=1.0, source="test", clip="a", file="/home/me/clips/a.mp4", reason="all", pre_roll=0.0)
    )
    assert feed.after(0)[0][1]["file"] == "a.mp4"
    assert feed.after(0)[0][1]["type"] == "clip_started"


def test_a_message_names_files_without_their_folders() -> None:
    feed = EventFeed()
    feed(OutputFailed(at=1.0, source="test", output="x", message="/home/me/faces.csv cannot be written"))
    assert feed.after(0)[0][1]["message"] == "faces.csv cannot be written"
