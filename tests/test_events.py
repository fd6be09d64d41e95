from __future__ import annotations

import dataclasses
import json
import re

import pytest

from livecam import events
from livecam.event_records import as_record, event_type
from livecam.events import (
    BudgetReached,
    CircuitClosed,
    CircuitOpened,
    ClipDamaged,
    ClipEnded,
    ClipRecorded,
    ClipRemoved,
    ClipStarted,
    ClipStored,
    DetectionCompleted,
    DetectionFailed,
    DetectionPaused,
    DetectorUnavailable,
    Event,
    FinderPaceChanged,
    FinderUnavailable,
    FollowingChanged,
    FrameChosen,
    FrameDropped,
    FramesPassedOver,
    JobEnded,
    JobSubmitted,
    ModeChanged,
    MomentMarked,
    OutputFailed,
    PaceChanged,
    PayloadPlanned,
    RecordingRecovered,
    RecordingTroubled,
    ResultsFetched,
    SceneCut,
    SourceAwaited,
    SourceEnded,
    SourceOpened,
    SourceRecovered,
    SourceTroubled,
    UploadFailed,
)

ONE_OF_EACH: list[Event] = [
    SourceOpened(at=1.0, source="cam", description="camera 0", width=640, height=480, fps=None),
    SourceEnded(at=1.0, source="cam", reason="end of file", captured=3),
    FrameDropped(at=1.0, source="cam", frame=2, reason="picture path busy"),
    DetectionCompleted(
        at=1.3,
        source="cam",
        frame=2,
        detector="scripted",
        faces=1,
        captured_at=0.9,
        requested_at=1.0,
        responded_at=1.3,
        timing={"wait": 0.3},
    ),
    DetectionFailed(at=1.0, source="cam", frame=2, detector="scripted", error="E", message="m"),
    DetectorUnavailable(at=1.0, source="cam", detector="scripted", error="E", message="m"),
    OutputFailed(at=1.0, source="cam", output="trace.jsonl", message="disk full"),
    SourceAwaited(at=1.0, source="", message="there is no camera 0"),
    SourceTroubled(at=1.0, source="cam", trouble="black", message="camera 0 shows black"),
    SourceRecovered(at=1.0, source="cam", trouble="black", lasted=3.5),
    DetectionPaused(at=1.0, source="cam", is_paused=True),
    PaceChanged(at=1.0, source="cam", rate=1.4, reason="throttled"),
    CircuitOpened(at=1.0, source="cam", detector="scripted", error="E", message="m", retry_in=5.0),
    CircuitClosed(at=1.0, source="cam", detector="scripted", lasted=7.0),
    ModeChanged(at=1.0, source="cam", mode="aligned"),
    MomentMarked(at=1.0, source="cam", text="the door opens"),
    SceneCut(at=1.0, source="cam", frame=65),
    FollowingChanged(at=1.0, source="cam", effort="fewer points"),
    FinderPaceChanged(at=1.0, source="cam", rate=3.1),
    FinderUnavailable(at=1.0, source="cam", error="ModelMissing", message="m"),
    FrameChosen(at=1.0, source="cam", frame=7, reason="changed"),
    FramesPassedOver(at=1.0, source="cam", reason="unchanged", frames=31),
    BudgetReached(at=1.0, source="cam", budget="run", share=0.8, spent_usd=0.4, budget_usd=0.5),
    PayloadPlanned(at=1.0, source="cam", width=480, quality=70, reason="slow uplink"),
    ClipStarted(at=1.0, source="cam", clip="c", file="c.mp4", reason="new face", pre_roll=5.2),
    ClipEnded(at=1.0, source="cam", clip="c"),
    ClipRecorded(
        at=1.0,
        source="cam",
        clip="c",
        file="c.mp4",
        started_at="2026-11-23T07:30:12.000+00:00",
        reason="new face",
        duration=7.5,
        frames=225,
        size=900_000,
    ),
    ClipDamaged(at=1.0, source="cam", clip="c", file="c.part.mp4", message="no frame can be read"),
    ClipRemoved(at=1.0, source="cam", clip="c", reason="older than 7 days"),
    RecordingTroubled(at=1.0, source="cam", has_stopped=True, message="the disk is full"),
    RecordingRecovered(at=1.0, source="cam", lasted=12.0),
    ClipStored(at=1.0, source="", clip="c", uri="s3://bucket/c.mp4", size=900_000),
    UploadFailed(at=1.0, source="", clip="c", error="NoSuchBucket", message="there is no bucket"),
    JobSubmitted(at=1.0, source="", clip="c", job_id="j"),
    JobEnded(at=1.0, source="", clip="c", job_id="j", status="SUCCEEDED"),
    ResultsFetched(
        at=1.0, source="", clip="c", job_id="j", file="c.results.jsonl", faces=4, minutes=0.1, cost_usd=0.01
    ),
]
TYPES = {
    "source_opened",
    "source_ended",
    "frame_dropped",
    "detection_completed",
    "detection_failed",
    "detector_unavailable",
    "output_failed",
    "source_awaited",
    "source_troubled",
    "source_recovered",
    "detection_paused",
    "pace_changed",
    "circuit_opened",
    "circuit_closed",
    "mode_changed",
    "moment_marked",
    "scene_cut",
    "following_changed",
    "finder_pace_changed",
    "finder_unavailable",
    "frame_chosen",
    "frames_passed_over",
    "budget_reached",
    "payload_planned",
    "clip_started",
    "clip_ended",
    "clip_recorded",
    "clip_damaged",
    "clip_removed",
    "recording_troubled",
    "recording_recovered",
    "clip_stored",
    "upload_failed",
    "job_submitted",
    "job_ended",
    "results_fetched",
}


def test_the_types_are_the_ones_that_readers_of_the_files_know() -> None:
    assert {event_type(event) for event in ONE_OF_EACH} == TYPES


def test_every_kind_of_event_is_tried_here() -> None:
    kinds = {
        value
        for value in vars(events).values()
        if isinstance(value, type) and issubclass(value, Event) and value is not Event
    }
    assert {type(event) for event in ONE_OF_EACH} == kinds


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=event_type)
def test_an_event_survives_json_with_type_instant_and_source_first(event: Event) -> None:
    record = as_record(event)
    assert list(record)[:3] == ["type", "at", "source"]
    assert json.loads(json.dumps(record)) == record
    fields = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    assert record == {"type": event_type(event)} | fields


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=event_type)
def test_an_event_cannot_be_changed(event: Event) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.source = "other"  # type: ignore[misc]


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=event_type)
def test_a_type_is_snake_case(event: Event) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", event_type(event))


def test_a_record_is_a_copy_of_the_timing() -> None:
    timing = {"wait": 0.3}
    event = dataclasses.replace(ONE_OF_EACH[3], timing=timing)  # type: ignore[call-arg]
    record = as_record(event)
    timing["wait"] = 9.0
    assert record["timing"] == {"wait": 0.3}


def test_a_call_without_a_split_has_an_empty_timing() -> None:
    event = DetectionCompleted(
        at=1.0,
        source="cam",
        frame=0,
        detector="d",
        faces=0,
        captured_at=0.0,
        requested_at=0.0,
        responded_at=1.0,
    )
    assert as_record(event)["timing"] == {}
