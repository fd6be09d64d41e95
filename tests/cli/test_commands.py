from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import livecam
from livecam.config.settings import choices
from livecam.config.values import DETECTORS
from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


def test_version_is_printed(tmp_path: Path) -> None:
    result = command_line.livecam("--version", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, f"livecam {livecam.__version__}\n")


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["run"],
        ["record"],
        ["demo"],
        ["cameras"],
        ["models"],
        ["models", "install"],
        ["config"],
        ["config", "show"],
        ["consent"],
        ["consent", "revoke"],
        ["bench"],
        ["bench", "overlay"],
        ["doctor"],
        ["local-aws"],
    ],
)
def test_every_command_has_help(command: list[str], tmp_path: Path) -> None:
    result = command_line.livecam(*command, "--help", cwd=tmp_path)
    assert result.returncode == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize("command", [[], ["models"], ["config"], ["consent"], ["bench"]])
def test_a_command_that_is_only_begun_shows_its_help(command: list[str], tmp_path: Path) -> None:
    result = command_line.livecam(*command, cwd=tmp_path)
    assert result.returncode == 2
    assert "Usage:" in result.stdout + result.stderr


def test_what_typer_repeats_of_a_command_line_holds_no_secret(tmp_path: Path) -> None:
    result = command_line.livecam("run", "0", "rtsp://u:hunter2@cam/1?pw=hunter2", cwd=tmp_path)
    assert result.returncode == 2
    assert "unexpected extra argument" in result.stderr
    assert "hunter2" not in result.stderr


def completed(line: str, tmp_path: Path) -> list[str]:
    """Return what bash would be offered behind `line`."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_LIVECAM_COMPLETE": "complete_bash"}
    # As the installed script does it: the variable's name comes from the program's.
    code = (
        "import atexit, sys; sys.argv[0] = 'livecam'\n"
        "heavy = {'cv2', 'av', 'numpy', 'livecam.config', 'rich'}\n"
        "atexit.register(lambda: print(*(heavy & set(sys.modules)), file=sys.stderr))\n"
        "from livecam.cli.app import main; main()"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | words,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stderr.strip() == ""
    return said.stdout.split()


def test_the_shell_completes_commands_and_values_without_loading_anything_heavy(tmp_path: Path) -> None:
    assert completed("livecam con", tmp_path) == ["config", "consent"]
    assert completed("livecam run --detector ", tmp_path)[:4] == list(DETECTORS)
    assert completed("livecam run --detector on", tmp_path)[:1] == ["on-device"]
    assert completed("livecam run --view ", tmp_path) == list(choices("view"))
    assert "--webhook-events" in completed("livecam run --we", tmp_path)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_printed(shell: str, tmp_path: Path) -> None:
    env = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    result = command_line.livecam("--show-completion", shell, cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    assert f"complete_{shell}" in result.stdout


def test_completion_installs_into_the_users_own_folder(tmp_path: Path) -> None:
    env = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1", "HOME": str(tmp_path)}
    result = command_line.livecam("--install-completion", "bash", cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    assert list((tmp_path / ".bash_completions").iterdir())
