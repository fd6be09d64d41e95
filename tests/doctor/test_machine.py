from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest

import livecam
from livecam.doctor import machine
from livecam.native import cv2

if TYPE_CHECKING:
    from pathlib import Path


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_it_says_what_runs_here() -> None:
    assert machine.python().text.startswith(f"livecam {livecam.__version__}, Python 3.")


def test_this_opencv_is_named_with_its_package() -> None:
    told = machine.opencv(lambda: ["numpy", "opencv-python"])
    assert (told.state, told.text) == ("ok", f"OpenCV {cv2.__version__} (opencv-python)")
    assert "numpy" in set(machine.installed_packages())


def test_two_flavours_of_opencv_side_by_side_are_a_problem_that_says_how_to_mend_it() -> None:
    told = machine.opencv(lambda: ["opencv-python", "opencv-contrib-python-headless"])
    assert told.state == "fail"
    assert "opencv-contrib-python-headless and opencv-python are installed side by side" in told.text
    assert told.advice
    assert "pip uninstall -y opencv-contrib-python-headless opencv-python" in told.advice


def test_an_opencv_of_another_generation_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "__version__", "4.14.0")
    assert machine.opencv(lambda: ["opencv-python"]).state == "warn"


@pytest.mark.parametrize(("free", "state"), [(50 * 10**6, "fail"), (10**9, "warn"), (3 * 10**9, "ok")])
def test_room_on_the_disk(free: int, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))
    told = machine.disk(tmp_path)
    assert told.state == state
    assert f"{free / 1e9:.1f} GB free in {tmp_path}" in told.text


def test_a_folder_that_cannot_be_written_is_a_warning_and_one_that_is_gone_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert machine.disk(tmp_path / "gone").state == "fail"
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    assert machine.disk(tmp_path).state == "warn"
