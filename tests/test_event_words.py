from __future__ import annotations

import logging

import pytest

from livecam.event_records import event_type
from livecam.event_words import OFTEN, level, sentence
from livecam.events import (
    BudgetReached,
    ClipRecorded,
    DetectionPaused,
    Event,
    JobEnded,
    MomentMarked,
    OutputFailed,
    PaceChanged,
    RecordingTroubled,
)
from tests.test_events import ONE_OF_EACH


def a_clip(*, is_salvaged: bool) -> ClipRecorded:
    return ClipRecorded(
        at=1.0,
        source="",
        clip="a",
        file="/c/a.mp4",
        started_at="",
        reason="all",
        duration=2.0,
        frames=60,
        size=1,
        is_salvaged=is_salvaged,
    )


def spent(budget: str, share: float, usd: float) -> BudgetReached:
    return BudgetReached(at=1.0, source="", budget=budget, share=share, spent_usd=usd, budget_usd=0.5)


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=event_type)
def test_each_event_has_a_sentence_or_comes_too_often_for_one(event: Event) -> None:
    text = sentence(event)
    assert (text is None) == isinstance(event, OFTEN)
    assert text is None or (text and "{" not in text)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (DetectionPaused(at=1.0, source="", is_paused=True), "sending is paused"),
        (DetectionPaused(at=1.0, source="", is_paused=False), "sending goes on"),
        (MomentMarked(at=1.0, source="", text="{0.at} {}"), "marked: {0.at} {}"),
        (a_clip(is_salvaged=False), "clip a is on disk, 2.0 s"),
        (a_clip(is_salvaged=True), "taken up: /c/a.mp4, which was left unfinished"),
        (spent("run", 0.8, 0.42), "the budget of $0.50 is spent to 84%"),
        (spent("run", 1.0, 0.5), "the budget of $0.50 is spent: no paid call is made"),
        (
            spent("day", 1.0, 0.5),
            "the daily budget of $0.50 is spent: no paid call is made before midnight (UTC)",
        ),
        (
            OutputFailed(at=1.0, source="", output="WindowSink", message="no display"),
            "WindowSink stopped: no display; the run goes on without it",
        ),
        (
            OutputFailed(at=1.0, source="", output="/d/a.csv", message="/d/a.csv cannot be written"),
            "/d/a.csv cannot be written; the run goes on without it",
        ),
    ],
)
def test_a_sentence_says_what_happened(event: Event, text: str) -> None:
    assert sentence(event) == text


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (a_clip(is_salvaged=False), logging.INFO),
        (a_clip(is_salvaged=True), logging.WARNING),
        (OutputFailed(at=1.0, source="", output="a.csv", message="m"), logging.ERROR),
        (RecordingTroubled(at=1.0, source="", has_stopped=False, message="m"), logging.WARNING),
        (RecordingTroubled(at=1.0, source="", has_stopped=True, message="m"), logging.ERROR),
        (PaceChanged(at=1.0, source="", rate=1.0, reason="throttled"), logging.WARNING),
        (PaceChanged(at=1.0, source="", rate=1.0, reason="recovering"), logging.DEBUG),
        (PaceChanged(at=1.0, source="", rate=2.0, reason="recovered"), logging.INFO),
        (JobEnded(at=1.0, source="", clip="a", job_id="j", status="SUCCEEDED"), logging.INFO),
        (JobEnded(at=1.0, source="", clip="a", job_id="j", status="FAILED"), logging.WARNING),
    ],
)
def test_a_warning_is_less_than_was_asked_for_and_an_error_is_lost(event: Event, expected: int) -> None:
    assert level(event) == expected
