from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.errors import SourceFailed, SourceUnavailable
from livecam.native import cv2
from livecam.sources import camera
from livecam.sources.camera import MOST_DAMAGED, CameraConnection, open_camera, open_capture
from livecam.sources.camera_names import Host
from tests.sources.fakes import MJPG, FakeCapture, FakeDevice, a_host

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.protocols import Connection


@pytest.fixture(autouse=True)
def _devices_do_not_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "NODE_LINGERS", 0.0)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """Return a system with one camera, video0."""
    return a_host(tmp_path, video0=FakeDevice("Desk camera"))


def opened(capture: FakeCapture, host: Host | None = None, *, device: int | str = 0) -> CameraConnection:
    return open_camera(
        device,
        source="camera0",
        size=(1920, 1080),
        fps=60.0,
        open_device=lambda _: capture,
        host=host or Host(),
    )


def failure_of(connection: Connection) -> str:
    """Read until it fails and return the reason."""
    try:
        for _ in range(100):
            connection.read()
    except SourceFailed as error:
        return str(error)
    pytest.fail("it went on")


def test_mjpg_is_asked_for_before_the_size_and_the_rate() -> None:
    capture = FakeCapture()
    opened(capture)
    assert capture.asked == [
        (cv2.CAP_PROP_FOURCC, MJPG),
        (cv2.CAP_PROP_FRAME_WIDTH, 1920),
        (cv2.CAP_PROP_FRAME_HEIGHT, 1080),
        (cv2.CAP_PROP_FPS, 60.0),
    ]


def test_what_was_granted_is_reported_not_what_was_asked_for() -> None:
    granted: dict[int, float] = {
        cv2.CAP_PROP_FRAME_WIDTH: 640.0,
        cv2.CAP_PROP_FRAME_HEIGHT: 480.0,
        cv2.CAP_PROP_FPS: 25.0,
        cv2.CAP_PROP_FOURCC: float(cv2.VideoWriter.fourcc(*"YUYV")),
    }
    info = opened(FakeCapture(granted=granted)).info
    assert (info.width, info.height, info.fps) == (640, 480, 25.0)
    assert "camera 0" in info.description
    assert "YUYV" in info.description
    assert info.source == "camera0"
    assert info.is_live
    assert info.duration is None


@pytest.mark.parametrize(
    ("granted", "said"), [((640, 480), "granted 640x480, not 1920x1080"), ((1920, 1080), "")]
)
def test_another_size_than_asked_for_is_logged(
    caplog: pytest.LogCaptureFixture, granted: tuple[int, int], said: str
) -> None:
    width, height = granted
    with caplog.at_level(logging.INFO, logger="livecam"):
        opened(FakeCapture(granted={cv2.CAP_PROP_FRAME_WIDTH: width, cv2.CAP_PROP_FRAME_HEIGHT: height}))
    assert bool(caplog.messages) == bool(said)
    assert said in caplog.text


@pytest.mark.parametrize("fps", [0.0, -1.0])
def test_a_camera_that_does_not_say_its_rate_has_none(fps: float) -> None:
    assert opened(FakeCapture(granted={cv2.CAP_PROP_FPS: fps})).info.fps is None


def test_a_camera_without_a_pixel_format_is_described_without_one() -> None:
    description = opened(FakeCapture(granted={cv2.CAP_PROP_FOURCC: 0.0})).info.description
    assert description in ("camera 0", "camera 0 (V4L2)", "camera 0 (AVFoundation)", "camera 0 (DirectShow)")


def test_the_device_is_opened_as_it_was_named(host: Host) -> None:
    places: list[int | str] = []

    def open_device(device: int | str) -> FakeCapture:
        places.append(device)
        return FakeCapture()

    for device in (3, "3", "/dev/video3", "desk"):
        open_camera(device, source="camera", open_device=open_device, host=host)
    assert places == [3, 3, "/dev/video3", f"{host.root}/dev/video0"]


def test_a_name_is_looked_up_each_time(host: Host) -> None:
    assert "camera Desk (" in opened(FakeCapture(), host, device="Desk").info.description
    (host.video_class / "video0" / "name").write_text("Something else")
    with pytest.raises(SourceUnavailable) as caught:
        opened(FakeCapture(), host, device="Desk")
    assert str(caught.value) == (
        f'no camera and no file is called "Desk"; cameras here: {host.root}/dev/video0 (Something else)'
    )


def test_a_name_where_there_are_no_cameras_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match='no file is called "Desk"; the system names no other'):
        opened(FakeCapture(), a_host(tmp_path), device="Desk")
    (tmp_path / ".dockerenv").touch()
    with pytest.raises(SourceUnavailable, match='no file is called "Desk"; a container has only'):
        opened(FakeCapture(), a_host(tmp_path), device="Desk")


def test_elsewhere_a_name_stands_for_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Package:
        @staticmethod
        def enumerate_cameras(backend: int) -> list[Package]:
            return [Package()]

        index, name = 2, "FaceTime HD"

    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", Package)
    places: list[int | str] = []

    def open_device(device: int | str) -> FakeCapture:
        places.append(device)
        return FakeCapture(frames=0)

    host = Host(root=tmp_path, platform="darwin")
    connection = open_camera("facetime", source="camera", open_device=open_device, host=host)
    assert places == [2]
    assert failure_of(connection) == "camera facetime stopped delivering"


def test_a_camera_that_does_not_open_is_unavailable_with_the_reason_and_let_go(host: Host) -> None:
    capture = FakeCapture(is_open=False)
    with pytest.raises(SourceUnavailable) as caught:
        opened(capture, host, device=7)
    assert str(caught.value).startswith("camera 7 cannot be opened: there is no ")
    assert "(Desk camera)" in str(caught.value)
    assert len(capture.released_by) == 1
    assert capture.asked == []


def test_no_camera_at_an_index_that_nobody_has_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match="camera 987 cannot be opened: "):
        open_camera(987, source="camera987")


def test_pictures_are_the_callers_own() -> None:
    connection = opened(FakeCapture())
    first, second = connection.read(), connection.read()
    assert first.shape == (48, 64, 3)
    assert not np.shares_memory(first, second)


@pytest.mark.parametrize("error", [None, cv2.error("select() timeout")])
def test_a_camera_that_is_still_there_stopped_delivering(host: Host, error: Exception | None) -> None:
    connection = opened(FakeCapture(frames=4, error=error), host)
    assert failure_of(connection) == f"camera 0 ({host.root}/dev/video0) stopped delivering"


@pytest.mark.parametrize(
    ("device", "label"),
    [(0, "camera 0 ({})"), ("{}", "camera {}"), ("desk camera", "desk camera ({})")],
)
def test_a_camera_whose_device_is_gone_was_unplugged(host: Host, device: int | str, label: str) -> None:
    node = host.root / "dev/video0"
    device = device.format(node) if isinstance(device, str) else device
    connection = opened(FakeCapture(frames=4), host, device=device)
    connection.read()
    node.unlink()
    assert failure_of(connection) == f"{label.format(node)} was unplugged"


def test_a_device_that_vanishes_shortly_after_the_read_failed_was_unplugged_too(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    class VanishingEvent:
        def wait(self, timeout: float) -> None:
            (host.root / "dev/video0").unlink(missing_ok=True)

    connection = opened(FakeCapture(frames=0), host)
    monkeypatch.setattr(threading, "Event", VanishingEvent)
    assert "was unplugged" in failure_of(connection)


def test_damaged_pictures_are_passed_over() -> None:
    capture = FakeCapture(damaged={0, 2, 3})
    connection = opened(capture)
    connection.read()
    assert capture.reads == 2
    connection.read()
    assert capture.reads == 5


def test_a_camera_that_sends_nothing_but_damage_is_lost(host: Host) -> None:
    capture = FakeCapture(damaged=range(1000))
    assert "stopped delivering" in failure_of(opened(capture, host))
    assert capture.reads == MOST_DAMAGED


def test_closing_lets_the_camera_go_in_the_thread_that_closes() -> None:
    capture = FakeCapture()
    connection = opened(capture)
    connection.read()
    connection.close()
    assert capture.released_by == [threading.current_thread()]
    assert capture.reads_after_release == 0


def test_opencv_opens_nothing_where_nothing_is() -> None:
    capture = open_capture(987)
    assert not capture.isOpened()
    capture.release()


def test_opencvs_capture_has_what_is_used_of_it() -> None:
    assert not open_capture(987).grab()
    assert open_capture(987).retrieve()[0] is False
