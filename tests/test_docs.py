"""The docs say what the program says: every command and flag is described, every default is the real one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from livecam.cli.app import app
from livecam.config import Settings

ROOT = Path(__file__).resolve().parents[1]


def leaves(command: Any, name: str = "") -> dict[str, Any]:  # noqa: ANN401  typer's own click has no public types
    """Return the commands that do something, by their names."""
    if not hasattr(command, "commands"):
        return {name: command}
    found: dict[str, Any] = {}
    for sub, subcommand in command.commands.items():
        found |= leaves(subcommand, f"{name} {sub}".strip())
    return found


COMMANDS = leaves(typer.main.get_command(app))
DOCS = "\n".join(
    path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
)


def test_there_are_commands_to_compare() -> None:
    assert {"run", "demo", "cameras", "models install", "models verify"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_docs(name: str) -> None:
    assert f"livecam {name}" in DOCS


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_a_flag_in_the_docs(name: str) -> None:
    flag = "SOURCE" if name == "source" else f"--{name.replace('_', '-')}"
    assert flag in DOCS


def help_of(name: str) -> str:
    parameter = next(param for param in COMMANDS["run"].params if param.name == name)
    return str(getattr(parameter, "help", "") or "")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_help_that_tells_its_real_default(name: str) -> None:
    text = help_of(name)
    assert text
    told = re.search(r"\(default: (.+?)\)$", text)
    default = Settings.model_fields[name].default
    if default is None or default is False:
        assert not told or told[1] in ("on-device 10", "no end")
    else:
        assert told
        value = "x".join(map(str, default)) if isinstance(default, tuple) else default
        assert told[1] == (f"{value:g}" if isinstance(value, float) else value)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", DOCS))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert any((folder / link).exists() for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "decisions"))
