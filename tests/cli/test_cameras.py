from __future__ import annotations

import json
from typing import TYPE_CHECKING

from livecam.cli.cameras import WIDTH, camera_lines
from livecam.sources.camera_list import CameraListing
from livecam.sources.v4l2 import Mode
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path

SIZES = ((1920, 1080), (1280, 720), (1024, 576), (960, 540), (800, 600), (640, 480), (320, 240))
MODES = tuple(
    Mode(letters, width, height, rates)
    for letters, rates in (("MJPG", (30.0, 60.0)), ("YUYV", (5.0,)))
    for width, height in SIZES
)


def test_cameras_are_listed_as_json_and_nothing_else(tmp_path: Path) -> None:
    result = command_line.livecam("cameras", "--json", cwd=tmp_path)
    listing = json.loads(result.stdout)
    assert result.returncode == 0
    assert result.stderr == ""
    assert listing["schema"] == "livecam.cameras/1"
    for camera in listing["cameras"]:
        assert set(camera) == {"device", "name", "granted", "problem", "bus", "modes", "still"}


def test_people_are_told_what_there_is(tmp_path: Path) -> None:
    found = json.loads(command_line.livecam("cameras", "--json", cwd=tmp_path).stdout)["cameras"]
    said = command_line.livecam("cameras", cwd=tmp_path).stdout
    assert all(camera["device"] in said for camera in found)
    assert found or "`livecam run demo` needs none" in said
    assert found or said.count("\n") == 1


def test_stills_are_saved_in_a_folder_that_is_made(tmp_path: Path) -> None:
    result = command_line.livecam("cameras", "--json", "--stills", "deep/stills", cwd=tmp_path)
    found = json.loads(result.stdout)["cameras"]
    stills = [camera["still"] for camera in found if camera["still"]]
    assert (tmp_path / "deep/stills").is_dir()
    assert all((tmp_path / still).is_file() for still in stills)


def test_a_folder_for_stills_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = command_line.livecam("cameras", "--stills", "file/stills", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr == "livecam: --stills file/stills cannot be made: Not a directory\n"


def test_a_camera_that_works_is_told_with_its_modes_in_80_columns() -> None:
    lines = camera_lines(
        CameraListing("/dev/video0", "Desk camera", "1280x720, 30 fps", None, "usb-1", MODES, "s/video0.jpg")
    )
    assert lines == [
        "/dev/video0  Desk camera (usb-1)",
        "  works    1280x720, 30 fps",
        "  modes    MJPG 1920x1080@30,60 1280x720@30,60 1024x576@30,60 960x540@30,60",
        "           800x600@30,60 640x480@30,60 320x240@30,60",
        "           YUYV 1920x1080@5 1280x720@5 1024x576@5 960x540@5 800x600@5 640x480@5",
        "           320x240@5",
        "  still    s/video0.jpg",
    ]
    assert max(map(len, lines)) <= WIDTH


def test_a_camera_that_does_not_work_is_told_with_the_reason_in_80_columns() -> None:
    problem = (
        "camera /dev/video0 cannot be opened: you may not use /dev/video0: add yourself to the group video"
        " (sudo usermod -aG video ann, then log in again)"
    )
    lines = camera_lines(CameraListing("/dev/video0", None, None, problem))
    assert lines[0] == "/dev/video0  without a name"
    assert lines[1].startswith("  problem  camera /dev/video0 cannot be opened:")
    assert " ".join(" ".join(lines[1:]).split()) == f"problem {problem}"
    assert max(map(len, lines)) <= WIDTH
