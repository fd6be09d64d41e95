from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import pytest

from livecam.native import cv2
from livecam.sources.camera_list import PROBED_INDICES, CameraListing, list_cameras
from livecam.testing.clock import FakeClock
from tests.sources.fakes import FakeCapture

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def video_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder like the kernel's, with two cameras."""
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    for device, name in (("video10", "Desk camera\n"), ("video2", "Built-in camera\n")):
        (tmp_path / device).mkdir()
        (tmp_path / device / "name").write_text(name)
    (tmp_path / "vbi0").mkdir()
    return tmp_path


def test_on_linux_the_kernels_devices_are_listed_in_order(video_class: Path) -> None:
    captures: list[FakeCapture] = []

    def open_device(device: int | str) -> FakeCapture:
        captures.append(FakeCapture())
        return captures[-1]

    assert list_cameras(FakeClock(), video_class=video_class, open_device=open_device) == [
        CameraListing("/dev/video2", "Built-in camera", "64x48, 15 fps", None),
        CameraListing("/dev/video10", "Desk camera", "64x48, 15 fps", None),
    ]
    assert [len(capture.released_by) for capture in captures] == [1, 1]


def test_a_camera_without_a_rate_is_listed_with_its_size(video_class: Path) -> None:
    listings = list_cameras(
        FakeClock(),
        video_class=video_class,
        open_device=lambda _: FakeCapture(granted={cv2.CAP_PROP_FPS: 0.0}),
    )
    assert [listing.granted for listing in listings] == ["64x48", "64x48"]


def test_a_camera_that_does_not_open_is_listed_with_the_reason(video_class: Path) -> None:
    listings = list_cameras(
        FakeClock(), video_class=video_class, open_device=lambda _: FakeCapture(is_open=False)
    )
    assert [listing.granted for listing in listings] == [None, None]
    assert listings[0].problem is not None
    assert "/dev/video2 cannot be opened" in listings[0].problem


@pytest.mark.parametrize("content", [None, "", " \n"])
def test_a_device_without_a_name_is_listed_without(video_class: Path, content: str | None) -> None:
    path = video_class / "video2" / "name"
    path.unlink() if content is None else path.write_text(content)
    first, _ = list_cameras(FakeClock(), video_class=video_class, open_device=lambda _: FakeCapture())
    assert first.name is None


def test_without_devices_there_is_nothing_to_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    assert list_cameras(FakeClock(), video_class=tmp_path / "gone") == []


def test_elsewhere_the_first_indices_are_tried_and_what_opens_is_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    tried: list[int | str] = []

    def open_device(device: int | str) -> FakeCapture:
        tried.append(device)
        return FakeCapture(is_open=device == 1)

    assert list_cameras(FakeClock(), open_device=open_device) == [
        CameraListing("1", None, "64x48, 15 fps", None)
    ]
    assert tried == list(range(PROBED_INDICES))
