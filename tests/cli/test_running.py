from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests import command_line

if TYPE_CHECKING:
    from pathlib import Path


def test_missing_models_end_the_run_with_the_line_to_run(tmp_path: Path) -> None:
    env = {"LIVECAM_MODELS": str(tmp_path / "nowhere")}
    result = command_line.livecam("run", "demo", "--detector", "on-device", cwd=tmp_path, env=env)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "run: livecam models install" in result.stderr


def test_an_output_that_cannot_be_written_ends_the_run_before_it_starts(tmp_path: Path) -> None:
    result = command_line.livecam("run", "demo", "--detector", "none", "--output", "no/o.mp4", cwd=tmp_path)
    assert result.returncode == 1
    assert "no/o.mp4 cannot be written" in result.stderr.splitlines()[-1]


def test_settings_may_come_from_the_environment(tmp_path: Path) -> None:
    env = {"LIVECAM_SOURCE": "demo", "LIVECAM_DETECTOR": "none", "LIVECAM_DURATION": "0.2"}
    result = command_line.livecam("run", "--json", cwd=tmp_path, env=env)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["frames"]["displayed"] > 0
