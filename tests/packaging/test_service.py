"""The systemd unit, read by systemd's own linters and by livecam's own command line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from livecam.config import Settings, load_settings, settings_file
from livecam.pipeline.foreground import EXIT_CODES
from tests.packaging.command_lines import parse
from tests.requirements import skip_unless

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "packaging" / "livecam.service"
EXAMPLE = ROOT / "packaging" / "livecam.env.example"
INSTALLED = "/opt/livecam/bin/livecam"
MOST_EXPOSURE = 20
"""Tenths of systemd's exposure level; 0 is nothing allowed, 100 is everything."""


def values(key: str) -> list[str]:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    return [value for found, _, value in (line.partition("=") for line in lines) if found == key]


def example_settings() -> dict[str, str]:
    """Return the variables that the example file offers, commented out or not."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    offered = [line.removeprefix("#") for line in lines if line.removeprefix("#").startswith("LIVECAM_")]
    return dict(line.split("=", 1) for line in offered)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Return a copy that names a command which is there: the linter looks for it."""
    text = UNIT.read_text(encoding="utf-8")
    assert f"ExecStart={INSTALLED} " in text
    copy = tmp_path / UNIT.name
    copy.write_text(text.replace(INSTALLED, sys.executable), encoding="utf-8")
    return copy


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    skip_unless(program is not None, "systemd-analyze is not installed (Debian: systemd)")
    return subprocess.run(
        [program or "", "--no-pager", *arguments], capture_output=True, text=True, check=False
    )


def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path) -> None:
    result = analyze("verify", unit)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_systemd_rates_the_unit_as_locked_down(unit: Path) -> None:
    result = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE}", unit)
    assert result.returncode == 0, (result.stdout + result.stderr)[-3000:]


def test_the_unit_starts_a_run_that_waits_for_its_camera() -> None:
    (command,) = values("ExecStart")
    parameters = parse(command.split()[1:])
    assert parameters["view"] == "none"
    assert parameters["wait"] is True


def test_the_exit_codes_of_a_stopped_run_are_no_failure() -> None:
    assert set(values("SuccessExitStatus")) == {" ".join(map(str, sorted(EXIT_CODES.values())))}


def test_a_usage_error_is_not_tried_again() -> None:
    assert values("Restart") == ["on-failure"]
    assert values("RestartPreventExitStatus") == ["2"]


def test_the_unit_s_settings_are_in_etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skip_unless(sys.platform == "linux", "the unit is for Linux")
    monkeypatch.chdir(tmp_path)
    for pair in values("Environment")[0].split():
        monkeypatch.setenv(*pair.split("=", 1))
    assert settings_file.candidates()[1] == Path("/etc/livecam/livecam.toml")


def test_every_variable_of_the_example_is_a_setting_with_a_value_that_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    offered = example_settings()
    assert offered
    for name, value in offered.items():
        assert name.removeprefix("LIVECAM_").lower() in Settings.model_fields
        monkeypatch.setenv(name, value)
    settings = load_settings({})
    assert settings.source == offered["LIVECAM_SOURCE"]


def test_the_example_sets_nothing_until_it_is_edited() -> None:
    assert all(line.startswith("#") for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line)
