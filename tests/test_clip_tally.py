from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from livecam import clip_tally
from livecam.clip_tally import ClipTally
from livecam.events import (
    ClipDamaged,
    ClipEnded,
    ClipRecorded,
    ClipRemoved,
    ClipStarted,
    RecordingRecovered,
    RecordingTroubled,
    SourceEnded,
)

if TYPE_CHECKING:
    from livecam.events import Event

FULL = "the disk is full: 0 MB free"


def started(clip: str = "one", *, at: float = 100.0, pre_roll: float = 0.0) -> ClipStarted:
    return ClipStarted(
        at=at, source="test", clip=clip, file=f"/clips/{clip}.mp4", reason="all", pre_roll=pre_roll
    )


def ended(clip: str = "one", *, at: float = 110.0) -> ClipEnded:
    return ClipEnded(at=at, source="test", clip=clip)


def recorded(clip: str = "one", *, is_salvaged: bool = False) -> ClipRecorded:
    return ClipRecorded(
        at=111.0,
        source="test",
        clip=clip,
        file=f"/clips/{clip}.mp4",
        started_at="2026-11-23T07:30:12.500+00:00",
        reason="all",
        duration=10.0,
        frames=300,
        size=1_000_000,
        is_salvaged=is_salvaged,
    )


def damaged(clip: str = "one") -> ClipDamaged:
    return ClipDamaged(
        at=111.0, source="test", clip=clip, file=f"/clips/{clip}.part.mp4", message="it holds no picture"
    )


def removed(clip: str = "one") -> ClipRemoved:
    return ClipRemoved(at=112.0, source="test", clip=clip, reason="older than 1 day")


def troubled(message: str = FULL, *, has_stopped: bool = True) -> RecordingTroubled:
    return RecordingTroubled(at=105.0, source="test", has_stopped=has_stopped, message=message)


RECOVERED = RecordingRecovered(at=120.0, source="test", lasted=15.0)


def told(*events: Event) -> ClipTally:
    tally = ClipTally()
    for event in events:
        tally.note(event)
    return tally


def clips_of(tally: ClipTally) -> list[dict[str, Any]]:
    return list(tally.summary()["clips"])


def recording_of(tally: ClipTally) -> dict[str, Any]:
    return dict(tally.summary()["recording"])


def test_a_run_without_clips_has_none_and_no_trouble() -> None:
    tally = told(SourceEnded(at=1.0, source="test", reason="end of file", captured=3))
    assert tally.summary() == {
        "clips": [],
        "recording": {
            "recorded": 0,
            "seconds": 0.0,
            "damaged": 0,
            "salvaged": 0,
            "removed": 0,
            "trouble": None,
            "has_stopped": False,
            "troubles": 0,
        },
    }
    assert (tally.trouble, tally.lost, tally.seconds(100.0)) == (None, 0, None)


def test_a_finished_clip_is_in_the_summary_with_all_that_is_known_of_it() -> None:
    tally = told(started(), ended(), recorded())
    assert clips_of(tally) == [
        {
            "id": "one",
            "file": "/clips/one.mp4",
            "start": "2026-11-23T07:30:12.500+00:00",
            "duration": 10.0,
            "frames": 300,
            "state": "recorded",
            "s3": None,
            "reason": "all",
            "problem": None,
        }
    ]
    assert (recording_of(tally)["recorded"], recording_of(tally)["seconds"]) == (1, 10.0)
    assert tally.lost == 0


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([started()], "recording"),
        ([started(), ended()], "finalising"),
        ([started(), ended(), recorded()], "recorded"),
        ([started(), recorded(), ended()], "recorded"),
        ([started(), ended(), damaged()], "damaged"),
        ([started(), ended(), recorded(), removed()], "removed"),
    ],
)
def test_a_clip_is_in_the_state_that_it_came_to(events: list[Event], state: str) -> None:
    assert [clip["state"] for clip in clips_of(told(*events))] == [state]


def test_the_present_clip_is_as_long_as_it_was_recorded_and_its_pre_roll() -> None:
    tally = told(started(at=100.0, pre_roll=5.0))
    assert tally.seconds(142.0) == pytest.approx(47.0)
    assert tally.seconds(99.0) == 5.0  # a picture may be finished with an instant from before the event
    tally.note(ended(at=142.0))
    assert tally.seconds(143.0) is None


def test_the_next_segment_may_begin_before_the_end_of_the_last_is_told() -> None:
    tally = told(started("one"), started("two", at=110.0), ended("one"), recorded("one"))
    assert tally.seconds(112.0) == pytest.approx(2.0)
    assert [clip["state"] for clip in clips_of(tally)] == ["recorded", "recording"]


def test_a_clip_of_an_earlier_run_is_counted_apart() -> None:
    tally = told(recorded("old", is_salvaged=True), damaged("older"), started())
    assert [clip["id"] for clip in clips_of(tally)] == ["one"]
    recording = recording_of(tally)
    assert (recording["salvaged"], recording["recorded"], recording["damaged"]) == (1, 0, 1)
    assert tally.lost == 0


def test_an_own_clip_that_was_salvaged_is_an_own_clip() -> None:
    tally = told(started(), ended(), damaged(), recorded(is_salvaged=True))
    assert [clip["state"] for clip in clips_of(tally)] == ["recorded"]
    assert clips_of(tally)[0]["problem"] is None
    recording = recording_of(tally)
    assert (recording["salvaged"], recording["recorded"], recording["damaged"]) == (0, 1, 0)
    assert tally.lost == 0


def test_an_own_clip_that_is_damaged_is_lost_and_says_why() -> None:
    tally = told(started(), damaged())
    assert tally.lost == 1
    assert tally.seconds(101.0) is None
    clip = clips_of(tally)[0]
    assert (clip["file"], clip["problem"]) == ("/clips/one.part.mp4", "it holds no picture")


def test_a_clip_that_nobody_began_is_listed_all_the_same() -> None:
    assert [clip["state"] for clip in clips_of(told(recorded()))] == ["recorded"]


def test_recording_that_stopped_is_a_loss_until_it_goes_on() -> None:
    tally = told(started(), troubled())
    assert (tally.trouble, tally.lost, tally.seconds(106.0)) == (FULL, 1, None)
    recording = recording_of(tally)
    assert (recording["trouble"], recording["has_stopped"], recording["troubles"]) == (FULL, True, 1)
    tally.note(RECOVERED)
    assert (tally.trouble, tally.lost) == (None, 0)
    assert (recording_of(tally)["trouble"], recording_of(tally)["troubles"]) == (None, 1)


def test_a_warning_is_no_loss_and_recording_goes_on() -> None:
    tally = told(started(at=100.0), troubled("the disk is filling up", has_stopped=False))
    assert (tally.trouble, tally.lost) == ("the disk is filling up", 0)
    assert tally.seconds(107.0) == pytest.approx(7.0)


def test_trouble_told_again_counts_once_and_worse_trouble_again() -> None:
    warning = troubled("low", has_stopped=False)
    tally = told(warning, warning, troubled(), troubled(), warning)
    assert recording_of(tally)["troubles"] == 2
    assert tally.trouble == "low"


def test_of_very_many_clips_the_newest_are_listed_and_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_tally, "KEPT_CLIPS", 3)
    tally = told(*(event for n in range(5) for event in (started(str(n)), ended(str(n)), recorded(str(n)))))
    assert [clip["id"] for clip in clips_of(tally)] == ["2", "3", "4"]
    assert recording_of(tally)["recorded"] == 5
    assert recording_of(tally)["seconds"] == 50.0
    tally.note(removed("0"))
    assert recording_of(tally)["removed"] == 1


def test_the_reason_is_the_one_that_began_it() -> None:
    tally = told(dataclasses.replace(started(), reason="HAPPY >= 80"), recorded())
    assert clips_of(tally)[0]["reason"] == "HAPPY >= 80"
