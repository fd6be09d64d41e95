from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.compose import choose_detector, compose, open_source
from livecam.config import load_settings
from livecam.errors import ModelMissing, OutputError, UsageError
from livecam.sinks.status_line import StatusLine
from livecam.sinks.trace import TraceSink
from livecam.sinks.video_file import VideoFileSink
from livecam.sources.camera import CameraSource
from livecam.sources.demo_scene.source import DemoSceneSource
from livecam.sources.video_file import VideoFileSource
from livecam.testing.clock import FakeClock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_display_and_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("demo", DemoSceneSource),
        ("0", CameraSource),
        ("/dev/video2", CameraSource),
        ("clip.mp4", VideoFileSource),
    ],
)
def test_a_source_is_known_by_its_name(name: str, kind: type) -> None:
    assert isinstance(open_source(load_settings({"source": name}), FakeClock()), kind)


def test_a_stream_is_refused_with_what_can_be_given() -> None:
    with pytest.raises(UsageError, match=r"stream.*camera, a video file or demo"):
        open_source(load_settings({"source": "rtsp://cam/1"}), FakeClock())


def test_no_detector_means_none() -> None:
    assert choose_detector(load_settings({"detector": "none"}), FakeClock()) is None


@pytest.mark.parametrize("detector", ["on-device", "auto"])
def test_missing_models_are_told_before_anything_starts(
    detector: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path / "nowhere"))
    with pytest.raises(ModelMissing, match="run: livecam models install"):
        choose_detector(load_settings({"detector": detector}), FakeClock())


def test_a_window_that_was_asked_for_and_cannot_be_is_an_error() -> None:
    with pytest.raises(OutputError, match="--view window: no display"):
        compose(load_settings({"source": "demo", "detector": "none", "view": "window"}))


def test_without_a_display_the_default_view_is_none() -> None:
    run = compose(load_settings({"source": "demo", "detector": "none"}))
    assert run.window is None
    assert [type(sink) for sink in run.runner.sinks.sinks] == [StatusLine]


def test_each_output_is_its_own_sink(tmp_path: Path) -> None:
    settings = load_settings(
        {"source": "demo", "detector": "none", "trace": tmp_path / "t.jsonl", "output": tmp_path / "o.mp4"}
    )
    run = compose(settings, is_quiet=True)
    assert [type(sink) for sink in run.runner.sinks.sinks] == [TraceSink, VideoFileSink]


def test_events_that_cannot_be_written_are_told_at_once(tmp_path: Path) -> None:
    settings = load_settings({"source": "demo", "detector": "none", "events": tmp_path / "no" / "e.jsonl"})
    with pytest.raises(OutputError, match=r"e\.jsonl"):
        compose(settings)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"source": "a.mp4", "output": "a.mp4"}, "--output and SOURCE"),
        ({"source": "a.mp4", "trace": "./a.mp4"}, "--trace and SOURCE"),
        ({"source": "demo", "trace": "t", "events": "t"}, "--events and --trace"),
    ],
)
def test_files_that_would_destroy_each_other_are_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        compose(load_settings(given | {"detector": "none"}))


@pytest.mark.parametrize("name", ["rtsp://cam/1", "http:127.0.0.1:1", "tcp:1.2.3.4"])
def test_nothing_that_names_a_protocol_is_opened(name: str) -> None:
    with pytest.raises(UsageError, match="stream"):
        open_source(load_settings({"source": name}), FakeClock())


def test_a_file_with_a_colon_in_its_name_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "at:12.mp4").touch()
    assert isinstance(open_source(load_settings({"source": "at:12.mp4"}), FakeClock()), VideoFileSource)
