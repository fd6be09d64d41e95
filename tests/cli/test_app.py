from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import livecam
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


def test_version_is_printed(tmp_path: Path) -> None:
    result = command_line.livecam("--version", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, f"livecam {livecam.__version__}\n")


@pytest.mark.parametrize("command", [[], ["run"], ["demo"], ["cameras"], ["models"], ["models", "install"]])
def test_every_command_has_help(command: list[str], tmp_path: Path) -> None:
    result = command_line.livecam(*command, "--help", cwd=tmp_path)
    assert result.returncode == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "demo", "--rate", "fast"], ["rate", "fast"]),
        (["run", "demo", "--rate", "-3"], ["rate", "-3", "greater than 0"]),
        (["run", "demo", "--nonsense"], ["--nonsense"]),
        (["run", "demo", "--detector", "guess"], ["detector", "guess", "on-device"]),
        (["run", "rtsp://u:hunter2@cam/1"], ["stream", "demo"]),
        (["fly"], ["fly"]),
    ],
)
def test_bad_usage_is_named_and_exits_with_2(arguments: list[str], words: list[str], tmp_path: Path) -> None:
    result = command_line.livecam(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    for word in words:
        assert word in result.stderr
    for unwanted in ("Traceback", "hunter2"):
        assert unwanted not in result.stderr
    assert result.stdout == ""


def test_a_failure_is_one_line_and_exits_with_1(tmp_path: Path) -> None:
    result = command_line.livecam("run", "nowhere.mp4", "--detector", "none", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "livecam: no such file: nowhere.mp4 (`livecam cameras` lists cameras, `livecam run demo` needs none)"
    ]


def test_debug_shows_where_it_came_from(tmp_path: Path) -> None:
    result = command_line.livecam("run", "nowhere.mp4", "--detector", "none", "--debug", cwd=tmp_path)
    assert result.returncode == 1
    assert "Traceback" in result.stderr
