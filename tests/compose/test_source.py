from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam import plugins
from livecam.archive.record_switch import RecordSwitch
from livecam.compose.source import are_stills, browser_source, is_camera, open_source
from livecam.config import load_settings
from livecam.errors import UsageError
from livecam.native import cv2
from livecam.sources.demo_scene.source import DemoSceneSource
from livecam.sources.live import LiveSource
from livecam.sources.masked import MaskedSource
from livecam.sources.stills import StillsSource
from livecam.sources.video_file import VideoFileSource
from livecam.testing.clock import FakeClock
from livecam.testing.list_source import ListSource
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.protocols import Connection, EventListener, FrameSource


def opened(**given: object) -> FrameSource:
    return open_source(load_settings(given), FakeClock(), Happenings())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("demo", DemoSceneSource),
        ("0", LiveSource),
        ("99", LiveSource),
        ("/dev/video2", LiveSource),
        ("C920", LiveSource),
        ("rtsp://cam/1", LiveSource),
        ("HTTP://127.0.0.1:8080/video", LiveSource),
        ("clip.mp4", VideoFileSource),
        ("folder/C920", VideoFileSource),
        ("20261122", VideoFileSource),
    ],
)
def test_a_source_is_known_by_its_name(name: str, kind: type) -> None:
    assert isinstance(opened(source=name), kind)


@pytest.mark.parametrize(
    ("given", "rate"), [({}, 15.0), ({"record": "events"}, 30.0), ({"output": "a.mp4"}, 30.0)]
)
def test_a_pages_camera_is_made_for_a_run_with_a_page(given: dict[str, object], rate: float) -> None:
    switch = RecordSwitch()
    settings = load_settings({"source": "browser", "size": "640x360"} | given)
    camera = browser_source(settings, FakeClock(), Happenings(), switch)
    assert camera is not None
    assert (camera.wish.width, camera.wish.fps) == (640, rate)
    switch.say(True)
    assert camera.wish.fps == 30.0
    assert is_camera("browser")
    assert browser_source(load_settings({"source": "demo"}), FakeClock(), Happenings(), switch) is None


def test_a_pages_camera_cannot_be_had_without_a_page() -> None:
    with pytest.raises(UsageError, match="livecam run browser"):
        opened(source="browser")


def test_pictures_and_folders_are_stills(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((9, 9, 3), np.uint8))
    assert isinstance(opened(source=str(tmp_path / "a.png")), StillsSource)
    assert isinstance(opened(source=str(tmp_path)), StillsSource)
    assert not are_stills("a-picture-that-is-not-there.png")


def test_a_file_is_a_file_whatever_its_name_looks_like(tmp_path: Path) -> None:
    for name in ("at:12.mp4", "7", "C920"):
        (tmp_path / name).touch()
        assert isinstance(opened(source=name), VideoFileSource)
        assert not is_camera(name)


def test_a_mask_covers_whatever_the_source_is() -> None:
    assert isinstance(opened(source="demo", mask="0,0,0.5,0.5"), MaskedSource)


def test_a_plugin_brings_addresses_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def make(address: str, *, source: str, clock: Clock, publish: EventListener) -> FrameSource:
        asked.append((address, source))
        return ListSource([])

    monkeypatch.setattr(plugins, "names", lambda _: ["theta"])
    monkeypatch.setattr(plugins, "load", lambda _group, _name: make)
    assert isinstance(opened(source="theta:192.168.1.7"), ListSource)
    assert asked == [("192.168.1.7", "theta")]


def test_a_source_of_ones_own_is_taken_as_it_is_and_masked_too() -> None:
    own = ListSource([])
    assert open_source(load_settings({}), FakeClock(), Happenings(), own=own) is own
    masked = open_source(load_settings({"mask": "0,0,1,1"}), FakeClock(), Happenings(), own=own)
    assert isinstance(masked, MaskedSource)


def test_what_opens_a_connection_becomes_a_live_source() -> None:
    def theta() -> Connection:
        raise AssertionError("not opened yet")

    assert isinstance(open_source(load_settings({}), FakeClock(), Happenings(), own=theta), LiveSource)
