from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from livecam.native import cv2
from livecam.sources import v4l2
from livecam.sources.v4l2 import Mode
from tests.sources.fakes import (
    CAPTURE_MPLANE,
    METADATA,
    OUTPUT,
    FakeDevice,
    FakeFormat,
    FakeKernel,
    a_host,
)

if TYPE_CHECKING:
    from pathlib import Path

MJPG = FakeFormat("MJPG", ((1920, 1080), (1280, 720)), ((1, 60), (1, 30)))
YUYV = FakeFormat("YUYV", ((640, 480),), ((1, 30),))


def modes_of(root: Path, *formats: FakeFormat) -> list[Mode]:
    host = a_host(root, video0=FakeDevice(formats=formats))
    return host.modes(host.node(0))


def test_the_requests_have_the_numbers_that_the_c_compiler_gives_them() -> None:
    # printed by a C program that includes linux/videodev2.h
    assert v4l2.QUERYCAP == 0x80685600
    assert v4l2.ENUM_FMT == 0xC0405602
    assert v4l2.ENUM_FRAMESIZES == 0xC02C564A
    assert v4l2.ENUM_FRAMEINTERVALS == 0xC034564B


def test_a_device_says_what_it_is(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice(card="HD Pro Webcam C920", bus="usb-0000:00:14.0-6"))
    capability = host.capability(host.node(0))
    assert capability is not None
    assert capability.card == "HD Pro Webcam C920"
    assert capability.bus == "usb-0000:00:14.0-6"
    assert capability.driver == "uvcvideo"
    assert capability.is_capture


@pytest.mark.parametrize(
    ("caps", "kinds"),
    [
        (0x04200001, ["capture"]),
        (0x04200000 | CAPTURE_MPLANE, ["capture"]),
        (0x04200000 | METADATA, ["metadata"]),
        (0x04200000 | OUTPUT, ["output"]),
        (0x04204000, []),  # a codec, as Raspberry Pis list several
    ],
)
@pytest.mark.parametrize("before_linux_3_4", ["", "yes"])
def test_what_a_node_is_for_is_told_of_the_node_not_of_the_whole_camera(
    tmp_path: Path, caps: int, kinds: list[str], before_linux_3_4: str
) -> None:
    host = a_host(tmp_path, video0=FakeDevice(caps=caps))
    kernel = host.ioctl
    assert isinstance(kernel, FakeKernel)
    kernel.has_device_caps = not before_linux_3_4
    capability = host.capability(host.node(0))
    assert capability is not None
    assert [kind for kind in ("capture", "metadata", "output") if getattr(capability, f"is_{kind}")] == kinds


def test_a_name_with_control_characters_is_made_safe_to_print(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice(card="Evil\x1b[31m\ncam"))
    capability = host.capability(host.node(0))
    assert capability is not None
    assert capability.card == "Evil [31m cam"


def test_modes_are_listed_with_their_sizes_and_rates(tmp_path: Path) -> None:
    assert modes_of(tmp_path, MJPG, YUYV) == [
        Mode("MJPG", 1920, 1080, (30.0, 60.0)),
        Mode("MJPG", 1280, 720, (30.0, 60.0)),
        Mode("YUYV", 640, 480, (30.0,)),
    ]


def test_a_device_with_several_planes_is_asked_in_its_own_terms(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice(caps=CAPTURE_MPLANE, formats=(YUYV,)))
    assert host.modes(host.node(0)) == [Mode("YUYV", 640, 480, (30.0,))]


def test_uneven_rates_keep_their_value(tmp_path: Path) -> None:
    (mode,) = modes_of(tmp_path, FakeFormat("MJPG", intervals=((1001, 30000), (2, 15))))
    assert mode.fps == (7.5, 29.97)


def test_of_a_range_of_sizes_the_ends_and_the_usual_ones_are_told(tmp_path: Path) -> None:
    modes = modes_of(tmp_path, FakeFormat("YUYV", ((48, 1920, 16, 32, 1080, 8),)))
    assert [(mode.width, mode.height) for mode in modes] == [
        (48, 32),
        (640, 480),
        (1280, 720),
        (1920, 1080),
    ]


def test_of_a_range_only_sizes_on_its_grid_are_told(tmp_path: Path) -> None:
    modes = modes_of(tmp_path, FakeFormat("YUYV", ((100, 1000, 300, 100, 1000, 300),)))
    assert [(mode.width, mode.height) for mode in modes] == [(100, 100), (1000, 1000)]


@pytest.mark.parametrize("sizes", [(0, 0, 0, 0, 0, 0), (640, 320, 1, 480, 240, 1)])
def test_a_range_without_sense_does_no_harm(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    assert modes_of(tmp_path, FakeFormat("YUYV", (sizes,))) == []


def test_of_a_range_of_rates_the_ends_are_told(tmp_path: Path) -> None:
    (mode,) = modes_of(tmp_path, FakeFormat("YUYV", intervals=((1, 60, 1, 5, 1, 1),)))
    assert mode.fps == (5.0, 60.0)


@pytest.mark.parametrize("intervals", [(), ((0, 30),), ((1, 0),)])
def test_a_mode_without_a_rate_is_told_without(
    tmp_path: Path, intervals: tuple[tuple[int, ...], ...]
) -> None:
    (mode,) = modes_of(tmp_path, FakeFormat("YUYV", intervals=intervals))
    assert mode.fps == ()


def test_a_list_that_never_ends_is_left(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice())

    def endless(descriptor: int, request: int, structure: bytearray) -> int:
        if request == v4l2.ENUM_FRAMEINTERVALS:
            raise OSError
        return host.ioctl(descriptor, request, structure) if request == v4l2.QUERYCAP else 0

    assert v4l2.query_modes(host.node(0), ioctl=endless) == []  # sizes come as an empty range


@pytest.mark.parametrize("caps", [0, METADATA, OUTPUT])
def test_what_gives_no_pictures_has_no_modes(tmp_path: Path, caps: int) -> None:
    host = a_host(tmp_path, video0=FakeDevice(caps=caps, formats=(YUYV,)))
    assert host.modes(host.node(0)) == []


def test_what_is_no_video_device_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "gone", tmp_path):
        assert v4l2.query_capability(path) is None
        assert v4l2.query_modes(path) == []


def test_a_device_is_let_go_of_also_when_the_kernel_fails(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice(formats=(MJPG,)))
    opened: list[int] = []

    def failing(descriptor: int, request: int, structure: bytearray) -> int:
        opened.append(descriptor)
        raise RuntimeError

    for query in (v4l2.query_capability, v4l2.query_modes):
        with pytest.raises(RuntimeError):
            query(host.node(0), ioctl=failing)
    host.modes(host.node(0))
    for descriptor in opened:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


def test_a_device_is_opened_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    descriptor = v4l2.open_node(tmp_path / "pipe")
    assert not os.get_blocking(descriptor)
    os.close(descriptor)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (cv2.VideoWriter.fourcc(*"MJPG"), "MJPG"),
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
    assert v4l2.fourcc_text(code) == text
