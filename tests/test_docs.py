"""The docs say what the program says: every command and flag is described, every default is the real one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from livecam.cli.commands import app
from livecam.config import Settings
from livecam.config.settings import WITHOUT_FLAG, flag
from livecam.config.written import variable

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


WORDS_FOR_NO_DEFAULT = (
    "Rekognition 2, on-device 10",
    "no end",
    "everywhere",
    "cameras on, all else off",
    "smart for paid calls, else every",
)


def test_there_are_commands_to_compare() -> None:
    assert {"run", "demo", "cameras", "models install", "config init", "config show"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_docs(name: str) -> None:
    assert f"livecam {name}" in DOCS


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_docs(name: str) -> None:
    assert (variable(name) if name in WITHOUT_FLAG else flag(name)) in DOCS


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - WITHOUT_FLAG))
def test_every_setting_is_a_flag_whose_help_tells_its_real_default(name: str) -> None:
    parameter = next(param for param in COMMANDS["run"].params if param.name == name)
    assert flag(name) in (*parameter.opts, "SOURCE")
    text = str(getattr(parameter, "help", "") or "")
    assert text
    told = re.search(r"\(default: (.+?)\)$", text)
    default = Settings.model_fields[name].default
    if default in (None, False, ()):
        assert not told or told[1] in WORDS_FOR_NO_DEFAULT
    else:
        assert told
        assert told[1] == as_text(name, default)


@pytest.mark.parametrize("name", WITHOUT_FLAG)
def test_a_setting_without_a_flag_has_none(name: str) -> None:
    assert name not in [param.name for param in COMMANDS["run"].params]


def as_text(name: str, default: object) -> str:
    """Return a default as the help spells it."""
    if name == "size":
        return "x".join(map(str, Settings().size))
    if name == "keep_free":
        return f"{Settings().keep_free // 10**6}MB"
    if isinstance(default, tuple):
        return ", ".join(default)
    return f"{default:g}" if isinstance(default, float) else str(default)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", DOCS))))
def test_every_link_leads_somewhere(link: str) -> None:
    assert any((folder / link).exists() for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "decisions"))
