from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    ["livecam.native", "livecam.compose", "livecam.sources.video_file", "livecam.encoding.h264"],
)
def test_opencv_is_loaded_before_pyav_whoever_comes_first(module: str) -> None:
    code = f"import sys, {module}; names = list(sys.modules); print(names.index('cv2') < names.index('av'))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "True"


def test_a_camera_that_is_not_there_makes_no_noise() -> None:
    code = "from livecam.native import cv2; print(cv2.VideoCapture(77, cv2.CAP_V4L2).isOpened())"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
    assert result.stderr == ""


@pytest.mark.parametrize(("given", "seconds"), [(None, "2"), ("7", "7")])
def test_a_stalled_camera_is_given_up_after_2_seconds_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, given: str | None, seconds: str
) -> None:
    name = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"
    monkeypatch.delenv(name, raising=False)
    if given:
        monkeypatch.setenv(name, given)
    code = f"import os, livecam.native; print(os.environ['{name}'])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == seconds


def test_opencv_that_cannot_be_loaded_is_told_as_that(tmp_path: object) -> None:
    code = (
        "import sys; sys.modules['cv2'] = None\n"
        "from livecam.errors import MissingDependency\n"
        "try: import livecam.native\n"
        "except MissingDependency as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "apt-get install libgl1" in said
    assert "opencv-python-headless" in said
