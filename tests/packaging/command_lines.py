"""Command lines in files that are not Python: would livecam take them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from livecam.cli.commands import app

if TYPE_CHECKING:
    from collections.abc import Sequence


def parse(arguments: Sequence[str]) -> dict[str, Any]:
    """Return the parameters that `livecam ARGUMENTS` would run with.

    Raises:
        Exception: a command, flag or value that livecam does not have.
    """
    group: Any = typer.main.get_command(app)  # typer's own click has no public types
    name, *rest = arguments
    with group.commands[name].make_context(name, list(rest)) as context:
        return dict(context.params)
