from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.errors import SourceFailed, SourceUnavailable
from livecam.native import cv2
from livecam.sources.camera import CameraSource, fourcc_text, open_capture, platform_backend
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot
from tests.sources.fakes import MJPG, FakeCapture

if TYPE_CHECKING:
    from livecam.frames import Frame, Image

DEAD_AFTER = 20


def a_camera(capture: FakeCapture, *, device: int | str = 0, clock: FakeClock | None = None) -> CameraSource:
    return CameraSource(
        device,
        source="camera0",
        clock=clock or FakeClock(),
        size=(1920, 1080),
        fps=60.0,
        open_device=lambda _: capture,
    )


def read_to_the_end(capture: FakeCapture) -> RecordingSlot:
    camera, slot = a_camera(capture), RecordingSlot()
    camera.open()
    camera.start(slot)
    slot.wait_until_closed()
    camera.close()
    return slot


def test_mjpg_is_asked_for_before_the_size_and_the_rate() -> None:
    capture = FakeCapture()
    a_camera(capture).open()
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
    info = a_camera(FakeCapture(granted=granted)).open()
    assert (info.width, info.height, info.fps) == (640, 480, 25.0)
    assert "camera 0" in info.description
    assert "YUYV" in info.description
    assert info.source == "camera0"
    assert info.is_live
    assert info.duration is None


@pytest.mark.parametrize("fps", [0.0, -1.0])
def test_a_camera_that_does_not_say_its_rate_has_none(fps: float) -> None:
    assert a_camera(FakeCapture(granted={cv2.CAP_PROP_FPS: fps})).open().fps is None


def test_the_device_is_opened_as_it_was_named() -> None:
    opened: list[int | str] = []

    def open_device(device: int | str) -> FakeCapture:
        opened.append(device)
        return FakeCapture()

    for device in (3, "/dev/video3"):
        CameraSource(device, source="camera", clock=FakeClock(), open_device=open_device).open()
    assert opened == [3, "/dev/video3"]


def test_a_camera_that_does_not_open_is_unavailable_and_let_go() -> None:
    capture = FakeCapture(is_open=False)
    camera = a_camera(capture, device=7)
    with pytest.raises(SourceUnavailable, match="camera 7 cannot be opened"):
        camera.open()
    assert len(capture.released_by) == 1
    assert capture.asked == []
    camera.close()


def test_no_camera_at_an_index_that_nobody_has_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable):
        CameraSource(987, source="camera987", clock=FakeClock()).open()


def test_media_time_counts_from_the_first_frame() -> None:
    clock = FakeClock()

    class TimingSlot(RecordingSlot):
        def put(self, frame: Frame, *, patience: float = 0.0) -> None:
            super().put(frame, patience=patience)
            clock.advance(0.5)

    camera, slot = a_camera(FakeCapture(frames=3), clock=clock), TimingSlot()
    camera.open()
    clock.advance(10.0)
    camera.start(slot)
    slot.wait_until_closed()
    assert [frame.media_time for frame in slot.frames] == [0.0, 0.5, 1.0]
    assert [frame.captured_at - FakeClock().now() for frame in slot.frames] == [10.0, 10.5, 11.0]


def test_a_camera_never_waits_for_its_reader() -> None:
    assert read_to_the_end(FakeCapture(frames=2)).patiences == [0.0, 0.0]


@pytest.mark.parametrize("error", [None, cv2.error("select() timeout")])
def test_a_camera_that_fails_midway_says_so_and_is_let_go_by_its_reader(error: Exception | None) -> None:
    capture = FakeCapture(frames=4, error=error)
    slot = read_to_the_end(capture)
    assert [frame.sequence for frame in slot.frames] == [0, 1, 2, 3]
    (reason,) = slot.errors
    assert isinstance(reason, SourceFailed)
    assert "camera 0" in str(reason)
    assert [thread.name for thread in capture.released_by] == ["livecam-source"]


def test_a_camera_that_is_closed_is_let_go_once_by_its_reader_and_ends_regularly() -> None:
    capture = FakeCapture()
    camera, slot = a_camera(capture), RecordingSlot()
    camera.open()
    camera.start(slot)
    slot.wait_for_frames(3)
    camera.close()
    camera.close()
    assert slot.errors == [None]
    (thread,) = capture.released_by
    assert thread is not threading.current_thread()
    assert capture.reads_after_release == 0


def test_a_read_that_fails_because_of_the_close_is_no_failure() -> None:
    class SlowCapture(FakeCapture):
        def read(self) -> tuple[bool, Image]:
            is_reading.set()
            assert may_fail.wait(DEAD_AFTER)
            return super().read()

    is_reading, may_fail = threading.Event(), threading.Event()
    camera, slot = a_camera(SlowCapture(frames=0)), RecordingSlot()
    camera.open()
    camera.start(slot)
    assert is_reading.wait(DEAD_AFTER)
    camera._thread.stopped.set()  # as `close` does before it waits
    may_fail.set()
    assert slot.wait_until_closed() is None


def test_a_camera_that_was_opened_but_not_started_is_let_go_by_close() -> None:
    capture = FakeCapture()
    camera = a_camera(capture)
    camera.open()
    camera.close()
    camera.close()
    assert len(capture.released_by) == 1


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (MJPG, "MJPG"),
        (cv2.VideoWriter.fourcc(*"YUY2"), "YUY2"),
        (int.from_bytes(b"Y8  ", "little"), "Y8"),
        (int.from_bytes(b"GRE\0", "little"), "GRE"),
        (0, ""),
        (-1, ""),
        (22, ""),
        (0x80818283, ""),
        (0xFFFFFFFF, ""),
        (1 << 40, ""),
    ],
)
def test_a_pixel_format_is_four_letters_or_nothing(code: int, text: str) -> None:
    assert fourcc_text(code) == text


def test_a_camera_without_a_pixel_format_is_described_without_one() -> None:
    description = a_camera(FakeCapture(granted={cv2.CAP_PROP_FOURCC: 0.0})).open().description
    assert description in ("camera 0", "camera 0 (V4L2)", "camera 0 (AVFoundation)", "camera 0 (DirectShow)")


@pytest.mark.parametrize(
    ("platform", "backend"),
    [
        ("linux", cv2.CAP_V4L2),
        ("darwin", cv2.CAP_AVFOUNDATION),
        ("win32", cv2.CAP_DSHOW),
        ("plan9", cv2.CAP_ANY),
    ],
)
def test_each_platform_has_a_named_backend(
    monkeypatch: pytest.MonkeyPatch, platform: str, backend: int
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert platform_backend() == backend


def test_opencv_opens_nothing_where_nothing_is() -> None:
    capture = open_capture(987)
    assert not capture.isOpened()
    capture.release()
