from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.doctor import cameras
from livecam.errors import SourceFailed, SourceUnavailable
from livecam.frames import SourceInfo
from livecam.sources import camera_names
from livecam.sources.camera_names import Host
from livecam.testing.clock import FakeClock
from tests.sources.fakes import FakeDevice, FakeFormat, a_host

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image

SIZE, FPS = (1280, 720), 30.0


class FakeConnection:
    """Fits `Connection`: gives so many pictures a second of the clock."""

    def __init__(self, clock: FakeClock, *, comes: float, granted: float | None = 30.0) -> None:
        self._clock, self._comes, self._granted = clock, comes, granted
        self.is_closed = False

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("camera", "camera", 640, 480, self._granted)

    def read(self) -> Image:
        if not self._comes:
            raise SourceFailed("camera stopped delivering")
        self._clock.advance(1 / self._comes)
        return np.zeros((480, 640, 3), np.uint8)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def host(tmp_path: Path) -> Host:
    formats = (FakeFormat("MJPG", ((1280, 720),), ((1, 30),)),)
    return a_host(tmp_path, video0=FakeDevice("Desk camera", formats=formats), video2=FakeDevice("Other"))


def test_cameras_are_named_with_their_modes_and_not_opened(host: Host) -> None:
    told = cameras.listed(host)
    dev = host.root / "dev"
    assert (told.state, told.text) == (
        "ok",
        f"{dev}/video0 Desk camera (MJPG 1280x720@30); {dev}/video2 Other; not opened",
    )
    assert "livecam doctor --camera" in str(told.advice)


@pytest.mark.parametrize(("refused", "state"), [(("video0", "video2"), "fail"), (("video2",), "warn")])
def test_cameras_that_the_user_may_not_use_are_told_with_what_to_do(
    host: Host, monkeypatch: pytest.MonkeyPatch, refused: tuple[str, ...], state: str
) -> None:
    def why(node: Path, _: Host) -> str | None:
        return f"you may not use {node}: join its group" if node.name in refused else None

    monkeypatch.setattr(cameras, "why_refused", why)
    told = cameras.listed(host)
    assert told.state == state
    assert all(f"{name}: join its group" in told.text for name in refused)


@pytest.mark.parametrize("is_opening", [True, False])
def test_no_camera_is_a_warning_with_the_reason(tmp_path: Path, is_opening: bool) -> None:  # noqa: FBT001
    host = a_host(tmp_path)
    (tmp_path / ".dockerenv").touch()
    told = cameras.opened(FakeClock(), size=SIZE, fps=FPS, host=host) if is_opening else cameras.listed(host)
    assert told.state == "warn"
    assert told.text.startswith("there is none: a container has only the cameras it is given")
    assert "livecam run demo" in str(told.advice)


def test_a_system_that_lists_no_cameras_is_not_guessed_at(tmp_path: Path) -> None:
    told = cameras.listed(Host(tmp_path, platform="plan9"))
    assert (told.state, "--camera" in str(told.advice)) == ("skip", True)


@pytest.mark.parametrize(
    ("comes", "granted", "state"), [(30.0, 30.0, "ok"), (15.0, 30.0, "warn"), (15.0, None, "ok")]
)
def test_pictures_that_really_come_are_counted_and_few_are_told(
    host: Host, comes: float, granted: float | None, state: str
) -> None:
    clock = FakeClock()
    made: list[FakeConnection] = []

    def open_device(_: str) -> FakeConnection:
        made.append(FakeConnection(clock, comes=comes, granted=granted))
        return made[-1]

    told = cameras.opened(clock, size=SIZE, fps=FPS, host=host, open_device=open_device)
    assert (told.state, told.advice is None) == (state, state == "ok")
    assert f"{comes:.1f} pictures a second really come" in told.text
    assert len(made) == 2
    assert all(each.is_closed for each in made)


def test_a_camera_that_gives_none_or_does_not_open_fails_and_one_of_two_warns(host: Host) -> None:
    clock = FakeClock()
    silent = FakeConnection(clock, comes=0)
    told = cameras.opened(clock, size=SIZE, fps=FPS, host=host, open_device=lambda _: silent)
    assert (told.state, silent.is_closed) == ("fail", True)
    assert "opens, but gives no picture: camera stopped delivering" in told.text

    def one_of_two(device: str) -> FakeConnection:
        if device.endswith("video2"):
            raise SourceUnavailable("camera is busy")
        return FakeConnection(clock, comes=30)

    told = cameras.opened(clock, size=SIZE, fps=FPS, host=host, open_device=one_of_two)
    assert (told.state, "camera is busy" in told.text) == ("warn", True)


def test_where_the_system_lists_none_the_first_is_opened_as_a_run_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []

    def open_camera(device: str, *, source: str, size: object, fps: float, host: Host) -> None:
        asked.append((device, source, size, fps))
        raise SourceUnavailable(f"there is no camera {device} on {host.platform}")

    monkeypatch.setattr(cameras, "open_camera", open_camera)
    told = cameras.opened(FakeClock(), size=SIZE, fps=FPS, host=Host(tmp_path, platform="plan9"))
    assert asked == [("0", "0", SIZE, FPS)]
    assert told.state == "fail"
    assert camera_names.THIS_HOST.root == type(tmp_path)(os.sep)
