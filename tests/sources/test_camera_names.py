from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from livecam.errors import SourceUnavailable
from livecam.native import cv2
from livecam.sources.camera_names import (
    THIS_HOST,
    Host,
    NamedCamera,
    camera_texts,
    find_camera,
    named_cameras,
    platform_backend,
)
from tests.sources.fakes import METADATA, FakeDevice, a_host


def two_cameras(root: Path) -> Host:
    return a_host(
        root,
        video0=FakeDevice("Built-in camera", bus="usb-1"),
        video1=FakeDevice("Built-in camera", bus="usb-1", caps=METADATA),
        video2=FakeDevice("HD Pro Webcam C920", bus="usb-2"),
        video10=FakeDevice("HD Pro Webcam C920 Plus", bus="usb-3"),
    )


def test_on_linux_nodes_that_give_pictures_are_cameras_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    dev = tmp_path / "dev"
    assert named_cameras(two_cameras(tmp_path)) == [
        NamedCamera(f"{dev}/video0", "Built-in camera", "usb-1"),
        NamedCamera(f"{dev}/video2", "HD Pro Webcam C920", "usb-2"),
        NamedCamera(f"{dev}/video10", "HD Pro Webcam C920 Plus", "usb-3"),
    ]


def test_other_devices_of_the_class_are_none(tmp_path: Path) -> None:
    host = a_host(tmp_path)
    for name in ("vbi0", "radio0", "v4l-subdev0", "video-codec"):
        (host.video_class / name).mkdir()
    assert named_cameras(host) == []


def test_of_nodes_that_cannot_be_asked_the_first_of_each_camera_is_taken(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice(caps=0), video1=FakeDevice(caps=0), video2=FakeDevice(caps=0))
    for name, index in (("video0", "0\n"), ("video1", "1\n")):
        (host.video_class / name / "index").write_text(index)
    known = named_cameras(host)
    assert known is not None
    assert [Path(camera.device).name for camera in known] == ["video0", "video2"]
    assert known[0] == NamedCamera(f"{tmp_path}/dev/video0", "Desk camera", None)


@pytest.mark.parametrize("content", [None, "", " \n"])
def test_a_device_without_a_name_in_the_list_has_the_one_that_it_tells(
    tmp_path: Path, content: str | None
) -> None:
    host = a_host(tmp_path, video0=FakeDevice("Told by itself"))
    path = host.video_class / "video0" / "name"
    path.unlink() if content is None else path.write_text(content)
    (camera,) = named_cameras(host) or []
    assert camera.name == "Told by itself"


def test_without_a_list_of_the_kernels_there_is_no_camera(tmp_path: Path) -> None:
    assert named_cameras(Host(root=tmp_path, platform="linux")) == []
    assert isinstance(named_cameras(THIS_HOST), list | None)


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("HD Pro Webcam C920", "video2"),  # exact, although another's name begins with it
        ("hd pro webcam c920", "video2"),
        ("plus", "video10"),
        (" Built-in ", "video0"),
    ],
)
def test_a_camera_is_found_by_its_name_or_a_part_of_it(tmp_path: Path, name: str, device: str) -> None:
    assert find_camera(name, two_cameras(tmp_path)) == f"{tmp_path}/dev/{device}"


@pytest.mark.parametrize("name", ["C930", "", " "])
def test_a_name_that_no_camera_has_finds_none(tmp_path: Path, name: str) -> None:
    assert find_camera(name, two_cameras(tmp_path)) is None


def test_a_part_that_several_names_hold_is_refused_with_their_devices(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        find_camera(
            "c920", a_host(tmp_path, video2=FakeDevice("HD Pro Webcam C920"), video10=FakeDevice("c920 mini"))
        )
    assert '2 cameras are called "c920"' in str(caught.value)
    assert f"{tmp_path}/dev/video2 (HD Pro Webcam C920)" in str(caught.value)
    assert f"{tmp_path}/dev/video10" in str(caught.value)


def test_two_cameras_of_the_same_make_are_told_apart_by_their_devices(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice("Twin"), video2=FakeDevice("Twin"))
    with pytest.raises(SourceUnavailable, match="2 cameras are called"):
        find_camera("Twin", host)


def test_cameras_without_a_name_are_told_by_their_device() -> None:
    assert camera_texts([NamedCamera("0", "Desk"), NamedCamera("1", None)]) == "0 (Desk), 1"


@pytest.mark.parametrize(
    ("platform", "backend"), [("darwin", cv2.CAP_AVFOUNDATION), ("win32", cv2.CAP_DSHOW)]
)
def test_elsewhere_the_package_that_knows_is_asked_about_the_backend_that_opens(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, backend: int
) -> None:
    asked: list[int] = []

    def enumerate_cameras(backend: int) -> list[SimpleNamespace]:
        asked.append(backend)
        return [SimpleNamespace(index=0, name="FaceTime HD"), SimpleNamespace(index=1, name="")]

    package = SimpleNamespace(enumerate_cameras=enumerate_cameras)
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", package)
    host = Host(root=tmp_path, platform=platform)
    assert named_cameras(host) == [NamedCamera("0", "FaceTime HD"), NamedCamera("1", None)]
    assert find_camera("facetime", host) == "0"
    assert set(asked) == {backend}


@pytest.mark.parametrize("package", [None, SimpleNamespace(), SimpleNamespace(enumerate_cameras=None)])
def test_without_the_package_or_with_a_broken_one_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: object
) -> None:
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", package)
    assert named_cameras(Host(root=tmp_path, platform="darwin")) is None
    assert find_camera("any", Host(root=tmp_path, platform="darwin")) is None


def test_an_unknown_system_tells_nothing(tmp_path: Path) -> None:
    assert named_cameras(Host(root=tmp_path, platform="plan9")) is None


@pytest.mark.parametrize("device", [3, "3"])
def test_an_index_is_a_numbered_node(device: int | str) -> None:
    assert THIS_HOST.node(device) == Path("/dev/video3")


def test_a_path_is_its_own_node() -> None:
    assert THIS_HOST.node("/dev/v4l/by-id/desk") == Path("/dev/v4l/by-id/desk")


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
