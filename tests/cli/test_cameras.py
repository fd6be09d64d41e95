from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


def test_cameras_are_listed_as_json_and_nothing_else(tmp_path: Path) -> None:
    result = command_line.livecam("cameras", "--json", cwd=tmp_path)
    listing = json.loads(result.stdout)
    assert result.returncode == 0
    assert listing["schema"] == "livecam.cameras/1"
    for camera in listing["cameras"]:
        assert set(camera) == {"device", "name", "granted", "problem"}


def test_people_are_told_what_there_is(tmp_path: Path) -> None:
    found = json.loads(command_line.livecam("cameras", "--json", cwd=tmp_path).stdout)["cameras"]
    said = command_line.livecam("cameras", cwd=tmp_path).stdout
    assert all(camera["device"] in said for camera in found)
    assert found or "`livecam run demo` needs none" in said
