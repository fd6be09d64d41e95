from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from livecam.event_words import level, sentence
from livecam.events import (
    ClipStarted,
    DetectionFailed,
    Event,
    FrameDropped,
    OutputFailed,
    SourceRecovered,
    SourceTroubled,
    UploadFailed,
)
from livecam.sinks.event_lines import MOST, SPAN, EventLines

if TYPE_CHECKING:
    from collections.abc import Sequence


def told(events: Sequence[Event], caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.set_level(logging.DEBUG)
    lines = EventLines()
    for event in events:
        lines(event)
    return caplog.messages


def lost(at: float) -> SourceTroubled:
    return SourceTroubled(at=at, source="0", trouble="lost", message="camera 0 is gone")


@pytest.mark.logs_errors
def test_an_event_is_one_line_of_its_level(caplog: pytest.LogCaptureFixture) -> None:
    failed = OutputFailed(at=1.0, source="", output="a.csv", message="a.csv cannot be written")
    assert told([failed], caplog) == [sentence(failed)]
    assert caplog.records[0].levelno == level(failed) == logging.ERROR


def test_what_comes_with_every_frame_or_is_told_elsewhere_is_no_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    events = [
        FrameDropped(at=1.0, source="", frame=1, reason="output busy"),
        DetectionFailed(at=1.0, source="", frame=1, detector="d", error="e", message="m"),
        UploadFailed(at=1.0, source="", clip="a", error="e", message="m"),
    ]
    assert told(events, caplog) == []


def test_what_comes_and_goes_all_day_is_told_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    flapping: list[Event] = []
    for index in range(50):
        flapping.append(lost(at=2.0 * index))
        flapping.append(SourceRecovered(at=2.0 * index + 1, source="0", trouble="lost", lasted=1.0))
    assert len(told(flapping, caplog)) == 2 * MOST
    caplog.clear()
    assert told([*flapping, lost(at=SPAN)], caplog)[-1] == (
        f"camera 0 is gone ({50 - MOST} more like it were not told)"
    )


def test_what_comes_and_goes_does_not_hide_what_is_graver(caplog: pytest.LogCaptureFixture) -> None:
    slow: list[Event] = [
        SourceTroubled(at=float(index), source="0", trouble="slow", message="camera 0 is slow")
        for index in range(2 * MOST)
    ]
    assert told([*slow, lost(at=SPAN / 2)], caplog)[-1] == "camera 0 is gone"


def test_clips_are_told_however_many_there_are(caplog: pytest.LogCaptureFixture) -> None:
    started = [
        ClipStarted(at=float(index), source="", clip=str(index), file="", reason="all", pre_roll=0.0)
        for index in range(5 * MOST)
    ]
    assert len(told(started, caplog)) == len(started)
