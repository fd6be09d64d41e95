from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam import plugins
from livecam.compose.outputs import (
    event_listeners,
    pixel_sinks,
    plain_sinks,
    refuse_clashes,
    trace_sinks,
)
from livecam.config import load_settings
from livecam.errors import UsageError
from livecam.events import SourceEnded
from livecam.native import cv2
from livecam.pipeline.event_bus import EventBus
from livecam.sinks.annotated_stills import AnnotatedStillsSink
from livecam.sinks.emotion_csv import EmotionCsvSink
from livecam.sinks.trace import TraceSink
from livecam.sinks.webhook import Webhook
from livecam.testing.clock import FakeClock
from livecam.testing.recording_sink import RecordingSink

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clock import Clock


@pytest.fixture
def photo(tmp_path: Path) -> str:
    cv2.imwrite(str(tmp_path / "photo.png"), np.zeros((9, 9, 3), np.uint8))
    return "photo.png"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"source": "a.mp4", "output": "a.mp4"}, "--output and SOURCE"),
        ({"source": "a.mp4", "trace": "./a.mp4"}, "--trace and SOURCE"),
        ({"source": "demo", "trace": "t", "events": "t"}, "--events and --trace"),
        ({"source": "demo", "trace": "t", "csv": "t"}, "--csv and --trace"),
    ],
)
def test_files_that_would_destroy_each_other_are_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        refuse_clashes(load_settings(given))


@pytest.mark.parametrize("output", ["o.avi", "o", "o.jpg"])
def test_an_annotated_video_is_called_what_it_is(output: str) -> None:
    with pytest.raises(UsageError, match=r"ends in \.mp4"):
        refuse_clashes(load_settings({"source": "demo", "output": output}))


@pytest.mark.parametrize("output", ["o.mp4", "o", "o.tiff"])
def test_an_annotated_picture_is_called_what_it_is(output: str, photo: str) -> None:
    with pytest.raises(UsageError, match=r"ends in \.jpg"):
        refuse_clashes(load_settings({"source": photo, "output": output}))


@pytest.mark.parametrize("output", ["o.mp4", "o.jpg", "photo.png"])
def test_the_annotated_pictures_of_a_folder_go_into_a_folder(output: str, photo: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="into a folder"):
        refuse_clashes(load_settings({"source": str(tmp_path), "output": output}))


def test_stills_are_saved_without_being_told_to(photo: str) -> None:
    sinks = pixel_sinks(load_settings({"source": photo}), EventBus(), FakeClock())
    assert [type(sink) for sink in sinks] == [AnnotatedStillsSink]


def test_each_table_and_trace_is_its_own_sink() -> None:
    settings = load_settings({"source": "demo", "trace": "t.jsonl", "csv": "c.csv"})
    tables = plain_sinks(settings, EventBus(), FakeClock(), is_quiet=True)
    traces = trace_sinks(settings, EventBus(), FakeClock())
    assert [type(sink) for sink in (*traces, *tables)] == [TraceSink, EmotionCsvSink]


def test_a_plugins_sink_is_given_what_follows_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments: list[str] = []

    def make(argument: str, *, clock: Clock) -> RecordingSink:
        arguments.append(argument)
        return RecordingSink()

    monkeypatch.setattr(plugins, "names", lambda _: ["mqtt"])
    monkeypatch.setattr(plugins, "load", lambda _group, _name: make)
    settings = load_settings({"source": "demo", "sink": ("mqtt:broker:1883", "mqtt")})
    assert len(plain_sinks(settings, EventBus(), FakeClock(), is_quiet=True)) == 2
    assert arguments == ["broker:1883", ""]


def test_a_webhook_and_an_event_log_are_told_of_events(tmp_path: Path) -> None:
    bus = EventBus()
    settings = load_settings(
        {"source": "demo", "events": "e.jsonl", "webhook": "http://127.0.0.1:9/x", "webhook_events": "all"}
    )
    listeners = event_listeners(settings, bus, FakeClock())
    assert isinstance(listeners[1], Webhook)
    listeners[1].close()
    bus(SourceEnded(at=1.0, source="demo", reason="end of file", captured=7))
    for listener in listeners:
        listener.close()
    (line,) = (tmp_path / "e.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["captured"] == 7


def test_a_still_is_not_saved_where_nothing_may_be_kept(photo: str) -> None:
    assert pixel_sinks(load_settings({"source": photo, "no_store": True}), EventBus(), FakeClock()) == []
