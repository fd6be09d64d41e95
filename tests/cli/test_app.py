from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from livecam.cli.app import without_secrets
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "demo", "--rate", "fast"], ["--rate 'fast'", "give a number"]),
        (["run", "demo", "--rate", "-3"], ["--rate '-3'", "0 (excluded)"]),
        (["run", "demo", "--nonsense"], ["--nonsense"]),
        (["run", "demo", "--detector", "guess"], ["--detector 'guess'", "on-device"]),
        (["run", "demo", "--mask", "0,0,1,1", "--mask", "1,2"], ["--mask ['0,0,1,1', '1,2']", "LEFT,TOP"]),
        (["run", "rtsp://u:hunter2@cam/1", "--rate", "x", "--webhook", "hunter2"], ["--rate", "https://"]),
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


def test_debug_shows_where_it_came_from_and_the_same_line_and_code(tmp_path: Path) -> None:
    (tmp_path / "livecam.toml").write_text("rat = 1\n")
    plain = command_line.livecam("run", "demo", cwd=tmp_path)
    debug = command_line.livecam("run", "demo", "--debug", cwd=tmp_path)
    assert plain.returncode == debug.returncode == 2
    assert debug.stderr.startswith("Traceback")
    assert debug.stderr.endswith(plain.stderr)


def start(code: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run Python that comes to call the entry."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=command_line.environment(cwd),
        capture_output=True,
        text=True,
        timeout=command_line.TIMEOUT,
        check=False,
    )


def test_a_traceback_holds_no_secret(tmp_path: Path) -> None:
    code = (
        "import sys; from livecam.cli import commands\n"
        "def fail(**_): raise RuntimeError(sys.argv[1] + ' is gone')\n"
        "commands.app = fail\n"
        "from livecam.cli.app import main; main()"
    )
    result = start(code, "rtsp://u:hunter2@cam/1?pw=hunter2", "--debug", cwd=tmp_path)
    assert result.returncode == 1
    assert "Traceback" in result.stderr
    assert "RuntimeError: rtsp://cam/1" in result.stderr
    assert "livecam: internal error: RuntimeError: rtsp://cam/1" in result.stderr
    assert "hunter2" not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_commands_are_still_loading_ends_it_without_a_word(
    number: signal.Signals, tmp_path: Path
) -> None:
    code = (
        "import os, sys\n"
        "class Interrupter:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == 'typer': os.kill(os.getpid(), {int(number)})\n"
        "sys.meta_path.insert(0, Interrupter())\n"
        "from livecam.cli.app import main; main()"
    )
    result = start(code, "--help", cwd=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (128 + number, "", "")


def test_addresses_in_a_message_lose_their_secrets() -> None:
    said = without_secrets("'rtsp://u:p@ss@cam/1?t=x' and HTTPS://h/x?key=y failed; see config.toml")
    assert said == "'rtsp://cam/1' and https://h/x failed; see config.toml"


@pytest.mark.parametrize(
    "arguments",
    [
        ["clips", "upload"],
        ["clips", "analyze"],
        ["models", "install"],
        ["bench", "image", "a.jpg"],
        ["bench", "latency"],
        ["run", "demo", "--detector", "rekognition"],
    ],
)
def test_local_only_holds_for_every_command(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "livecam.toml").write_text("# mine\nlocal_only = true\n")
    result = command_line.livecam(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.endswith(" needs a connection, and local-only is set (by livecam.toml, line 2)\n"), (
        result.stderr
    )


def test_where_it_cannot_be_known_whether_local_only_is_set_nothing_goes_out(tmp_path: Path) -> None:
    result = command_line.livecam("models", "install", cwd=tmp_path, env={"LIVECAM_LOCAL_ONLY": "perhaps"})
    assert result.returncode == 2
    assert "to be on the safe side: LIVECAM_LOCAL_ONLY = 'perhaps' cannot be used" in result.stderr
