from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from livecam.errors import OutputError
from livecam.native import cv2
from livecam.sources import camera
from livecam.sources.camera_list import (
    PROBED_INDICES,
    STILL_AFTER,
    CameraListing,
    list_cameras,
    mode_texts,
)
from livecam.sources.camera_names import Host
from livecam.sources.v4l2 import Mode
from tests.sources.fakes import METADATA, FakeCapture, FakeDevice, FakeFormat, a_host

MODES = (Mode("MJPG", 1280, 720, (30.0, 60.0)), Mode("MJPG", 640, 480, (30.0, 60.0)))


@pytest.fixture(autouse=True)
def _devices_do_not_linger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "NODE_LINGERS", 0.0)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """Return a system with two cameras, one of which has a metadata device too."""
    formats = (FakeFormat("MJPG", ((1280, 720), (640, 480)), ((1, 60), (1, 30))),)
    return a_host(
        tmp_path,
        video2=FakeDevice("Built-in camera", bus="usb-1", formats=formats),
        video3=FakeDevice("Built-in camera", bus="usb-1", caps=METADATA),
        video10=FakeDevice("Desk camera", bus="usb-2"),
    )


def test_cameras_are_listed_in_order_with_their_modes_and_what_they_grant(host: Host) -> None:
    captures: list[FakeCapture] = []

    def open_device(device: int | str) -> FakeCapture:
        captures.append(FakeCapture())
        return captures[-1]

    dev = host.root / "dev"
    assert list_cameras(host=host, open_device=open_device) == [
        CameraListing(f"{dev}/video2", "Built-in camera", "64x48, 15 fps", None, "usb-1", MODES),
        CameraListing(f"{dev}/video10", "Desk camera", "64x48, 15 fps", None, "usb-2", ()),
    ]
    assert [len(capture.released_by) for capture in captures] == [1, 1]
    assert [capture.reads for capture in captures] == [1, 1]


def test_a_camera_without_a_rate_is_listed_with_its_size(host: Host) -> None:
    listings = list_cameras(host=host, open_device=lambda _: FakeCapture(granted={cv2.CAP_PROP_FPS: 0.0}))
    assert [listing.granted for listing in listings] == ["64x48", "64x48"]


def test_a_camera_that_does_not_open_is_listed_with_the_reason_and_its_modes(host: Host) -> None:
    first, second = list_cameras(host=host, open_device=lambda _: FakeCapture(is_open=False))
    assert (first.granted, second.granted) == (None, None)
    assert first.problem is not None
    assert f"{host.root}/dev/video2 cannot be opened: " in first.problem
    assert first.modes == MODES


def test_a_camera_that_opens_but_gives_nothing_is_told_as_that(host: Host, tmp_path: Path) -> None:
    captures: list[FakeCapture] = []

    def open_device(device: int | str) -> FakeCapture:
        captures.append(FakeCapture(frames=0))
        return captures[-1]

    first, _ = list_cameras(host=host, stills=tmp_path / "stills", open_device=open_device)
    assert first.granted == "64x48, 15 fps"
    assert first.problem is not None
    assert first.problem.startswith("it opens, but gives no picture: camera ")
    assert first.still is None
    assert [len(capture.released_by) for capture in captures] == [1, 1]


def test_without_devices_there_is_nothing_to_list(tmp_path: Path) -> None:
    assert list_cameras(host=a_host(tmp_path)) == []


def test_where_nothing_is_told_the_first_indices_are_tried_and_what_opens_is_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    tried: list[int | str] = []

    def open_device(device: int | str) -> FakeCapture:
        tried.append(device)
        return FakeCapture(is_open=device in (1, 2), frames=0 if device == 2 else None)

    works, is_silent = list_cameras(host=Host(root=tmp_path, platform="darwin"), open_device=open_device)
    assert works == CameraListing("1", None, "64x48, 15 fps", None)
    assert is_silent.problem is not None
    assert tried == list(range(PROBED_INDICES))


def test_elsewhere_names_come_from_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    listed = [SimpleNamespace(index=0, name="FaceTime HD")]
    package = SimpleNamespace(enumerate_cameras=lambda _: listed)
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", package)
    host = Host(root=tmp_path, platform="darwin")
    works = list_cameras(host=host, open_device=lambda _: FakeCapture())
    assert works == [CameraListing("0", "FaceTime HD", "64x48, 15 fps", None)]
    (closed,) = list_cameras(host=host, open_device=lambda _: FakeCapture(is_open=False))
    assert closed.problem is not None
    assert "Privacy" in closed.problem


def test_a_still_is_the_last_of_several_pictures(host: Host, tmp_path: Path) -> None:
    captures: list[FakeCapture] = []

    def open_device(device: int | str) -> FakeCapture:
        captures.append(FakeCapture())
        return captures[-1]

    folder = tmp_path / "deep" / "stills"
    listings = list_cameras(stills=folder, host=host, open_device=open_device)
    assert [listing.still for listing in listings] == [
        str(folder / "video2.jpg"),
        str(folder / "video10.jpg"),
    ]
    assert [capture.reads for capture in captures] == [STILL_AFTER, STILL_AFTER]
    image = cv2.imread(str(folder / "video2.jpg"))
    assert image is not None
    assert image.shape == (48, 64, 3)
    assert abs(float(image.mean()) - (80 + STILL_AFTER)) < 2


def test_a_camera_that_stops_before_the_last_picture_still_gives_one(host: Host, tmp_path: Path) -> None:
    first, _ = list_cameras(stills=tmp_path, host=host, open_device=lambda _: FakeCapture(frames=3))
    assert first.problem is None
    assert (tmp_path / "video2.jpg").is_file()


def test_a_still_of_a_camera_without_a_path_is_named_by_its_index(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    host = Host(root=tmp_path, platform="win32")
    first, *_ = list_cameras(stills=tmp_path, host=host, open_device=lambda _: FakeCapture())
    assert first.still == str(tmp_path / "camera0.jpg")


def test_a_folder_that_cannot_be_made_is_told_before_any_camera_is_opened(host: Host, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    def open_device(device: int | str) -> FakeCapture:
        raise AssertionError(device)

    with pytest.raises(OutputError, match=r"--stills .*file/stills cannot be made"):
        list_cameras(stills=tmp_path / "file" / "stills", host=host, open_device=open_device)


def test_a_still_that_cannot_be_written_is_told_and_the_camera_let_go(host: Host, tmp_path: Path) -> None:
    capture = FakeCapture()
    (tmp_path / "stills" / "video2.jpg").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"video2\.jpg cannot be written: Is a directory"):
        list_cameras(stills=tmp_path / "stills", host=host, open_device=lambda _: capture)
    assert len(capture.released_by) == 1


def test_modes_are_grouped_by_their_format_in_one_line_each() -> None:
    modes = [
        Mode("MJPG", 1920, 1080, (30.0,)),
        Mode("MJPG", 1280, 720, (29.97, 60.0)),
        Mode("YUYV", 640, 480, ()),
        Mode("", 320, 240, (7.5,)),
    ]
    assert mode_texts(modes) == ["MJPG 1920x1080@30 1280x720@30,60", "YUYV 640x480", "? 320x240@7.5"]


def test_a_listing_can_be_put_into_json() -> None:
    listing = CameraListing("/dev/video0", "Desk", "64x48", None, "usb-1", MODES)
    record = json.loads(json.dumps(dataclasses.asdict(listing)))
    assert record["modes"][0] == {"pixel_format": "MJPG", "width": 1280, "height": 720, "fps": [30.0, 60.0]}


def test_this_machine_can_be_asked() -> None:
    if not Path("/dev/video0").exists() and os.name == "posix":
        assert all(listing.problem for listing in list_cameras())
