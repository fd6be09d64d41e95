from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from livecam.errors import OutputError
from livecam.events import DetectionCompleted, DetectionFailed, Event, FrameDropped, SourceOpened
from livecam.sinks.event_log import EventLog
from tests.requirements import skip_unless

FULL_DISK = Path("/dev/full")


def logged(path: Path, *events: Event) -> list[dict[str, Any]]:
    failures: list[Exception] = []
    event_log = EventLog(path, on_failure=failures.append)
    for event in events:
        event_log(event)
    event_log.close()
    assert failures == []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_event_is_one_object_with_its_type_first(tmp_path: Path) -> None:
    dropped = FrameDropped(at=1.5, source="cam", frame=7, reason="output busy")
    completed = DetectionCompleted(
        at=2.0,
        source="cam",
        frame=8,
        detector="on-device",
        faces=2,
        captured_at=1.0,
        requested_at=1.25,
        responded_at=2.0,
        timing={"encode": 0.01},
    )
    records = logged(tmp_path / "events.jsonl", dropped, completed)
    assert records[0] == {
        "type": "frame_dropped",
        "at": 1.5,
        "source": "cam",
        "frame": 7,
        "reason": "output busy",
    }
    assert list(records[1])[:3] == ["type", "at", "source"]
    assert records[1]["timing"] == {"encode": 0.01}
    assert len(records) == 2


def test_secrets_do_not_reach_the_file(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    opened = SourceOpened(
        at=0.0, source="door", description="rtsp://me:hunter2@cam/live", width=1, height=1, fps=None
    )
    failed = DetectionFailed(
        at=0.0, source="door", frame=1, detector="x", error="Denied", message="token=sesame was refused"
    )
    records = logged(path, opened, failed)
    assert records[0]["description"] == "rtsp://***@cam/live"
    assert records[1]["message"] == "token=*** was refused"
    assert not {"hunter2", "sesame"} & set(path.read_text().replace("=", " ").split())


def test_names_of_any_language_are_kept(tmp_path: Path) -> None:
    event = FrameDropped(at=0.0, source="Küche 台所", frame=0, reason="output busy")
    assert logged(tmp_path / "events.jsonl", event)[0]["source"] == "Küche 台所"


def test_a_file_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no-folder/events\.jsonl"):
        EventLog(tmp_path / "no-folder" / "events.jsonl", on_failure=lambda _: None)


def test_a_full_disk_is_told_and_events_go_on() -> None:
    skip_unless(FULL_DISK.exists(), "there is no /dev/full")
    failures: list[Exception] = []
    event_log = EventLog(FULL_DISK, on_failure=failures.append)
    for number in range(50):
        event_log(FrameDropped(at=0.0, source="cam", frame=number, reason="output busy"))
    event_log.close()
    assert [type(failure) for failure in failures] == [OutputError]
    assert "/dev/full" in str(failures[0])
