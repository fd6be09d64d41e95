from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.compose import Parts, compose
from livecam.config import load_settings
from livecam.dashboard.panel import Panel
from livecam.dashboard.web_view import WebView
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import OutputError
from livecam.events import SourceAwaited
from livecam.native import cv2
from livecam.overlay.drawing import OverlayPainter
from livecam.sinks.annotated_stills import AnnotatedStillsSink
from livecam.sinks.clip_recorder import ClipRecorder
from livecam.sinks.face_report import FaceReportSink
from livecam.sinks.status_line import StatusLine
from livecam.sinks.trace import TraceSink
from livecam.sinks.video_file import VideoFileSink
from livecam.testing.list_source import ListSource
from livecam.testing.recording_sink import RecordingSink
from livecam.tracking.convention import Convention
from livecam.tracking.relation import Relation
from tests.builders import a_frame

if TYPE_CHECKING:
    from pathlib import Path


def test_a_window_that_was_asked_for_and_cannot_be_is_an_error() -> None:
    with pytest.raises(OutputError, match="--view window: no display"):
        compose(load_settings({"source": "demo", "detector": "none", "view": "window"}))


def test_without_a_view_there_is_the_status_line() -> None:
    run = compose(load_settings({"source": "demo", "detector": "none", "view": "none"}))
    assert run.window is None
    assert [type(sink) for sink in run.runner.sinks.sinks] == [StatusLine]


def test_without_a_display_the_view_is_in_a_browser_and_can_record() -> None:
    run = compose(load_settings({"source": "demo", "detector": "none"}))
    assert run.window is None
    assert [type(sink) for sink in run.runner.sinks.sinks] == [StatusLine, ClipRecorder, Panel, WebView]


def test_each_output_is_its_own_sink(tmp_path: Path) -> None:
    settings = load_settings(
        {"source": "demo", "detector": "none", "trace": tmp_path / "t.jsonl", "output": tmp_path / "o.mp4"}
    )
    run = compose(settings, Parts(is_quiet=True))
    assert [type(sink) for sink in run.runner.sinks.sinks] == [TraceSink, VideoFileSink]


def test_events_that_cannot_be_written_are_told_at_once(tmp_path: Path) -> None:
    settings = load_settings({"source": "demo", "detector": "none", "events": tmp_path / "no" / "e.jsonl"})
    with pytest.raises(OutputError, match=r"e\.jsonl"):
        compose(settings)


def a_photo(folder: Path) -> Path:
    path = folder / "photo.png"
    cv2.imwrite(str(path), np.full((120, 160, 3), 90, np.uint8))
    return path


def test_a_still_is_reported_and_saved_with_its_annotations(tmp_path: Path) -> None:
    run = compose(load_settings({"source": str(a_photo(tmp_path)), "detector": "none"}))
    assert run.report is not None
    assert [type(sink) for sink in run.runner.sinks.sinks] == [AnnotatedStillsSink, FaceReportSink]


@pytest.mark.parametrize(
    ("given", "is_mirrored"),
    [
        ({"source": "0"}, True),
        ({"source": "0", "mirror": False}, False),
        ({"source": "demo"}, False),
        ({"source": "demo", "mirror": True}, True),
    ],
)
def test_cameras_are_mirrored_unless_told_otherwise(
    given: dict[str, object], *, is_mirrored: bool, tmp_path: Path
) -> None:
    run = compose(load_settings(given | {"detector": "none", "output": tmp_path / "o.mp4"}))
    painter = run.runner.picture._painter
    assert isinstance(painter, OverlayPainter)
    assert painter.mirror is is_mirrored


def test_a_source_detector_and_sink_of_ones_own_take_the_place_of_those_named() -> None:
    source, detector, sink = ListSource([a_frame()]), ScriptedDetector(lambda _: ()), RecordingSink()
    parts = Parts(source=source, detector=detector, sinks=[sink], is_quiet=True)
    run = compose(load_settings({"source": "0", "view": "none"}), parts)
    assert run.runner.source is source
    recorder, own = run.runner.sinks.sinks  # a program may record by hand
    assert isinstance(recorder, ClipRecorder)
    assert own is sink
    assert run.tally.status(0.0).detector == "scripted"


def test_what_is_waited_for_is_said_to_the_runner() -> None:
    assert compose(load_settings({"source": "demo", "detector": "none", "wait": True})).runner.waits


def test_what_is_told_of_events_is_closed_with_the_run(tmp_path: Path) -> None:
    run = compose(load_settings({"source": "demo", "detector": "none", "events": tmp_path / "e.jsonl"}))
    run.runner.publish(SourceAwaited(at=1.0, source="", message="not there"))
    run.close()
    assert "not there" in (tmp_path / "e.jsonl").read_text(encoding="utf-8")


def test_the_finder_looks_beside_a_detector_that_draws_its_own_boxes() -> None:
    settings = load_settings({"source": "demo"})
    run = compose(settings, Parts(detector=ScriptedDetector(lambda _: ())))
    assert run.runner.finder is not None
    off = compose(
        load_settings({"source": "demo", "finder": "off"}), Parts(detector=ScriptedDetector(lambda _: ()))
    )
    assert off.runner.finder is None


def test_the_mode_is_the_one_that_is_set() -> None:
    for mode in ("live", "aligned"):
        run = compose(load_settings({"source": "demo", "detector": "none", "mode": mode}))
        assert run.runner.mode.name == mode


def test_how_a_detector_draws_boxes_is_kept_for_the_next_run() -> None:
    settings, detector = load_settings({"source": "demo"}), ScriptedDetector(lambda _: ())
    run = compose(settings, Parts(detector=detector))
    assert run.runner.picture.convention == Convention()
    learnt = Convention(Relation(dy=-0.08, log_height=0.14), 5)
    run.runner.picture._tracks.convention = learnt
    run.close()
    assert compose(settings, Parts(detector=detector)).runner.picture.convention == learnt


def test_stills_have_neither_a_finder_nor_anything_to_learn(tmp_path: Path) -> None:
    settings = load_settings({"source": str(a_photo(tmp_path)), "finder": 5})
    run = compose(settings, Parts(detector=ScriptedDetector(lambda _: ())))
    assert run.runner.finder is None
    assert run.convention is None
